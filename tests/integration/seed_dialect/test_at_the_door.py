"""Who is let in, and errors that come from before or beneath the routes: all in the old shape."""

from dataclasses import replace

import pytest

from tests.support.seed import OldClient, OldCompany, refused

ROUTES = (
    ("GET", "/invoices"),
    ("POST", "/invoices"),
    ("GET", "/invoices/1"),
    ("PUT", "/invoices/1"),
    ("DELETE", "/invoices/1"),
    ("DELETE", "/delete/invoices/1"),
    ("GET", "/invoices/search/x"),
    ("GET", "/invoices/search"),
    *((method, f"/{kind}") for kind in ("payments", "credit_notes", "customers") for method in ("GET", "POST")),
    *(
        (method, f"/{kind}/1")
        for kind in ("payments", "credit_notes", "customers")
        for method in ("GET", "PUT", "DELETE")
    ),
    *(
        (method, path.format(kind))
        for kind in ("payments", "credit_notes", "customers")
        for method, path in (("GET", "/{}/search"), ("GET", "/{}/search/x"), ("DELETE", "/delete/{}/1"))
    ),
    ("POST", "/credit_notes/1/apply"),
    ("POST", "/credit_notes/1/refund"),
    ("GET", "/common/tax_data"),
)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_gets_in_without_a_token(old: OldCompany, method: str, path: str) -> None:
    stranger = OldClient(old.clerk.client)
    token = old.clerk.headers["authtoken"]
    for answer in (stranger.ask(method, path), stranger.ask(method, path, query=f"authtoken={token}&api_key={token}")):
        assert refused(answer, 401)["message"] == "Token is not defined."
        assert answer.headers["www-authenticate"].startswith("Bearer")
    bad = replace(stranger, headers={"authtoken": token[:-1] + ("A" if token[-1] != "A" else "B")})
    assert "not valid" in refused(bad.ask(method, path), 401)["message"]


@pytest.mark.parametrize("name", ["authtoken", "AuthToken", "AUTHTOKEN"])
def test_the_header_may_be_written_in_any_case(old: OldCompany, name: str) -> None:
    client = OldClient(old.clerk.client, {name: old.clerk.headers["authtoken"]})
    assert client.get("/invoices").status_code == 200


def test_a_bearer_token_is_taken_too(old: OldCompany) -> None:
    client = OldClient(old.clerk.client, {"Authorization": f"Bearer {old.clerk.headers['authtoken']}"})
    assert client.get("/invoices").status_code == 200


def test_a_token_without_the_permission_is_refused_in_the_original_words(old: OldCompany) -> None:
    record_id = old.add()
    auditor, sales, bi = old.person("auditor"), old.person("sales"), old.person("bi")
    for answer in (
        auditor.form("POST", "/invoices", old.fields()),
        auditor.form("PUT", f"/invoices/{record_id}", {"terms": "x"}),
        auditor.delete(f"/invoices/{record_id}"),
        sales.form("POST", "/invoices", old.fields(save_and_send="1")),
        bi.get(f"/invoices/{record_id}"),
    ):
        assert refused(answer, 403)["message"] == (
            "Your API token does not have the necessay permissions for the requested operation"
        )
    assert sales.form("POST", "/invoices", old.fields()).status_code == 201
    assert bi.get("/invoices").status_code == 200


def test_a_method_that_a_path_does_not_have_is_unknown(old: OldCompany) -> None:
    for method, path in (("DELETE", "/invoices"), ("POST", "/invoices/1"), ("PATCH", "/invoices/1")):
        answer = old.clerk.ask(method, path)
        assert refused(answer, 405)["message"] == "Unknown method"
        assert answer.headers["allow"]


def test_a_path_that_does_not_exist_is_answered_in_the_old_shape(old: OldCompany) -> None:
    for path in ("/estimates", "/invoices/1/x", ""):
        refused(old.clerk.get(path), 404)


def test_the_native_face_keeps_its_own_problems(old: OldCompany) -> None:
    for path in ("/v1/nothing", "/v1/invoices/99", "/v1"):
        answer = old.clerk.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_an_unexpected_error_tells_nothing_of_the_inside(old: OldCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("api.seed_dialect.resources.structure_of", broken)
    answer = old.clerk.form("POST", "/invoices", old.fields())
    assert "secret" not in answer.text
    refused(answer, 500)

"""If-Match guards against changes unseen, Izvor-After lets clients read their own writes from lists."""

import psycopg
import pytest

from api import doors
from deploy.postgres.embedded import EmbeddedPostgres
from projections.rebuild import rebuild
from tests.support.databases import fresh_database
from tests.support.house import Company, good, line, open_house, refused


def test_a_stale_version_is_refused_and_the_new_one_taken(company: Company) -> None:
    draft = company.draft()
    path = f"/invoices/{draft['id']}"
    stale = f'"{draft["version"]}"'
    fresh = company.admin.patch(path, {"notes": "first"}, match=stale).headers["etag"]
    problem = refused(company.admin.patch(path, {"notes": "second"}, match=stale), 412, "version_conflict")
    assert problem["facts"] == {"version": 3, "expected": 2}
    assert good(company.admin.get(path))["notes"] == "first"
    assert good(company.admin.patch(path, {"notes": "second"}, match=fresh))["notes"] == "second"


def test_every_kind_of_write_minds_the_version(company: Company) -> None:
    admin = company.admin
    today = company.today.isoformat()
    invoice = company.sent()
    here = f"/invoices/{invoice['id']}"
    draft = f"/invoices/{company.draft()['id']}"
    paid = company.pay(invoice, "1.00")
    payment = f"/payments/{paid['payments'][0]['payment_id']}"
    stale = {"match": '"99"'}
    money = {"amount": "1.00", "date": today}
    for answer in (
        admin.post(f"{here}/payments", money, **stale),
        admin.post(f"{here}/credit-notes", {"full": True, "reason": "x"}, **stale),
        admin.put(f"{here}/reminders/hold", **stale),
        admin.post(f"{draft}/send", **stale),
        admin.post(f"{draft}/lines", line(), **stale),
        admin.patch(f"{draft}/lines/1", {"quantity": "3"}, **stale),
        admin.delete(f"{draft}/lines/1", **stale),
        admin.delete(draft, **stale),
        admin.post(f"{payment}/reversal", {"date": today, "reason": "x"}, **stale),
        admin.patch(f"/customers/{invoice['customer']['id']}", {"name": "x"}, **stale),
        admin.patch("/organization", {"name": "x"}, **stale),
        admin.post("/invoices", {"customer": {"name": "Ana"}}, **stale),
    ):
        refused(answer, 412, "version_conflict")
    assert good(admin.get(here)) == paid
    good(admin.post(f"{here}/payments", money, match=f'"{paid["version"]}"'), 201)


def test_a_stale_version_is_told_before_what_the_new_one_forbids(company: Company) -> None:
    draft = company.draft()
    path, stale = f"/invoices/{draft['id']}", f'"{draft["version"]}"'
    good(company.admin.post(f"{path}/send"))
    refused(company.admin.patch(path, {"notes": "x"}, match=stale), 412, "version_conflict")
    refused(company.admin.patch(path, {"notes": "x"}), 409, "invoice_already_sent")


def test_any_version_may_be_asked_for(company: Company) -> None:
    good(company.admin.patch(f"/invoices/{company.draft()['id']}", {"notes": "x"}, match="*"))


@pytest.mark.parametrize("tag", ["9", 'W/"9"', '"a"', '""', '"1", "2"', '"-1"', '"' + "9" * 19 + '"', '"１"'])
def test_a_version_that_is_none_is_refused(company: Company, tag: str) -> None:
    tag = tag.encode().decode("latin-1")
    path = f"/invoices/{company.draft()['id']}"
    refused(company.admin.patch(path, {"notes": "x"}, match=tag), 400, "bad_request")


def test_a_list_read_after_a_command_shows_it(company: Company) -> None:
    for number in range(1, 11):
        answer = company.admin.post("/invoices", {"customer": {"name": f"Ana {number}"}})
        position = answer.headers["izvor-position"]
        listed = good(company.admin.get("/invoices", after=position))
        assert [one["reference"] for one in listed["data"]] == list(range(number, 0, -1))
        named = good(company.admin.get("/customers", after=position))
        assert len(named["data"]) == number


@pytest.mark.parametrize("after", ["-1", "1.0", "x", "", "９", "9" * 19, "0x1"])
def test_a_position_that_is_none_is_refused(company: Company, after: str) -> None:
    after = after.encode().decode("latin-1")
    refused(company.admin.get("/invoices", after=after), 400, "bad_request")


def test_waiting_for_lists_that_stand_still_ends(template: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "WAIT_SECONDS", 0.05)
    with fresh_database(template) as database, open_house(database, projecting=False) as house:
        still = house.company()
        for path in ("/invoices", "/customers", "/payments", "/credit-notes", "/reports/aging"):
            answer = still.admin.get(path, after="1")
            refused(answer, 503, "read_model_behind")
            assert answer.headers["retry-after"] == "1"


def test_a_position_that_nothing_has_reached_is_not_waited_for(company: Company) -> None:
    for path in ("/invoices", "/reports/aging"):
        refused(company.admin.get(path, after=str(10**15)), 422, "position_unknown")


def test_documents_are_never_behind_even_without_read_models(template: EmbeddedPostgres) -> None:
    with fresh_database(template) as database, open_house(database, projecting=False) as house:
        company = house.company()
        invoice = company.sent()
        assert good(company.admin.get(f"/invoices/{invoice['id']}")) == invoice
        assert good(company.admin.get("/invoices"))["data"] == []


def test_lists_of_another_version_are_said_to_be_behind_until_they_are_rebuilt(template: EmbeddedPostgres) -> None:
    with fresh_database(template) as database, open_house(database, projecting=False) as house:
        reader = house.company().admin
        with psycopg.connect(database) as connection:
            connection.execute("DROP TABLE read.invoice_word")
        refused(reader.get("/search/invoices", "q=apa"), 500, "internal")  # nobody knows why
        with psycopg.connect(database) as connection:
            connection.execute("UPDATE read.position SET shape = 'of old' WHERE model = 'invoice_search'")
        answer = refused(reader.get("/search/invoices", "q=apa"), 503, "read_model_behind")
        assert "invoice_search" in answer["detail"]
        good(reader.get("/customers"))
        assert list(rebuild(database))[-1].switched
        assert good(reader.get("/search/invoices", "q=apa"))["data"] == []

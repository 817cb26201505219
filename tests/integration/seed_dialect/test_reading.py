"""Reading one, listing and searching: the columns, the codes and the shapes that old clients know."""

import pytest

from tests.support.house import Company, good, line
from tests.support.seed import OldCompany, refused


def test_one_invoice_has_the_original_columns_as_texts(old: OldCompany) -> None:
    invoice = old.one(old.add(save_and_send="1", duedate="2026-11-20", **{"newitems[0][long_description]": "etapa 1"}))
    texts = {name: value for name, value in invoice.items() if not isinstance(value, list | dict | bool)}
    assert all(value is None or isinstance(value, str) for value in texts.values())
    expected = {
        "id": "1",
        "sent": "1",
        "clientid": old.clientid,
        "number": "1",
        "prefix": "IZV",
        "formatted_number": "IZV000001",
        "date": "2026-11-02",
        "duedate": "2026-11-20",
        "currency": "1",
        "currency_name": "RON",
        "subtotal": "200.00",
        "total_tax": "42.00",
        "total": "242.00",
        "total_left_to_pay": "242.00",
        "adjustment": "0.00",
        "discount_percent": "0.00",
        "discount_total": "0.00",
        "billing_street": "Str. Fabricii 12",
        "billing_country": "142",
        "cancel_overdue_reminders": "0",
        "recurring": "0",
        "status": "4",
    }
    assert {name: invoice[name] for name in expected} == expected
    assert len(invoice["datecreated"]) == len("2026-11-24 08:00:00")
    assert invoice["items"] == [
        {
            "id": "1",
            "itemid": "1",
            "rel_id": "1",
            "rel_type": "invoice",
            "description": "Consultanță tehnică",
            "long_description": "etapa 1",
            "qty": "2.00",
            "rate": "100.00",
            "unit": "",
            "item_order": "1",
            "is_optional": "0",
            "is_selected": "1",
            "taxes": [
                {
                    "itemid": "1",
                    "rel_id": "1",
                    "rel_type": "invoice",
                    "taxrate": "21.00",
                    "taxname": "TVA|21.00",
                }
            ],
            "customfields": [],
        }
    ]
    assert invoice["client"]["userid"] == old.clientid
    assert invoice["client"]["company"] == "Atelierul Ștefănescu SRL"
    assert invoice["client"]["vat"] == "RO18547290"
    assert invoice["client"]["phonenumber"] == "+40 264 123 456"
    assert (invoice["payments"], invoice["attachments"], invoice["scheduled_email"]) == ([], [], None)


def every_status(old: OldCompany) -> dict[str, str]:
    """One invoice in each status: code to id."""
    company: Company = old.company
    customer = {"customer_id": old.clientid}
    late = {"issue_date": company.days_ago(40), "payment_terms_days": 10, **customer}
    overdue, partial = company.sent(**late), company.sent(**late)
    unpaid, paid, credited = company.sent(**customer), company.sent(**customer), company.sent(**customer)
    draft = company.draft(**customer)
    company.pay(partial, "100.00")
    company.pay(paid, "242.00")
    company.credit(credited)
    found = {"4": overdue, "3": partial, "1": unpaid, "2": paid, "5": credited, "6": draft}
    return {code: str(invoice["reference"]) for code, invoice in found.items()}


def test_status_codes_are_what_users_know_them_by(old: OldCompany) -> None:
    by_code = every_status(old)
    for code, record_id in by_code.items():
        assert old.one(int(record_id))["status"] == code
        old.clerk.form("PUT", f"/invoices/{old.add()}", {"terms": "the lists are up to date now"})
        listed = [row["id"] for row in old.clerk.get("/invoices", f"status={code}").json]
        assert (record_id in listed) if code == "6" else (listed == [record_id])
    both = old.clerk.get("/invoices", "status=1,4&sort=-id").json
    assert {row["id"] for row in both} == {by_code["1"], by_code["4"]}
    assert refused(old.clerk.get("/invoices", "status=7"), 422)["errors"].keys() == {"status"}


def test_payments_are_listed_and_what_is_left_goes_down(old: OldCompany) -> None:
    record_id = old.add(save_and_send="1")
    body = {"amount": "100.00", "date": "2026-11-10", "method": "bank_transfer", "reference": "OP 12"}
    good(old.company.admin.post(f"/invoices/{record_id}/payments", body), 201)
    invoice = old.one(record_id)
    assert (invoice["status"], invoice["total_left_to_pay"]) == ("3", "142.00")
    assert invoice["payments"] == [
        {
            "id": "1",
            "paymentid": "1",
            "invoiceid": str(record_id),
            "amount": "100.00",
            "paymentmode": "1",
            "paymentmethod": "bank_transfer",
            "name": "Transfer bancar",
            "date": "2026-11-10",
            "note": "",
            "transactionid": "OP 12",
        }
    ]


def test_a_list_is_a_plain_array_in_the_order_of_ids(old: OldCompany) -> None:
    ids = [str(old.add(clientnote=f"nr. {n}")) for n in range(3)]
    rows = old.clerk.get("/invoices").json
    assert [row["id"] for row in rows] == ids
    one = old.one(1)
    for name in ("items", "client", "payments", "attachments", "visible_attachments_to_customer_found"):
        del one[name]
    del one["scheduled_email"]
    assert rows[0] == one
    assert [row["id"] for row in old.clerk.get("/invoices", "limit=1").json] == ids


@pytest.mark.parametrize("query", ["page=2&per_page=2", "nr_page=2&per_page=2", "page=2&limit=2", "page=9&per_page=2"])
def test_any_word_for_a_page_puts_the_list_into_an_envelope(old: OldCompany, query: str) -> None:
    for _ in range(3):
        old.add()
    answer = old.clerk.get("/invoices", query).json
    assert [row["id"] for row in answer["data"]] == ["3"]
    assert answer["meta"] == {
        "page": 2,
        "per_page": 2,
        "total": 3,
        "total_pages": 2,
        "has_more": False,
        "current_page": 2,
        "last_page": 2,
    }


def test_an_empty_list_is_empty_and_not_an_error(old: OldCompany) -> None:
    assert (old.clerk.get("/invoices").status_code, old.clerk.get("/invoices").json) == (200, [])
    page = old.clerk.get("/invoices", "page=1").json
    assert (page["data"], page["meta"]["total"], page["meta"]["last_page"]) == ([], 0, 1)
    assert old.clerk.get("/invoices/search/nimic").json == []


def test_lists_are_sorted_and_cut_to_fields(old: OldCompany) -> None:
    old.add(date="2026-11-02")
    old.add(date="2026-11-03", **{"newitems[0][qty]": "1"})
    old.add(date="2026-11-03")
    rows = old.clerk.get("/invoices", "sort=-date,total&fields=total,date").json
    assert rows == [
        {"id": "2", "date": "2026-11-03", "total": "121.00"},
        {"id": "3", "date": "2026-11-03", "total": "242.00"},
        {"id": "1", "date": "2026-11-02", "total": "242.00"},
    ]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("sort=hash", "sort"),
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=1&per_page=101", "per_page"),
        ("created_after=yesterday", "created_after"),
        ("clientid=x", "clientid"),
        ("page=1&page=2", "page"),
    ],
)
def test_a_parameter_that_cannot_be_taken_is_named(old: OldCompany, query: str, named: str) -> None:
    body = refused(old.clerk.get("/invoices", query), 422)
    assert body["error"] == "validation_failed"
    assert list(body["errors"]) == [named]


def test_what_is_not_there_is_told_as_by_the_original(old: OldCompany) -> None:
    nothing = {"status": False, "message": "No data were found", "code": "not_found"}
    for client, path in ((old.clerk, "/invoices/4711"), (old.compatible(), "/invoices/search/x")):
        assert refused(client.get(path), 404) == nothing  # a client that looks at `error` has no form to mend


def test_lists_are_filtered_by_client_and_by_day_of_creation(old: OldCompany) -> None:
    old.add()
    today, tomorrow = old.company.days_ago(0), old.company.days_ago(-1)
    assert len(old.clerk.get("/invoices", f"clientid={old.clientid}&created_after={today}").json) == 1
    assert len(old.clerk.get("/invoices", f"date_from={today}&date_to={today}").json) == 1
    assert old.clerk.get("/invoices", f"created_after={tomorrow}").json == []
    assert old.clerk.get("/invoices", f"date_to={old.company.days_ago(1)}").json == []
    assert old.clerk.get("/invoices", "clientid=99").json == []


def test_a_search_for_many_pieces_of_many_words_is_answered(old: OldCompany) -> None:
    letters = "abcdefghijklmnop"
    old.add(clientnote=" ".join(f"ser{one}{other}vantesimilar" for one in letters for other in letters[:12]))
    for fragments in (".".join(["ser"] * 14), "ser.ant.sim.lar"):
        term = " ".join(f"{fragments}.{letter}" for letter in letters)
        assert old.clerk.get("/invoices/search", f"q={term}").status_code == 200


@pytest.mark.parametrize(
    "term", ["stefanescu", "Ștefănescu", "fanesc", "Consultanță", "RO18547290", "Fabricii", "IZV000002", "IZV2"]
)
def test_a_search_finds_words_anywhere_and_numbers_with_or_without_prefix(old: OldCompany, term: str) -> None:
    other = old.company.customer("Altul SRL")
    elsewhere = {"clientid": str(other["reference"]), "billing_street": "Strada Mare", "save_and_send": "1"}
    old.add(**elsewhere, **{"newitems[0][description]": "Transport"})
    record_id = old.add(save_and_send="1")
    rows = old.clerk.get(f"/invoices/search/{term}").json
    assert [row["invoiceid"] for row in rows] == [str(record_id)]
    assert rows[0]["company"] == "Atelierul Ștefănescu SRL"
    assert [row["id"] for row in old.clerk.get("/invoices/search", f"q={term}").json] == [str(record_id)]
    assert "items" not in rows[0]


def test_a_search_takes_the_term_as_it_is(old: OldCompany) -> None:
    old.add(clientnote="reducere 100% / 2026")
    assert len(old.clerk.get("/invoices/search", "query=100%25").json) == 1
    assert len(old.clerk.get("/invoices/search/100% / 2026").json) == 1
    assert old.clerk.get("/invoices/search", "q=' OR 1=1 --").json == []
    for path, query in (("/invoices/search", None), ("/invoices/search", "q=%20")):
        assert refused(old.clerk.get(path, query), 400)["message"].startswith("Search term is required.")
    refused(old.clerk.get("/invoices/search", "q=%23"), 422)


def test_newest_numbers_come_first_in_a_search(old: OldCompany) -> None:
    ids = [str(old.add(save_and_send="1")) for _ in range(3)]
    assert [row["id"] for row in old.clerk.get("/invoices/search/stefanescu").json] == ids[::-1]


def test_an_invoice_made_by_the_native_face_reads_the_same(old: OldCompany) -> None:
    native = old.company.draft(line(unit="KGM"), customer_id=old.clientid, currency="EUR", notes="n")
    good(old.company.admin.post(f"/invoices/{native['id']}/send", {"exchange": {"rate": "5.0912"}}))
    invoice = old.one(native["reference"])
    assert (invoice["formatted_number"], invoice["currency"], invoice["clientnote"]) == ("IZV000001", "978", "n")
    assert (invoice["items"][0]["unit"], invoice["allowed_payment_modes"]) == ("KGM", "a:0:{}")
    assert old.one(int(old.clerk.get(f"/invoices/{native['id']}").json["id"])) == invoice


def test_a_long_list_is_cut_and_says_so(old: OldCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.seed_dialect.paging.MOST_ROWS", 2)
    monkeypatch.setattr("api.seed_dialect.paging.ROWS_AT_ONCE", 2)
    for _ in range(3):
        old.add()
    answer = old.clerk.get("/invoices")
    assert [row["id"] for row in answer.json] == ["1", "2"]
    assert answer.headers["izvor-truncated"].startswith("2 rows")
    assert answer.headers["link"] == '</api/invoices?page=2&per_page=2>; rel="next"'


def test_another_companys_invoice_does_not_exist(old: OldCompany) -> None:
    record_id = old.add()
    native = good(old.company.admin.get(f"/invoices/{record_id}"))
    stranger = OldCompany(old.company.house.company(), "1").clerk
    for document in (str(record_id), native["id"]):
        refused(stranger.get(f"/invoices/{document}"), 404)
        refused(stranger.form("PUT", f"/invoices/{document}", {"terms": "x"}), 404)
        refused(stranger.delete(f"/invoices/{document}"), 404)
    assert stranger.get("/invoices").json == []
    assert stranger.get("/invoices/search/stefanescu").json == []


def test_a_tag_is_found_whole_and_in_any_case(old: OldCompany) -> None:
    urgent = str(old.add(tags="urgent, Proiect A"))
    both = str(old.add(tags="URGENT,alt", save_and_send="1"))
    old.add(clientnote="urgent", tags="urgenta")
    old.add()

    def found(tag: str) -> set[str]:
        return {row["id"] for row in old.clerk.get("/invoices/search", f"q=%23{tag}").json}

    assert found("urgent") == found("Urgent") == {urgent, both}
    assert found("proiect a") == {urgent}
    assert found("proiect") == found("%25") == set()
    assert [row["id"] for row in old.clerk.get("/invoices/search/%23alt").json] == [both]

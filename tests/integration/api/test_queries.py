"""Query strings: filters, sorting, pages; and everything that is none of them."""

from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from projections.keyset import to_cursor
from tests.support.house import Company, House, good, line, refused


@pytest.fixture(scope="module")
def shop(house: House) -> Company:
    """Two customers and seven invoices: drafts, sent, part-paid, paid, overdue, credited; a draft in euro."""
    company = house.company()
    one = company.customer("Atelierul de Mobilă Turda SRL", tax_id="RO18547290")["id"]
    two = company.customer("50%_off\\Ltd", kind="foreign")["id"]
    old = {"issue_date": company.days_ago(40), "due_date": company.days_ago(10)}
    company.sent(line("1", "10.00"), customer_id=one, **old)
    company.pay(company.sent(line("1", "20.00"), customer_id=one, **old), "5.00")
    company.pay(company.sent(line("1", "30.00"), customer_id=two, issue_date=company.days_ago(3)), "36.30")
    company.sent(line("1", "40.00"), customer_id=two, issue_date=company.days_ago(2))
    company.credit(company.sent(line("1", "50.00"), customer_id=two, notes="Înapoi"))
    company.draft(line("1", "60.00"), customer_id=one, currency="EUR")
    doomed = company.draft(line("1", "70.00"), customer_id=one)
    last = company.admin.delete(f"/invoices/{doomed['id']}")
    for path in ("/invoices", "/customers", "/payments", "/credit-notes", "/reports/aging"):
        good(company.admin.get(path, after=last.headers["izvor-position"]))
    return company


def references(shop: Company, query: str | None) -> list[int]:
    return [one["reference"] for one in good(shop.admin.get("/invoices", query))["data"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (None, [6, 5, 4, 3, 2, 1]),
        ("status=draft", [6]),
        ("status=overdue", [1]),
        ("status=partially_paid,paid", [3, 2]),
        ("status=sent", [4]),
        ("status=credited", [5]),
        ("overdue=true", [2, 1]),
        ("overdue=false&sort=reference", [3, 4, 5, 6]),
        ("customer_id=1", [6, 2, 1]),
        ("currency=EUR", [6]),
        ("number=IZV000003", [3]),
        ("q=turda", [6, 2, 1]),
        ("q=MOBILA+Turda", [6, 2, 1]),
        ("q=%25_", []),
        ("q=%5C", []),
        ("q=inapoi", [5]),
        ("q=nothing+like+it", []),
        ("q=%27%3B+DROP+TABLE+izvor.events%3B+--", []),
        ("total_min=24.20&total_max=48.40", [4, 3, 2]),
        ("efactura_status=none&status=draft", [6]),
        ("sort=-gross", [6, 5, 4, 3, 2, 1]),
        ("sort=due_date,-reference&overdue=true", [2, 1]),
        ("sort=customer_name,reference", [3, 4, 5, 1, 2, 6]),
        ("sort=-number&status=paid,overdue", [3, 1]),
        ("status=", [6, 5, 4, 3, 2, 1]),
    ],
)
def test_a_filter_finds_what_it_says(shop: Company, query: str | None, found: list[int]) -> None:
    assert references(shop, query) == found


def test_dates_are_inclusive(shop: Company) -> None:
    assert references(shop, f"issued_from={shop.days_ago(3)}&issued_to={shop.days_ago(2)}") == [4, 3]
    assert references(shop, f"due_from={shop.days_ago(10)}&due_to={shop.days_ago(10)}") == [2, 1]


def test_a_row_of_the_list_says_the_same_as_the_document(shop: Company) -> None:
    for row in good(shop.admin.get("/invoices"))["data"]:
        whole = good(shop.admin.get(f"/invoices/{row['id']}"))
        common = set(row) & set(whole)
        assert len(common) >= 15
        assert {name: row[name] for name in common} == {name: whole[name] for name in common}
        assert row["customer_id"] == whole["customer"]["id"]
        assert row["customer_name"] == whole["customer"]["name"]


@pytest.mark.parametrize(
    "sort", ["reference", "-reference", "number", "-due_date,number", "customer_name", "created_at", "gross,-balance"]
)
@pytest.mark.parametrize("limit", [1, 2, 4])
def test_pages_together_are_the_whole_list(shop: Company, sort: str, limit: int) -> None:
    whole = references(shop, f"sort={sort}")
    seen: list[int] = []
    query: str | None = f"sort={sort}&limit={limit}"
    while query is not None:
        answer = shop.admin.get("/invoices", query)
        page = good(answer)
        seen += [one["reference"] for one in page["data"]]
        assert page["has_more"] == (page["next"] is not None) == ("link" in answer.headers)
        query = None
        if page["has_more"]:
            target, _, relation = answer.headers["link"].partition("; ")
            assert relation == 'rel="next"'
            query = urlsplit(target.strip("<>")).query
            assert dict(parse_qsl(query))["after"] == page["next"]
    assert seen == whole


@pytest.mark.parametrize("path", ["/customers", "/payments", "/credit-notes"])
def test_other_lists_have_pages_too(shop: Company, path: str) -> None:
    whole = good(shop.admin.get(path))["data"]
    seen: list[Any] = []
    after = ""
    while True:
        page = good(shop.admin.get(path, f"limit=1{after}"))
        seen += page["data"]
        if not page["has_more"]:
            break
        after = f"&after={page['next']}"
    assert seen == whole
    assert whole


BAD: Final = [
    ("limit=0", "limit"),
    ("limit=101", "limit"),
    ("limit=1000000000", "limit"),
    ("limit=-1", "limit"),
    ("limit=x", "limit"),
    ("limit=", "limit"),
    ("limit=1.5", "limit"),
    ("limit=%EF%BC%91", "limit"),
    ("limit=99999999999999999999999", "limit"),
    ("per_page=5", "per_page"),
    ("limit=5&limit=5", "limit"),
    ("status=draft&status=sent", "status"),
    ("status=unknown", "status"),
    ("status=draft,", None),
    ("sort=secret", "sort"),
    ("sort=number%3Bdrop+table+x", "sort"),
    ("sort=number%27--", "sort"),
    ("sort=", None),
    ("sort=number,number", "sort"),
    ("sort=--number", "sort"),
    ("sort=+number", None),
    ("filter%5Ba%27+or+1%3D1--%5D=1", "filter[a' or 1=1--]"),
    ("currency=ron", "currency"),
    ("issued_from=yesterday", "issued_from"),
    ("issued_from=2026-02-30", "issued_from"),
    ("issued_to=2026-11-23T00:00:00Z", "issued_to"),
    ("total_min=1e3", "total_min"),
    ("total_max=-1", "total_max"),
    ("total_min=NaN", "total_min"),
    ("overdue=maybe", "overdue"),
    ("q=" + "x" * 201, "q"),
    ("q=a%00b", "q"),
    ("number=a%0Ab", "number"),
    ("after=x", "after"),
    ("after=", "after"),
    ("after=" + "A" * 1001, "after"),
    ("after=%00", "after"),
    ("customer_id=x%27", "customer_id"),
    ("efactura_status=acknowledged", "efactura_status"),
]


@pytest.mark.parametrize(("query", "name"), BAD, ids=lambda value: str(value)[:40])
def test_a_parameter_that_cannot_be_taken_is_named(shop: Company, query: str, name: str | None) -> None:
    answer = shop.admin.get("/invoices", query)
    if name is None:
        assert answer.status_code == 200
    else:
        refused(answer, 422, "validation_failed", name)


def test_parameters_on_routes_that_take_none_are_refused(shop: Company) -> None:
    for path in ("/organization", "/invoices/1/history", "/customers/1"):
        refused(shop.admin.get(path, "x=1"), 422, "validation_failed", "x")
    refused(shop.admin.ask("POST", "/invoices", {"customer_id": "1"}, query="dry_run=1"), 422, "validation_failed")


def test_a_hundred_parameters_are_too_many(shop: Company) -> None:
    refused(shop.admin.get("/invoices", "&".join(f"a{n}=1" for n in range(100))), 422, "validation_failed")


class _Order:
    """As much of an order as making a cursor needs."""

    def __init__(self, spec: str) -> None:
        self.spec = spec


@pytest.mark.parametrize(
    ("sort", "values"),
    [
        ("reference", ["1'; --"]),
        ("reference", ["\uff11"]),
        ("reference", ["1_0"]),
        ("reference", [" 1"]),
        ("reference", ["9" * 30]),
        ("reference", []),
        ("reference", ["1", "2"]),
        ("reference", [1]),
        ("reference", [None]),
        ("number", ["a\x00b", "1"]),
        ("due_date", ["2026-W01-1", "1"]),
        ("due_date", ["20260101", "1"]),
        ("due_date", ["infinity", "1"]),
        ("due_date", ["0000-01-01", "1"]),
        ("created_at", ["2026-W01-1", "1"]),
        ("created_at", ["2026-01-01", "1"]),
        ("created_at", ["2026-01-01 00:00:00,5+00", "1"]),
        ("created_at", ["now", "1"]),
        ("-created_at", ["2026-01-01 00:00:00+00", "1"]),
    ],
    ids=repr,
)
def test_a_forged_cursor_is_refused(shop: Company, sort: str, values: list[Any]) -> None:
    order: Any = _Order("created_at" if sort == "-created_at" else sort)
    answer = shop.admin.get("/invoices", f"sort={sort}&after={quote(to_cursor(order, values))}")
    refused(answer, 422, "validation_failed", "after")


@pytest.mark.parametrize(
    "query",
    [
        "as_of=x",
        "as_of=2026-02-30",
        "known_at=2026-11-23",
        "known_at=2026-11-23T09:00:00",
        "known_at=x",
        "version=0",
        "version=-1",
        "version=x",
        "version=99999999999999999999",
        "as_of=2026-01-01&as_of=2026-01-02",
    ],
)
def test_a_point_in_time_that_is_none_is_refused(shop: Company, query: str) -> None:
    refused(shop.admin.get("/invoices/1", query), 422, "validation_failed", query.split("=", maxsplit=1)[0])


@pytest.mark.parametrize(
    "query",
    [
        "as_of=0001-01-01",
        "as_of=9999-12-31",
        "known_at=0001-01-01T00:00:00%2B14:00",
        "known_at=9999-12-31T23:59:59-14:00",
    ],
)
def test_the_ends_of_time_are_points_in_time(shop: Company, query: str) -> None:
    assert shop.admin.get("/invoices/1", query).status_code in {200, 404}
    good(shop.admin.get("/reports/aging", query))


def test_aging_takes_its_own_parameters_only(shop: Company) -> None:
    for query in ("by=x", "as_of=x", "known_at=2026-11-23T09:00:00", "limit=5"):
        refused(shop.admin.get("/reports/aging", query), 422, "validation_failed", query.split("=")[0])


def test_the_feed_takes_positions(shop: Company) -> None:
    for query in ("after=-1", "after=x", "limit=0", "limit=1001", "after=99999999999999999999"):
        refused(shop.admin.get("/events", query), 422, "validation_failed", query.split("=")[0])
    good(shop.admin.get("/events", f"after={1 << 62}"))


def test_the_invoice_of_an_order_is_found_by_the_orders_id(company: Company) -> None:
    order = {"id": "ord-9", "number": "CMD 9", "date": company.today.isoformat()}
    body = {"customer": {"name": "Ana"}, "lines": [line()], "order": order}
    made = good(company.admin.post("/invoices/from-order", body), 201)
    company.draft()
    after = {"Izvor-After": str(company.draft()["position"])}
    found = good(company.admin.ask("GET", "/invoices", query="order_id=ord-9", headers=after))["data"]
    assert [one["id"] for one in found] == [made["id"]]
    assert good(company.admin.get("/invoices", "order_id=ord-8"))["data"] == []

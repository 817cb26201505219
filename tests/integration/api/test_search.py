"""Searching as people type: in pieces, without diacritics, with mistakes; the best first, and nobody else's."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from projections.invoice_list import common_words
from projections.invoice_list.query import SORTS
from projections.invoice_list.wish import Query, Wish, selection
from projections.invoice_search import query as searching
from projections.invoice_search.query import COMMON_FROM
from projections.rows import Connection
from tests.support.house import Company, House, good, line, refused


@pytest.fixture
def office(company: Company) -> Company:
    """Four invoices: of Ștefănescu, of Țăndărică from an order, of Kovács as a draft, and a discarded one."""
    company.sent(
        line(description="Mobilă de grădină"),
        customer={"name": "Atelierul Ștefănescu SRL", "tax_id": "RO18547290", "address": {"city": "Târgu Mureș"}},
        notes="Predat la poarta 7",
    )
    good(
        company.admin.post(
            "/invoices/from-order",
            {
                "order": {"id": "SO-2026/117", "number": "117", "date": company.days_ago(1)},
                "customer": {"name": "Brutăria Țăndărică"},
                "lines": [line(description="Făină albă", quantity="1", unit_price="1021.07")],
                "send": True,
            },
        ),
        201,
    )
    company.draft(line(description="Transport"), customer={"name": "Kovács Kft", "kind": "foreign"})
    gone = company.draft(line(description="Transport"), customer={"name": "Kovács Kft", "kind": "foreign"})
    company.admin.delete(f"/invoices/{gone['id']}")
    return company


def find(company: Company, text: str, **more: str) -> list[tuple[str, str]]:
    newest = company.admin.get("/events", "limit=1000").json["data"][-1]["position"]
    query = "&".join(f"{name}={value}" for name, value in {"q": quoted(text), **more}.items())
    found = good(company.admin.get("/search/invoices", query, after=str(newest)))
    return [(one["match"], one["invoice"]["number"] or one["invoice"]["customer_name"]) for one in found["data"]]


def listed(company: Company, text: str, more: str = "") -> list[Any]:
    newest = company.admin.get("/events", "limit=1000").json["data"][-1]["position"]
    answer = good(company.admin.get("/invoices", f"q={quoted(text)}{more}", after=str(newest)))
    return [one["number"] or one["customer_name"] for one in answer["data"]]


def quoted(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IZV000002", [("exact", "IZV000002")]),
        ("izv000002", [("exact", "IZV000002")]),
        ("so-2026/117", [("exact", "IZV000002")]),
        ("IZV", [("number", "IZV000001"), ("number", "IZV000002")]),
        ("000002", [("words", "IZV000002")]),
        ("stefanescu", [("words", "IZV000001")]),
        ("ȘTEFĂNESCU atelier", [("words", "IZV000001")]),
        ("Stefanecsu", [("similar", "IZV000001")]),
        ("tandrica", [("similar", "IZV000002")]),
        ("brutaria tandarica", [("words", "IZV000002")]),
        ("RO18547290", [("words", "IZV000001")]),
        ("18547290", [("words", "IZV000001")]),
        ("targu mures", [("words", "IZV000001")]),
        ("poarta 7", [("words", "IZV000001")]),
        ("mobila gradina", [("words", "IZV000001")]),
        ("faina", [("words", "IZV000002")]),
        ("1235,49", [("words", "IZV000002")]),
        ("1.235,49", [("words", "IZV000002")]),
        ("1,235.49", [("words", "IZV000002")]),
        ("242.00", [("words", "Kovács Kft"), ("words", "IZV000001")]),
        ("kovacs", [("words", "Kovács Kft")]),
        ("kovacs stefanescu", []),
        ("zzzzqqqq", []),
        ("%_\\' & | ! ( ) : *", []),
        ("'); DROP TABLE read.invoice_search; --", []),
    ],
)
def test_what_is_typed_is_found(office: Company, text: str, expected: list[tuple[str, str]]) -> None:
    assert find(office, text) == expected


def test_the_list_can_be_narrowed_by_what_is_typed(office: Company) -> None:
    assert listed(office, "stefanescu") == ["IZV000001"]
    assert listed(office, "Stefanecsu", "&status=sent") == ["IZV000001"]
    assert listed(office, "242.00", "&sort=reference") == ["IZV000001", "Kovács Kft"]
    assert listed(office, "kovacs", "&status=sent") == []
    assert listed(office, "zzzzqqqq") == []


@pytest.mark.parametrize("walked", [5_000, 5], ids=["met soon", "not met among the first"])
def test_what_has_a_common_word_comes_page_by_page_in_every_order(
    company: Company, monkeypatch: pytest.MonkeyPatch, walked: int
) -> None:
    monkeypatch.setattr(common_words, "WALKED", walked)
    monkeypatch.setattr(common_words, "PASSED_BY", walked)
    for number in range(COMMON_FROM):
        company.draft(line(description="Balamale", unit_price=f"{number % 3 + 1}.00"))
        company.draft(line(description="Cuie", unit_price=f"{number % 4 + 1}.00"))
    wanted = set(listed_ids(company, "q=balamale&limit=100"))
    assert len(wanted) == COMMON_FROM
    for sort in (f"{sign}{name}" for name in SORTS for sign in ("", "-")):
        everything = listed_ids(company, f"sort={sort}&limit=100")
        paged = listed_ids(company, f"sort={sort}&q=balamale&limit=4")
        assert paged == [one for one in everything if one in wanted], sort


LIMITS: Final = (
    (5_000, 2_500, 5_000, COMMON_FROM),
    (8, 2_500, 5_000, COMMON_FROM),
    (8, 2, 5_000, COMMON_FROM),
    (2, 2_500, 3, COMMON_FROM),
    (5_000, 2_500, 12, COMMON_FROM),
    (8, 2, 5_000, 1),
)
"""Rows walked, invoices put between, customers read, and how many of the newest make a word common. Eleven customers
have words that begin with `ateli`, three of them two of these."""


def test_common_words_of_customers_come_in_every_order_wherever_else_they_stand(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        company.draft(customer={"name": f"Aa Bazar {number}"})
        name = ("Atelia mea Atelier", "Fierăria Atelier", "Zidari & Atelier")[number % 3]
        company.draft(customer={"name": f"{name} {number // 2}", "address": {"city": "Turda"}})
    company.draft(line(description="Atelier"), customer={"name": "Covaci"})
    company.draft(line(description="Turda"), customer={"name": "Ion Atelier", "kind": "person"})
    company.sent(line(description="Mobilă Turda"), customer={"name": "Vasile Atelier", "kind": "person"})
    company.sent(line(description="Atelier Turda"), customer={"name": "Atelier"})
    expected = dict.fromkeys(("atelier", "ateli", "atelierr"), 13) | {"turda atelier": 12, "fieraria atelier": 3}
    expected |= {"fieraria turda 0": 1, "atelier mobila": 1, "bazar atelier": 0, "aa bazar": 9}
    for sort in ("customer_name", "-customer_name", "customer_name,-gross", "-reference", "gross,customer_name"):
        everything = listed_ids(company, f"sort={sort}&limit=100")
        for walked, few, customers, common_from in LIMITS:
            monkeypatch.setattr(common_words, "WALKED", walked)
            monkeypatch.setattr(common_words, "PASSED_BY", 2 * walked)
            monkeypatch.setattr(common_words, "FEW", few)
            monkeypatch.setattr(common_words, "SOON_SORTED", 0 if walked == 8 else 4_000)
            monkeypatch.setattr(searching, "MOST_CUSTOMERS", customers)
            monkeypatch.setattr(searching, "COMMON_FROM", common_from)
            by_names = "customer_name" in sort.partition(",")[0] and (walked, few) == (8, 2_500)
            monkeypatch.setattr(common_words, "selection", without_sorting_all if by_names else selection)
            for words, total in expected.items():
                paged = listed_ids(company, f"sort={sort}&q={quoted(words)}&limit=4")
                assert len(paged) == total, words
                assert paged == [one for one in everything if one in paged], (sort, walked, few, words)


def test_a_page_is_not_the_last_because_a_row_of_it_has_just_gone(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.draft(line(description="Atelier"), customer={"name": "Aron"})
    drafts = [company.draft(customer={"name": f"Atelier {number}"}) for number in range(7)]
    (first,) = listed_ids(company, "sort=customer_name&q=aron")

    def discard() -> None:
        company.admin.delete(f"/invoices/{drafts[3]['id']}")
        listed_ids(company, "limit=100")  # so that the list knows

    monkeypatch.setattr(common_words, "selection", on_the_second_page(discard))
    assert listed_ids(company, "sort=customer_name&q=atelier&limit=3") == [
        first,
        *(draft["id"] for draft in drafts if draft is not drafts[3]),
    ]


def on_the_second_page(act: Callable[[], object]) -> Callable[[Connection, Wish], Query]:
    """The query of a page; before that of the second one something happens."""
    acts: list[Callable[[], object]] = [act, lambda: None]

    def query(connection: Connection, wish: Wish) -> Query:
        if acts:
            acts.pop()()
        return selection(connection, wish)

    return query


def test_a_customer_whose_name_is_nothing_but_accents_is_found_by_the_rest(company: Company) -> None:
    for name in ("\u0301\u0302", "Fierar"):
        company.draft(customer={"name": name, "address": {"city": "Turda"}})
    assert len(listed_ids(company, "sort=customer_name&q=turda")) == 2


def test_a_name_longer_than_a_word_may_be_is_passed_by_like_any_other(company: Company) -> None:
    for letters in (1, 200):  # each of which is five without its compatibility form
        company.draft(customer={"name": "\u3316" * letters, "address": {"city": "Turda"}})
    assert len(listed(company, "turda")) == 2
    assert len(listed(company, "turda", "&sort=customer_name")) == 2


def test_an_amount_in_an_address_is_found_however_it_is_written(office: Company) -> None:
    office.draft(customer={"name": "Fierar", "address": {"street": "Km 7.5"}})
    assert listed(office, "7,50") == ["Fierar"]


def test_a_word_that_is_typed_twice_is_known_twice(office: Company) -> None:
    office.draft(line(description="Alba"), customer={"name": "Alba"})
    office.draft(line(description="Albastru"), customer={"name": "Albastru"})
    assert listed(office, "alba alba/alba") == ["Alba", "IZV000002"]


def without_sorting_all(connection: Connection, wish: Wish) -> Query:
    assert wish.wanted.matching is None, "there is a shorter way"
    return selection(connection, wish)


def listed_ids(company: Company, query: str) -> list[Any]:
    """All pages, one after the other."""
    newest = company.admin.get("/events", "limit=1000").json["data"][-1]["position"]
    found: list[Any] = []
    after = ""
    while True:
        answer = good(company.admin.get("/invoices", f"{query}{after}", after=str(newest)))
        found += [one["id"] for one in answer["data"]]
        if answer["next"] is None:
            return found
        after = f"&after={answer['next']}"


def test_one_hit_comes_alone_when_one_is_asked_for(office: Company) -> None:
    assert find(office, "IZV", limit="1") == [("number", "IZV000001")]


def test_a_draft_is_found_by_what_it_says_now(office: Company) -> None:
    draft = office.draft(line(description="Cuie"), customer={"name": "Fierăria Nouă"})
    office.admin.patch(f"/invoices/{draft['id']}", {"notes": "barbă roșie"})
    office.admin.post(f"/invoices/{draft['id']}/lines", line(description="Balamale"))
    office.admin.delete(f"/invoices/{draft['id']}/lines/1")
    assert find(office, "barba balamale") == [("words", "Fierăria Nouă")]
    assert find(office, "cuie fieraria") == []


def test_nobody_finds_what_belongs_to_another(house: House, office: Company) -> None:
    other = house.company()
    other.sent(customer={"name": "Altcineva SRL"})
    assert find(other, "stefanescu") == []
    assert find(other, "Stefanecsu") == []
    assert find(office, "IZV000001") == [("exact", "IZV000001")]


def test_a_search_for_nothing_is_refused(office: Company) -> None:
    refused(office.admin.get("/search/invoices"), 422, "validation_failed", "q")
    refused(office.admin.get("/search/invoices", "q="), 422, "validation_failed", "q")
    refused(office.admin.get("/search/invoices", "q=x&limit=101"), 422, "validation_failed", "limit")
    assert find(office, "\x00") == []

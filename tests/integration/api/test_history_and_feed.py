"""What happened: the timeline of an invoice for people, its facts for auditors, the feed that passes over nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import psycopg

from tests.support.house import Company, House, good, instant, line


def test_the_timeline_tells_the_life_of_an_invoice_in_words(company: Company) -> None:
    clerk = company.people["clerk"]
    invoice = company.draft(line())
    here = f"/invoices/{invoice['id']}"
    good(clerk.patch(f"{here}/lines/1", {"quantity": "3"}, reason="ordered by phone"))
    sent = clerk.post(f"{here}/send")
    yesterday = company.days_ago(0)
    company.pay(invoice, "63.00", on=yesterday)
    good(clerk.put(f"{here}/reminders/hold", {"reason": "disputed"}))
    company.credit(invoice)
    entries = good(clerk.get(f"{here}/history"))["data"]
    assert [(one["version"], one["type"]) for one in entries] == [
        (1, "invoice.drafted"),
        (2, "invoice.line_added"),
        (3, "invoice.line_changed"),
        (4, "invoice.sent"),
        (5, "invoice.payment_received"),
        (6, "invoice.reminders_held"),
        (7, "invoice.credit_note_issued"),
    ]
    assert [one["summary"] for one in entries][3:] == [
        f"Sent as IZV000001, 363.00 RON, due {company.today + timedelta(days=30)}",
        "Payment of 63.00 RON received (bank_transfer), 300.00 RON left to pay",
        "Reminders held: disputed",
        "Credit note IZC000001 over 363.00 RON issued: wrong price",
    ]
    assert entries[2]["reason"] == "ordered by phone"
    assert entries[3]["request_id"] == sent.headers["request-id"]
    assert entries[3]["actor"]["name"] == "the clerk"
    assert entries[4]["effective_date"] == yesterday
    assert all(instant(one["recorded_at"]).utcoffset() == timedelta(0) for one in entries)
    positions = [one["position"] for one in entries]
    assert positions == sorted(set(positions))


def test_the_facts_of_an_invoice_are_those_of_its_timeline_and_of_the_feed(company: Company) -> None:
    invoice = company.sent()
    company.pay(invoice, "1.00")
    entries = good(company.admin.get(f"/invoices/{invoice['id']}/history"))["data"]
    facts = good(company.admin.get(f"/invoices/{invoice['id']}/events"))
    assert (facts["has_more"], facts["next"]) == (False, entries[-1]["position"])
    assert [(one["version"], one["position"], one["data"]) for one in facts["data"]] == [
        (one["version"], one["position"], one["data"]) for one in entries
    ]
    feed = good(company.admin.get("/events", "limit=1000"))["data"]
    assert [one for one in feed if one["stream_id"] == invoice["id"]] == facts["data"]
    for fact in facts["data"]:
        assert fact["meta"]["actor"]["id"]
        assert fact["meta"]["organization_id"] == company.organization_id
        assert fact["meta"]["command_id"]


def walk(company: Company, limit: int, after: int = 0) -> list[dict[str, Any]]:
    """The whole feed from a position, page by page."""
    facts: list[dict[str, Any]] = []
    while True:
        page = good(company.admin.get("/events", f"after={after}&limit={limit}"))
        facts += page["data"]
        after = page["next"]
        if not page["has_more"]:
            return facts


def test_the_feed_read_in_pages_of_any_size_is_the_same(company: Company) -> None:
    for _ in range(3):
        company.pay(company.sent(), "1.00")
    whole = walk(company, 1000)
    assert len(whole) > 20
    for limit in (1, 3, 7):
        assert walk(company, limit) == whole
    middle = whole[9]["position"]
    assert walk(company, 4, middle) == whole[10:]
    beyond = good(company.admin.get("/events", f"after={whole[-1]['position']}"))
    assert (beyond["data"], beyond["has_more"], beyond["next"]) == ([], False, whole[-1]["position"])


def test_the_feed_never_passes_over_a_fact_that_commits_later(house: House, company: Company) -> None:
    """One reader goes on from where it was while eight writers record; it misses nothing and sees nothing twice."""
    stop = Event()
    read: list[dict[str, Any]] = []

    def follow() -> None:
        after, last = 0, False
        while not last:
            last = stop.is_set()
            found = walk(company, 50, after)
            read.extend(found)
            after = found[-1]["position"] if found else after

    def write(n: int) -> None:
        for _ in range(6):
            company.draft(*[line()] * (n % 4 + 1))

    with ThreadPoolExecutor(9) as pool:
        following = pool.submit(follow)
        list(pool.map(write, range(8)))
        stop.set()
        following.result()
    with psycopg.connect(house.database) as connection:
        recorded = connection.execute(
            "SELECT notification_id FROM izvor.events WHERE organization_id = %s ORDER BY 1", (company.organization_id,)
        ).fetchall()
    assert [one["position"] for one in read] == [row[0] for row in recorded]


def test_pages_for_people_need_nothing_from_outside_and_name_every_route(company: Company) -> None:
    paths = good(company.admin.get("/openapi.json"))["paths"]
    for path in ("/", "/docs"):
        page = company.house.visitor().get(path)
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "<script" not in page.text
        assert "src=" not in page.text
        if path == "/docs":
            assert [one for one in paths if one not in page.text] == []
            assert "<pre>import base64" in page.text  # set as code, not as a paragraph of it
            assert "`" not in page.text
            assert "414" not in page.text  # what answers before anything is read is no answer of a route

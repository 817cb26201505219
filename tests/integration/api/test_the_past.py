"""The past over HTTP: as of a date, as known at an instant, at a version, held against a fold of the raw facts.

The fold here reads nothing but the facts that the API gives to auditors, and knows nothing of the domain's code.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from deploy.postgres.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database
from tests.support.house import Company, House, good, instant, line, open_house, refused

BEGIN: Final = datetime(2126, 3, 4, 9, tzinfo=UTC)
"""A century ahead of the machine, from whose own time on a clock of the sandbox only goes forward."""
ZONE: Final = ZoneInfo("Europe/Bucharest")
BUCKETS: Final = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_91_plus")


@pytest.fixture(scope="module")
def sandbox(template: EmbeddedPostgres) -> Iterator[House]:
    """A house with a clock that tests move."""
    with fresh_database(template) as database, open_house(database, with_test_clock=True) as running:
        yield running


@dataclass
class Life:
    """A company that lives through some months, by the API; the dice are the same every time."""

    company: Company
    now: datetime = BEGIN
    dice: random.Random = field(default_factory=lambda: random.Random(31))  # noqa: S311 - a life, not a secret
    invoices: list[dict[str, Any]] = field(default_factory=list)
    payments: list[str] = field(default_factory=list)
    position: str = "0"

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)
        good(self.company.admin.put("/test-clock", {"now": self.now.isoformat()}))

    def back(self, days: int) -> str:
        return (self.today - timedelta(days=self.dice.randint(0, days))).isoformat()

    def do(self, method: str, path: str, body: object) -> dict[str, Any] | None:
        """One command; a refusal is part of life."""
        answer = self.company.admin.ask(method, path, body)
        if answer.status_code >= 400:
            assert answer.status_code in {409, 422}, answer.text
            return None
        self.position = answer.headers["izvor-position"]
        made: dict[str, Any] = answer.json
        return made

    def live(self, days: int) -> None:
        customers = [self.company.customer(name)["id"] for name in ("Ana SRL", "Brutăria SA", "Casa de Vin")]
        for _ in range(days):
            self.forward(days=self.dice.randint(1, 4), minutes=self.dice.randint(1, 500))
            for _ in range(self.dice.randint(1, 4)):
                self.dice.choice([self.issue, self.issue, self.pay, self.pay, self.spread, self.credit, self.reverse])(
                    self.dice.choice(customers)
                )

    def issue(self, customer: str) -> None:
        lines = [line(str(self.dice.randint(1, 9)), f"{self.dice.randint(100, 99999) / 100:.2f}")]
        body = {"customer_id": customer, "lines": lines, "payment_terms_days": self.dice.choice([0, 7, 30, 60])}
        if self.dice.random() < 0.5:
            body["issue_date"] = self.back(20)
        draft = self.do("POST", "/invoices", body)
        assert draft is not None
        self.forward(hours=self.dice.randint(1, 30))
        self.do("POST", f"/invoices/{draft['id']}/lines", line("1", "9.99", "11"))
        sent = self.do("POST", f"/invoices/{draft['id']}/send", {})
        self.invoices.append(sent or draft)

    def pay(self, _: str) -> None:
        if self.invoices:
            invoice = self.dice.choice(self.invoices)
            amount = f"{self.dice.randint(1, 300000) / 100:.2f}"
            paid = self.do("POST", f"/invoices/{invoice['id']}/payments", {"amount": amount, "date": self.back(25)})
            self.payments += [one["payment_id"] for one in (paid or {"payments": []})["payments"]]

    def spread(self, customer: str) -> None:
        own = [one["id"] for one in self.invoices if one["customer"]["id"] == customer][-3:]
        body = {"customer_id": customer, "amount": "777.77", "date": self.back(10)}
        made = self.do("POST", "/payments", {**body, "allocations": [{"invoice_id": one} for one in own]})
        self.payments += [made["id"]] if made else []

    def credit(self, _: str) -> None:
        if self.invoices:
            invoice = self.dice.choice(self.invoices)
            body = {"lines": [{"line_id": "1", "quantity": "1"}], "reason": "came back"}
            self.do("POST", f"/invoices/{invoice['id']}/credit-notes", body)

    def reverse(self, _: str) -> None:
        if self.payments:
            payment = self.payments.pop(self.dice.randrange(len(self.payments)))
            self.do("POST", f"/payments/{payment}/reversal", {"date": self.back(5), "reason": "bounced"})


@pytest.fixture(scope="module")
def life(template: EmbeddedPostgres) -> Iterator[Life]:
    with fresh_database(template) as database, open_house(database, with_test_clock=True) as own:
        living = Life(own.company())
        living.live(25)
        yield living


def minor(money: dict[str, Any]) -> int:
    return int(money["minor"])


def day_of(fact: dict[str, Any]) -> date:
    """When a fact counts: the date that it states, else the day of its recording in Bucharest."""
    stated = fact["data"].get("issue_date") or fact["data"].get("date")
    if stated and fact["type"] != "invoice.drafted/1":
        return date.fromisoformat(stated)
    return instant(fact["meta"]["at"]).astimezone(ZONE).date()


def fold(facts: list[dict[str, Any]], as_of: date | None) -> dict[str, Any] | None:
    """Number, sums and status of an invoice from its raw facts."""
    sent = next((one for one in facts if one["type"].startswith("invoice.sent/")), None)
    counting = [one for one in facts if as_of is None or day_of(one) <= as_of]
    if sent is not None:
        draft = facts[: facts.index(sent)]
        if sent in counting:
            counting = draft + [one for one in counting if one not in draft]
        else:
            counting = [one for one in counting if one in draft]
            sent = None
    if not counting:
        return None
    lines = sum(one["type"].startswith("invoice.line_added/") for one in counting)
    gross = minor(sent["data"]["totals"]["gross"]) if sent else 0
    paid = credited = 0
    for one in counting:
        kind = one["type"].split("/")[0]
        paid += minor(one["data"]["amount"]) if kind == "invoice.payment_received" else 0
        paid -= minor(one["data"]["amount"]) if kind == "invoice.payment_reversed" else 0
        credited += minor(one["data"]["applied"]) if kind == "invoice.credit_note_issued" else 0
    return {
        "version": counting[-1]["version"],
        "number": sent["data"]["number"] if sent else None,
        "lines": lines,
        "paid": paid,
        "credited": credited,
        "balance": gross - paid - credited,
    }


def seen(answer: dict[str, Any]) -> dict[str, Any]:
    def bani(name: str) -> int:
        return int(Decimal(answer["totals"][name]) * 100)

    return {
        "version": answer["version"],
        "number": answer["number"],
        "lines": len(answer["lines"]),
        "paid": bani("paid"),
        "credited": bani("credited"),
        "balance": bani("balance"),
    }


def test_any_point_of_the_past_is_the_fold_of_what_counted_and_was_known_then(life: Life) -> None:
    admin, dice = life.company.admin, random.Random(7)  # noqa: S311
    first = BEGIN.date() - timedelta(days=25)
    span = (life.today - first).days
    asked = 0
    for invoice in dice.sample(life.invoices, min(12, len(life.invoices))):
        facts = good(admin.get(f"/invoices/{invoice['id']}/events"))["data"]
        days: list[date | None] = [None, *(first + timedelta(days=dice.randint(0, span + 5)) for _ in range(8))]
        days += [day_of(dice.choice(facts)) for _ in range(3)]
        moments: list[str | None] = [None, facts[-1]["meta"]["at"], facts[0]["meta"]["at"]]
        moments += [dice.choice(facts)["meta"]["at"] for _ in range(2)]
        for as_of in days:
            for known_at in moments:
                known = [one for one in facts if known_at is None or instant(one["meta"]["at"]) <= instant(known_at)]
                expected = fold(known, as_of)
                asking = {"as_of": as_of.isoformat() if as_of else None, "known_at": known_at}
                query = "&".join(f"{name}={value}" for name, value in asking.items() if value is not None)
                answer = admin.get(f"/invoices/{invoice['id']}", query.replace("+", "%2B") or None)
                asked += 1
                if expected is None:
                    refused(answer, 404, "not_found")
                else:
                    assert seen(good(answer)) == expected, (query, invoice["number"])
    assert asked > 500


def test_every_version_of_the_past_can_be_read_and_no_other(life: Life) -> None:
    admin = life.company.admin
    for invoice in life.invoices[:5]:
        path = f"/invoices/{invoice['id']}"
        facts = good(admin.get(f"{path}/events"))["data"]
        for n, fact in enumerate(facts, start=1):
            answer = admin.get(path, f"version={n}")
            assert seen(good(answer)) == fold(facts[:n], None)
            assert answer.headers["etag"].startswith(f'"{n}-')
            assert answer.json["position"] == fact["position"]
        assert good(admin.get(path, f"version={len(facts)}")) == good(admin.get(path))
        refused(admin.get(path, f"version={len(facts) + 1}"), 404, "not_found")


def receivables(facts: list[dict[str, Any]], as_of: date, known_at: datetime | None) -> dict[str, dict[str, int]]:
    """The ageing by customer from the raw facts of everything."""
    due: dict[str, tuple[str, date]] = {}
    open_invoices: dict[str, int] = {}
    unapplied: dict[str, int] = {}
    owner: dict[str, str] = {}
    for one in facts:
        if known_at is not None and instant(one["meta"]["at"]) > known_at:
            continue
        kind, data, stream = one["type"].split("/")[0], one["data"], one["stream_id"]
        if kind == "invoice.sent":
            due[stream] = (data["customer"]["customer_id"], date.fromisoformat(data["due_date"]))
        if kind in {"payment.recorded", "credit_note.issued"}:
            owner[stream] = data.get("customer_id") or data["customer"]["customer_id"]
        if day_of(one) > as_of:
            continue
        moved = {
            "invoice.sent": lambda d: minor(d["totals"]["gross"]),
            "invoice.payment_received": lambda d: -minor(d["amount"]),
            "invoice.payment_reversed": lambda d: minor(d["amount"]),
            "invoice.credit_note_issued": lambda d: -minor(d["applied"]),
        }.get(kind)
        if moved:
            open_invoices[stream] = open_invoices.get(stream, 0) + moved(data)
        left = {
            "payment.recorded": lambda d: -minor(d["unallocated"]),
            "payment.allocated": lambda d: sum(minor(its["amount"]) for its in d["allocations"]),
            "payment.reversed": lambda d: minor(d["unallocated"]),
            "credit_note.issued": lambda d: -minor(d["unapplied"]),
        }.get(kind)
        if left:
            unapplied[owner[stream]] = unapplied.get(owner[stream], 0) + left(data)
    table: dict[str, dict[str, int]] = {}
    for stream, amount in open_invoices.items():
        customer, due_date = due[stream]
        late = (as_of - due_date).days
        bucket = BUCKETS[0 if late <= 0 else min((late - 1) // 30 + 1, 4)]
        row = table.setdefault(customer, dict.fromkeys((*BUCKETS, "unapplied"), 0))
        row[bucket] += amount
    for customer, amount in unapplied.items():
        table.setdefault(customer, dict.fromkeys((*BUCKETS, "unapplied"), 0))["unapplied"] += amount
    return {customer: row for customer, row in table.items() if any(row.values())}


def test_aging_adds_up_and_is_the_fold_of_all_facts_for_any_date_and_knowledge(life: Life) -> None:
    admin, dice = life.company.admin, random.Random(11)  # noqa: S311
    facts = good(admin.get("/events", "limit=1000"))["data"]
    assert len(facts) < 1000
    first = BEGIN.date() - timedelta(days=10)
    for n in range(60):
        as_of = first + timedelta(days=dice.randint(0, (life.today - first).days + 100))
        known_at = None if n % 3 == 0 else dice.choice(facts)["meta"]["at"]
        query = f"as_of={as_of}" + (f"&known_at={known_at}".replace("+", "%2B") if known_at else "")
        report = good(admin.get("/reports/aging", query, after=life.position))
        assert report["as_of"] == as_of.isoformat()
        rows = {}
        for row in (*report["rows"], *report["totals"]):
            amounts = {name: int(Decimal(row[name]) * 100) for name in (*BUCKETS, "unapplied", "balance")}
            assert amounts.pop("balance") == sum(amounts.values())
            assert amounts["unapplied"] <= 0
            rows[row["customer_id"]] = amounts
        total = rows.pop(None, dict.fromkeys((*BUCKETS, "unapplied"), 0))
        for name, amount in total.items():
            assert amount == sum(row[name] for row in rows.values())
        expected = receivables(facts, as_of, instant(known_at) if known_at else None)
        assert {customer: row for customer, row in rows.items() if any(row.values())} == expected
        by_currency = good(admin.get("/reports/aging", f"{query}&by=currency"))
        assert by_currency["rows"] == by_currency["totals"] == report["totals"]


def test_what_a_customer_owes_and_has_left_is_the_same_everywhere(life: Life) -> None:
    admin = life.company.admin
    rows = {row["customer_id"]: row for row in good(admin.get("/reports/aging", after=life.position))["rows"]}
    listed = good(admin.get("/customers", after=life.position))["data"]
    assert len(listed) == 3
    for customer in listed:
        row = rows.get(customer["id"])
        owes = Decimal(customer["balance"]) - Decimal(customer["credit"])
        assert owes == Decimal(row["balance"] if row else "0")
        assert Decimal(customer["credit"]) == -Decimal(row["unapplied"] if row else "0")
        assert good(admin.get(f"/customers/{customer['id']}")) == customer
        mine = good(admin.get("/invoices", f"customer_id={customer['id']}&limit=100"))["data"]
        assert sum(Decimal(one["totals"]["balance"]) for one in mine) == Decimal(customer["balance"])


def test_money_dated_back_counts_from_its_date_but_was_not_known_before(sandbox: House) -> None:
    company = sandbox.company()
    admin = company.admin
    now = instant(good(admin.get("/test-clock"))["now"])
    day = (now + timedelta(days=1)).date()

    def at(days: int, hour: int = 10) -> str:
        return datetime.combine(day + timedelta(days=days), time(hour), UTC).isoformat().replace("+00:00", "Z")

    good(admin.put("/test-clock", {"now": at(0)}))
    invoice = company.sent(payment_terms_days=5)
    good(admin.put("/test-clock", {"now": at(10)}))
    body = {"amount": "242.00", "date": (day + timedelta(days=3)).isoformat()}
    paid = good(admin.post(f"/invoices/{invoice['id']}/payments", body), 201)
    here = f"/invoices/{invoice['id']}"
    assert paid["status"] == "paid"
    for as_of, known_at, status, balance in (
        (2, None, "sent", "242.00"),
        (3, None, "paid", "0.00"),
        (7, None, "paid", "0.00"),
        (7, 9, "overdue", "242.00"),
        (5, 9, "sent", "242.00"),
    ):
        query = f"as_of={day + timedelta(days=as_of)}" + (f"&known_at={at(known_at)}" if known_at else "")
        then = good(admin.get(here, query))
        assert (then["status"], then["totals"]["balance"], then["overdue"]) == (status, balance, status == "overdue")
    refused(admin.get(here, f"as_of={day - timedelta(days=1)}"), 404, "not_found")
    refused(admin.get(here, f"known_at={at(-1)}"), 404, "not_found")


def test_a_statement_of_the_past_shows_the_due_date_that_held_then(sandbox: House) -> None:
    company = sandbox.company()
    admin = company.admin
    day = (instant(good(admin.get("/test-clock"))["now"]) + timedelta(days=1)).date()

    def at(days: int) -> str:
        return datetime.combine(day + timedelta(days=days), time(10), UTC).isoformat()

    good(admin.put("/test-clock", {"now": at(0)}))
    invoice = company.sent(payment_terms_days=5)
    good(admin.put("/test-clock", {"now": at(10)}))
    agreed = {"due_date": str(day + timedelta(days=40)), "reason": "Înțelegere"}
    after = good(admin.post(f"/invoices/{invoice['id']}/due-date", agreed))["position"]
    here = f"/customers/{invoice['customer']['id']}/statement"
    for query, days in (
        ("", 40),
        (f"to={day + timedelta(days=10)}", 40),
        (f"to={day + timedelta(days=9)}", 5),
        (f"known_at={at(9)}".replace("+00:00", "Z"), 5),
    ):
        ((line,),) = [one["movements"] for one in good(admin.get(here, query, after=str(after)))["accounts"]]
        assert line["due_date"] == str(day + timedelta(days=days)), query


def test_a_number_is_no_instant(sandbox: House) -> None:
    company = sandbox.company()
    invoice = company.sent()
    for path, name in ((f"/invoices/{invoice['id']}", "known_at"), ("/reports/aging", "known_at"), ("/jobs", "since")):
        for text in ("2026", "0", "1.5"):
            refused(company.admin.get(path, f"{name}={text}"), 422, "validation_failed", name)


def test_due_today_is_not_overdue_and_the_day_ends_in_bucharest(sandbox: House) -> None:
    company = sandbox.company()
    admin = company.admin
    day = instant(good(admin.get("/test-clock"))["now"]).date() + timedelta(days=2)
    good(admin.put("/test-clock", {"now": f"{day}T08:00:00Z"}))
    invoice = company.sent(payment_terms_days=0)
    path = f"/invoices/{invoice['id']}"
    midnight = datetime.combine(day + timedelta(days=1), time(0), ZONE).astimezone(UTC)
    good(admin.put("/test-clock", {"now": (midnight - timedelta(minutes=1)).isoformat()}))
    assert (good(admin.get(path))["status"], good(admin.get(path))["overdue"]) == ("sent", False)
    good(admin.put("/test-clock", {"now": midnight.isoformat()}))
    assert (good(admin.get(path))["status"], good(admin.get(path))["overdue"]) == ("overdue", True)
    listed = good(admin.get("/invoices", "status=overdue", after=str(invoice["position"])))["data"]
    assert [one["id"] for one in listed] == [invoice["id"]]


def test_the_clock_only_moves_forward_and_not_out_of_every_calendar(sandbox: House) -> None:
    admin = sandbox.company().admin
    refused(admin.put("/test-clock", {"now": "2020-01-01T00:00:00Z"}), 409, "clock_backwards")
    for text in ("9999-12-31T23:59:59Z", "2201-01-01T00:00:00Z", "tomorrow", "2040-01-01T00:00:00", "", "2040-01-01"):
        refused(admin.put("/test-clock", {"now": text}), 422, "validation_failed", "/now")
    good(admin.get("/invoices"))

"""A month of an accountant over HTTP alone, with the books kept by hand beside it, and read back from the `bi` views.

The books are whole bani and share nothing with the product: what every document moved, on which day, for whom.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import psycopg
import pytest

from tests.support.seller import API, Seller, line, rates
from tests.support.stack import Stack, one

ORDERS: Final = 40
CUSTOMERS: Final = 12
BUCKETS: Final = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_91_plus", "unapplied")
EURO: Final = "EUR"
LEU: Final = "RON"


@dataclass
class Books:
    """Movements by (day, customer, currency, document); documents that are owed have a due date."""

    moves: list[tuple[date, str, str, str, int]] = field(default_factory=list)
    due: dict[str, date] = field(default_factory=dict)
    received: Counter[str] = field(default_factory=Counter)

    def balance(self, document: str) -> int:
        return sum(bani for _, _, _, name, bani in self.moves if name == document)

    def owed(self, customer: str, currency: str, until: date) -> int:
        return sum(
            bani for day, who, money, _, bani in self.moves if (who, money) == (customer, currency) and day <= until
        )

    def ages(self, as_of: date) -> dict[tuple[str, str], Counter[str]]:
        """What is owed by customer and currency, by how late it is."""
        open_documents: Counter[tuple[str, str, str]] = Counter()
        for day, customer, currency, document, bani in self.moves:
            if day <= as_of:
                open_documents[customer, currency, document] += bani
        found: dict[tuple[str, str], Counter[str]] = {}
        for (customer, currency, document), bani in open_documents.items():
            if bani:
                found.setdefault((customer, currency), Counter())[self._bucket(document, as_of)] += bani
        return found

    def _bucket(self, document: str, as_of: date) -> str:
        if document not in self.due:
            return "unapplied"
        late = (as_of - self.due[document]).days
        return BUCKETS[0 if late <= 0 else min((late - 1) // 30 + 1, 4)]


def bani(text: str) -> int:
    amount = Decimal(text) * 100
    assert amount == int(amount)
    return int(amount)


def text(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"


def with_vat(net: int, rate: int) -> int:
    return net + (net * rate + 50) // 100


class Accountant:
    """Does the month, and writes down what it should come to."""

    def __init__(self, seller: Seller) -> None:
        self.seller = seller
        self.books = Books()
        today = seller.today
        self.first = date(today.year + (today.month == 12), today.month % 12 + 1, 1)
        self.last = (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        self.day = self.first
        self.invoices: list[Any] = []
        self.credited = 0
        seller.live_until(self.first)
        names = [f"Client {n:02} SRL" for n in range(1, CUSTOMERS + 1)]
        self.customers: list[str] = [
            seller.customer(name, email=f"{n}@client.ro")["id"] for n, name in enumerate(names)
        ]

    def wind(self, day: date) -> None:
        if day != self.day:
            self.seller.live_until(day)
            self.day = day

    def issued(self, invoice: Any, gross: int, due: date) -> None:
        """An invoice that should come to this; checked against what the product says."""
        said = (invoice["totals"]["gross"], invoice["issue_date"], invoice["due_date"])
        assert said == (text(gross), self.day.isoformat(), due.isoformat())
        self.books.due[invoice["id"]] = due
        self._move(invoice, invoice["id"], gross)
        self.invoices.append(invoice)

    def order(self, n: int) -> None:
        quantity, price, rate, terms = n % 5 + 1, 10_000 + n * 13_717 % 90_000, 11 if n % 4 == 0 else 21, 5 + n % 20
        body = {
            "customer_id": self.customers[n % CUSTOMERS],
            "order": {"id": f"C-{n}", "date": self.day.isoformat()},
            "lines": [line(str(quantity), text(price), str(rate))],
            "payment_terms_days": terms,
            "send": True,
        }
        invoice = self.seller.post("/invoices/from-order", body)
        assert self.seller.post("/invoices/from-order", body, 200)["id"] == invoice["id"]  # clicked twice
        self.issued(invoice, with_vat(quantity * price, rate), self.day + timedelta(days=terms))

    def pay(self, invoice: Any, amount: int) -> None:
        left = self.books.balance(invoice["id"])
        paid = self.seller.pay(invoice, text(amount), self.day.isoformat(), reference="OP")
        assert bani(paid["totals"]["balance"]) == max(left - amount, 0)
        self._move(invoice, invoice["id"], -min(amount, left))
        self._move(invoice, paid["payments"][-1]["payment_id"], -max(amount - left, 0))
        self.books.received[invoice["currency"]] += amount

    def pay_together(self, customer: str, extra: int) -> None:
        """Everything that the customer owes in one payment, and something more."""
        mine = [one for one in self.invoices if one["customer"]["id"] == customer and self.books.balance(one["id"])]
        assert len(mine) > 1
        wishes = [{"invoice_id": one["id"], "amount": text(self.books.balance(one["id"]))} for one in mine]
        amount = sum(self.books.balance(one["id"]) for one in mine) + extra
        body = {"customer_id": customer, "amount": text(amount), "date": self.day.isoformat(), "allocations": wishes}
        payment = self.seller.post("/payments", body)
        assert payment["unallocated"] == text(extra)
        for invoice in mine:
            self._move(invoice, invoice["id"], -self.books.balance(invoice["id"]))
        self._move(mine[0], payment["id"], -extra)
        self.books.received[LEU] += amount

    def storno(self, invoice: Any) -> None:
        """Take all back and issue it anew, with one piece instead of what was wrong."""
        before = self.books.balance(invoice["id"])
        answer = self.seller.credit(invoice, full=True, reissue=True)
        assert bani(answer["credit_note"]["totals"]["gross"]) == before
        self._move(invoice, invoice["id"], -before)
        self.credited += before
        again = answer["reissued"]
        one(self.seller.ask("PATCH", f"/invoices/{again['id']}/lines/1", {"quantity": "1"}))
        again = self.seller.send(again)
        price, rate = bani(again["lines"][0]["unit_price"]), int(again["lines"][0]["vat"]["rate"])
        self.issued(again, with_vat(price, rate), date.fromisoformat(again["due_date"]))

    def in_euros(self) -> None:
        self.rate_of_the_euro("5.0912")
        terms = {"customer_id": self.customers[-1], "currency": EURO, "payment_terms_days": 3}
        invoice = self.seller.sent(line("3", "199.99"), **terms)
        self.issued(invoice, with_vat(59_997, 21), self.day + timedelta(days=3))
        assert invoice["exchange"]["gross"] == "3696.01"  # 3054.57 and, at 5.0912, 641.45 of VAT, each rounded once

    def rate_of_the_euro(self, rate: str) -> None:
        content = rates((self.day.isoformat(), rate))
        headers = {"Content-Type": "application/xml"}
        one(self.seller.client.post(f"{API}/exchange-rates", content=content, headers=headers))

    def subscription(self) -> None:
        rhythm = {"unit": "month", "starts_on": self.day.isoformat()}
        more = {"customer_id": self.customers[0], "payment_terms_days": 7, "send": True}
        body = {"name": "Abonament", "lines": [line("1", "49.90")], "rhythm": rhythm, **more}
        path = f"/recurring-invoices/{self.seller.post('/recurring-invoices', body)['id']}"
        for _ in range(2):
            one(self.seller.ask("POST", f"{path}/run"))
        (made,) = self.seller.read(f"{path}/invoices")["data"]
        self.issued(self.seller.invoice({"id": made["invoice_id"]}), 6_038, self.day + timedelta(days=7))

    def _move(self, invoice: Any, document: str, amount: int) -> None:
        if amount:
            self.books.moves.append((self.day, invoice["customer"]["id"], invoice["currency"], document, amount))


def work_through(month: Accountant) -> None:
    """Orders on all days; money, a storno, euros and a subscription between them; then the first days after."""
    for n in range(ORDERS):
        month.wind(month.first + timedelta(days=n * 27 // ORDERS))
        month.order(n)
        if n % 5 == 0 and n:
            month.pay(month.invoices[n - 5], month.books.balance(month.invoices[n - 5]["id"]) // 2)
        if n == 20:
            month.storno(month.invoices[7])
            month.subscription()
            month.in_euros()
    month.wind(month.first + timedelta(days=27))
    month.pay_together(month.customers[3], extra=0)
    month.pay_together(month.customers[5], extra=12_345)
    euros = next(invoice for invoice in month.invoices if invoice["currency"] == EURO)
    month.rate_of_the_euro("5.1034")
    month.pay(euros, 10_000)
    month.pay(month.invoices[2], month.books.balance(month.invoices[2]["id"]) + 777)
    month.wind(month.last + timedelta(days=9))
    month.pay_together(month.customers[8], extra=0)  # of the month after: the end of the month does not know it
    month.rate_of_the_euro("5.0877")
    month.pay(euros, month.books.balance(euros["id"]))


@pytest.fixture(scope="module")
def month(stack: Stack) -> Iterator[Accountant]:
    with Seller.registered(stack, "Contabilitatea Lunii SRL") as seller:
        done = Accountant(seller)
        work_through(done)
        yield done


def aging(rows: list[dict[str, Any]]) -> dict[tuple[str, str], Counter[str]]:
    found = {}
    for row in rows:
        amounts = {name: bani(str(row[name])) for name in BUCKETS}
        assert sum(amounts.values()) == bani(str(row["balance"]))
        found[str(row["customer_id"]), row["currency"]] = Counter(
            {name: value for name, value in amounts.items() if value}
        )
    return found


@pytest.fixture
def ask(month: Accountant) -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    """Queries on the `bi` views, as reports make them, of this seller."""
    month.seller.read("/reports/aging")  # which waits until the lists are there
    with psycopg.connect(month.seller.stack.database, row_factory=psycopg.rows.dict_row) as connection:
        who = {"seller": month.seller.organization_id, "first": month.first, "last": month.last}
        yield lambda query: connection.execute(query.encode(), who).fetchall()


def test_every_order_became_one_invoice_and_the_series_has_no_hole(month: Accountant) -> None:
    found = month.seller.all_pages("/invoices", issued_from=month.first, issued_to=month.last, sort="number")
    assert [row["number"] for row in found] == [f"IZV{n:06}" for n in range(1, ORDERS + 4)]
    assert sum(bani(row["totals"]["balance"]) for row in found) == sum(
        month.books.balance(document) for document in month.books.due
    )
    proofs = {row["prefix"]: row for row in month.seller.read("/reports/series")["data"]}
    assert (proofs["IZV"]["count"], proofs["IZV"]["dense"], proofs["IZV"]["in_order"]) == (ORDERS + 3, True, True)
    assert (proofs["IZC"]["count"], proofs["IZC"]["dense"]) == (1, True)


def test_the_ageing_at_the_end_of_last_month_is_what_the_books_say(month: Accountant) -> None:
    ends = month.seller.read("/reports/aging", as_of=month.last)
    assert aging(ends["rows"]) == month.books.ages(month.last)
    assert {currency for _, currency in month.books.ages(month.last)} == {LEU, EURO}
    for as_of in (month.first, month.first + timedelta(days=13), month.day, month.last + timedelta(days=45)):
        rows = month.seller.read("/reports/aging", as_of=as_of)["rows"]
        assert aging(rows) == month.books.ages(as_of)


def test_the_statement_of_a_customer_leads_from_nothing_to_what_is_owed(month: Accountant) -> None:
    for customer in (month.customers[5], month.customers[11]):
        query = {"from_": month.first, "to": month.last}
        for account in month.seller.read(f"/customers/{customer}/statement", **query)["accounts"]:
            moved = sum(bani(movement["amount"]) for movement in account["movements"])
            assert bani(account["opening"]) + moved == bani(account["closing"])
            assert bani(account["closing"]) == month.books.owed(customer, account["currency"], month.last)


def test_the_csv_opens_and_adds_up(month: Accountant) -> None:
    query = {"issued_from": month.first, "issued_to": month.last, "sort": "number"}
    answer = month.seller.fetch("/exports/invoices.csv", **query)
    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row["number"] for row in rows] == [f"IZV{n:06}" for n in range(1, ORDERS + 4)]
    total = sum(bani(row["gross"].replace(",", ".")) for row in rows)
    assert total == sum(bani(invoice["totals"]["gross"]) for invoice in month.invoices)


def test_the_bi_views_give_the_same_month_to_the_ban(
    month: Accountant, ask: Callable[[str], list[dict[str, Any]]]
) -> None:
    expected = Counter[str]()
    for invoice in month.invoices:
        expected[invoice["currency"]] += bani(invoice["totals"]["gross"])
    invoiced = "SELECT currency, sum(gross) AS total FROM bi.invoices WHERE organization_id = %(seller)s"
    rows = ask(f"{invoiced} AND issue_date BETWEEN %(first)s AND %(last)s GROUP BY currency")
    assert {row["currency"]: bani(str(row["total"])) for row in rows} == expected
    lines = "SELECT sum(base + vat) AS total FROM bi.invoice_vat WHERE organization_id = %(seller)s"
    assert bani(str(ask(lines)[0]["total"])) == expected.total()
    received = "SELECT currency, sum(amount) AS total FROM bi.payments WHERE organization_id = %(seller)s"
    rows = ask(f"{received} GROUP BY currency")
    assert {row["currency"]: bani(str(row["total"])) for row in rows} == month.books.received
    (notes,) = ask("SELECT sum(gross) AS total FROM bi.credit_notes WHERE organization_id = %(seller)s")
    assert bani(str(notes["total"])) == month.credited
    moved = "SELECT customer_id, currency, sum(amount) AS total FROM bi.receivable_movements"
    rows = ask(f"{moved} WHERE organization_id = %(seller)s AND effective_date <= %(last)s GROUP BY 1, 2")
    for row in rows:
        owed = month.books.owed(str(row["customer_id"]), row["currency"], month.last)
        assert bani(str(row["total"])) == owed
    rows = ask("SELECT * FROM bi.ar_aging_at(%(last)s) WHERE organization_id = %(seller)s")
    assert aging(rows) == month.books.ages(month.last)


def test_the_check_of_the_house_agrees(month: Accountant) -> None:
    said = month.seller.stack.izvor("check")
    assert said.returncode == 0, said.stdout + said.stderr

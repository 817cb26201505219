"""What is asked of a company with a long history: every documented filter in every order, searches, reports.

Values are drawn from the history itself, so that each question finds something; a seed makes the draws repeatable.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from projections.invoice_list.query import SORTS

KNOWN: Final = 400
"""Invoices and customers that values are drawn from."""

_INVOICES: Final = """
SELECT number, reference, order_id, customer_id, customer_name, customer_tax_id, currency, issue_date, due_date,
    read.major(gross, currency) AS gross
FROM read.invoice_list WHERE phase = 'sent' ORDER BY md5(invoice_id::text) LIMIT %s
"""
_CUSTOMERS: Final = "SELECT customer_id::text AS id FROM read.customer_list ORDER BY md5(customer_id::text) LIMIT %s"
_DAYS: Final = "SELECT min(issue_date) AS first, max(issue_date) AS last FROM read.invoice_list"

Query = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class History:
    """Some of the invoices and customers of a history, and its days."""

    invoices: list[dict[str, Any]]
    customers: list[str]
    first: date
    last: date

    def day(self, chance: Random) -> date:
        return self.first + timedelta(days=chance.randrange((self.last - self.first).days))

    def period(self, chance: Random, days: int) -> tuple[date, date]:
        since = self.day(chance)
        return since, since + timedelta(days=days)


def history_of(connection: psycopg.Connection[Any]) -> History:
    with connection.cursor(row_factory=dict_row) as cursor:
        invoices = cursor.execute(_INVOICES, (KNOWN,)).fetchall()
        customers = [row["id"] for row in cursor.execute(_CUSTOMERS, (KNOWN,)).fetchall()]
        days = cursor.execute(_DAYS).fetchone() or {}
    return History(invoices, customers, days["first"], days["last"])


Draw = Callable[[Random, History], Query]


def _fixed(**query: object) -> Draw:
    return lambda _, __: query


def _of_an_invoice(name: str, column: str) -> Draw:
    return lambda chance, known: {name: chance.choice(known.invoices)[column]}


def _between(name: str, days: int) -> Draw:
    def draw(chance: Random, known: History) -> Query:
        since, until = known.period(chance, days)
        return {f"{name}_from": since, f"{name}_to": until}

    return draw


def _amounts(chance: Random, known: History) -> Query:
    amount = chance.choice(known.invoices)["gross"]
    return {"total_min": amount, "total_max": amount * 2}


def _customer(chance: Random, known: History) -> Query:
    return {"customer_id": chance.choice(known.customers)}


def _open_of_customer(chance: Random, known: History) -> Query:
    return {"customer_id": chance.choice(known.invoices)["customer_id"], "status": "sent,overdue,partially_paid"}


def _word(position: int) -> Draw:
    """A word of a customer's name: the first is its trade, which many share."""
    return lambda chance, known: {"q": chance.choice(known.invoices)["customer_name"].split()[position]}


FILTERS: Final[dict[str, Draw]] = {
    "no filter": _fixed(),
    **{f"status={word}": _fixed(status=word) for word in ("draft", "sent", "partially_paid", "paid", "overdue")},
    **{f"status={word}": _fixed(status=word) for word in ("cancelled", "credited", "paid,overdue")},
    "overdue=true": _fixed(overdue="true"),
    "overdue=false": _fixed(overdue="false"),
    "customer_id": _customer,
    "customer_id, open": _open_of_customer,
    "number": _of_an_invoice("number", "number"),
    "currency=EUR": _fixed(currency="EUR"),
    "currency=RON, status=paid": _fixed(currency="RON", status="paid"),
    "issued in a week": _between("issued", 6),
    "issued in a quarter": _between("issued", 91),
    "issued in a year": _between("issued", 364),
    "due in a month": _between("due", 30),
    "due in half a year": _between("due", 182),
    "total between": _amounts,
    "efactura_status=nok": _fixed(efactura_status="nok"),
    "efactura_status=ok": _fixed(efactura_status="ok"),
    "q: a common word": _word(0),
    "q: a name": _of_an_invoice("q", "customer_name"),
}

ORDERS: Final = tuple(f"{sign}{name}" for name in SORTS for sign in ("", "-"))


def _misspelt(chance: Random, known: History) -> Query:
    """The longest word of a name, with two letters of it changing places."""
    word = max(chance.choice(known.invoices)["customer_name"].split(), key=len)
    at = chance.randrange(1, max(len(word) - 2, 2))
    return {"q": f"{word[:at]}{word[at + 1 : at + 2]}{word[at]}{word[at + 2 :]}"}


def _two_words(chance: Random, known: History) -> Query:
    name = chance.choice(known.invoices)["customer_name"].split()
    return {"q": f"{name[0]} {name[1][:4]}"}


SEARCHES: Final[dict[str, Draw]] = {
    "a number": _of_an_invoice("q", "number"),
    "the beginning of a number": lambda chance, known: {"q": chance.choice(known.invoices)["number"][:-2]},
    "an order": lambda chance, known: {
        "q": chance.choice([one["order_id"] for one in known.invoices if one["order_id"]] or ["SO-1"])
    },
    "a tax id": lambda chance, known: {
        "q": chance.choice([one["customer_tax_id"] for one in known.invoices if one["customer_tax_id"]])
    },
    "an amount": _of_an_invoice("q", "gross"),
    "a customer's name": _of_an_invoice("q", "customer_name"),
    "a word and a beginning": _two_words,
    "a common word": _word(0),
    "four common words": _fixed(q="servicii str srl conform contract"),
    "a misspelt word": _misspelt,
    "nothing that is there": lambda chance, _: {"q": f"xq{chance.randrange(10**9)}"},
}


def aging_of_all(chance: Random, known: History) -> Query:
    return {"as_of": known.day(chance)}


def aging_of_one(chance: Random, known: History) -> Query:
    return {"as_of": known.day(chance), "customer_id": chance.choice(known.invoices)["customer_id"]}


def aging_as_known(chance: Random, known: History) -> Query:
    day = known.day(chance)
    return {"as_of": day, "known_at": f"{day + timedelta(days=14)}T12:00:00Z"}

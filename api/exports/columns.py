"""What a line of the exported invoice list holds, in order. Names are those of the API and stay."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from invoicing_domain.model.money import Money
from projections.invoice_list.row import InvoiceRow

Cell = str | int | Decimal | date | None
"""Text, counts, amounts in major units, days; None is an empty cell."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    cell: Callable[[InvoiceRow, date], Cell]
    """Of a row, on the day of reading."""


def _amount(name: str) -> Column:
    return Column(name, lambda row, _: Money(getattr(row, name), row.currency).decimal)


def _plain(name: str) -> Column:
    return Column(name, lambda row, _: getattr(row, name))


def _days_overdue(row: InvoiceRow, today: date) -> int:
    return (today - row.due_date).days if row.due_date is not None and row.overdue(today) else 0


COLUMNS: Final = (
    _plain("number"),
    _plain("reference"),
    Column("status", lambda row, today: row.status(today)),
    _plain("customer_name"),
    _plain("customer_tax_id"),
    _plain("issue_date"),
    _plain("due_date"),
    Column("days_overdue", _days_overdue),
    _plain("currency"),
    _amount("net"),
    _amount("vat"),
    _amount("gross"),
    _amount("paid"),
    _amount("credited"),
    _amount("balance"),
    _plain("efactura_status"),
    _plain("order_id"),
    _plain("buyer_reference"),
    _plain("payment_reference"),
    _plain("notes"),
)

NAMES: Final = tuple(column.name for column in COLUMNS)


def cells(row: InvoiceRow, today: date) -> tuple[Cell, ...]:
    return tuple(column.cell(row, today) for column in COLUMNS)

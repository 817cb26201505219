"""From facts to rows of the invoice list. A draft's totals are worked out once a batch, not once a fact."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

import msgspec

from invoicing_domain.model.exchange.amounts import InBase
from invoicing_domain.model.invoice.events import (
    Cancelled,
    CreditApplied,
    CreditNoteIssued,
    CreditUnapplied,
    Discarded,
    DocumentProduced,
    DraftChanged,
    Drafted,
    DueDateExtended,
    EFacturaAcknowledged,
    EFacturaSubmitted,
    EmailBounced,
    Emailed,
    EmailFailed,
    EmailRequested,
    ExchangeDifference,
    Header,
    LineAdded,
    LineChanged,
    LineRemoved,
    NoteAdded,
    PaymentDeallocated,
    PaymentReceived,
    PaymentReversed,
    ReminderSent,
    RemindersHeld,
    RemindersResumed,
    Sent,
)
from invoicing_domain.model.invoice.lines import Line, document_totals
from invoicing_domain.model.money import minor_digits
from invoicing_domain.model.vat import Totals
from projections.readmodel import Event, Keyed, ReadModel, Row
from projections.text import searchable, to_json

MILLS: Final = 3
"""Digits of the currencies that have most."""


@dataclass(slots=True)
class Draft:
    """What a draft is made of, while it can change."""

    header: Header
    lines: dict[str, Line]


@dataclass(slots=True)
class Entry:
    """A row in the making: the columns in order, and the draft behind them when a fact of the batch needs it."""

    invoice_id: str
    organization_id: str
    reference: int
    phase: str
    number: str | None
    series: str | None
    currency: str
    customer_id: str
    customer_name: str
    customer_key: str
    customer_tax_id: str | None
    issue_date: date | None
    due_date: date | None
    sent_at: datetime | None
    lines_net: int
    discount: int
    net: int
    vat: int
    gross: int
    gross_mills: int
    paid: int
    credited: int
    balance: int
    credited_gross: int
    credited_in_full: bool
    cancelled: bool
    base_currency: str | None
    exchange_rate: Decimal | None
    exchange_date: date | None
    vat_in_base: int | None
    gross_in_base: int | None
    exchange_difference: int | None
    reminders_held: bool
    last_reminder_step: int | None
    efactura_status: str
    efactura_index: str | None
    efactura_response_code: str | None
    order_id: str | None
    notes: str
    buyer_reference: str
    payment_reference: str
    payment_terms_days: int | None
    metadata: str
    draft: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    position: int
    working: Draft | None = None


COLUMNS: Final = tuple(field.name for field in fields(Entry) if field.name != "working")

_columns: Final = attrgetter(*COLUMNS)
_stored_draft: Final = msgspec.json.Decoder(Draft)


def fold(entry: Entry | None, event: Event) -> Entry:
    fact = event.fact
    if entry is None:
        if not isinstance(fact, Drafted):
            raise TypeError(f"an invoice begins with Drafted, not with {type(fact).__name__}")
        entry = _begin(fact, event)
    else:
        _FOLDS[type(fact)](entry, fact, event)
    entry.version = event.version
    entry.position = event.position
    entry.updated_at = event.at
    return entry


def render(entry: Entry) -> Row:
    if entry.working is not None and entry.phase == "draft":
        working = entry.working
        _show_header(entry, working.header)
        lines = tuple(working.lines.values())
        header = working.header
        _show_totals(entry, document_totals(lines, header.discount, entry.currency, header.charges)[0])
        entry.draft = to_json(working)
    row: Row = _columns(entry)
    return row


_BLANK: Final[dict[str, Any]] = {
    **dict.fromkeys(("number", "series", "customer_tax_id", "issue_date", "due_date", "sent_at", "order_id", "draft")),
    **dict.fromkeys(("base_currency", "exchange_rate", "exchange_date", "vat_in_base", "gross_in_base")),
    **dict.fromkeys(("exchange_difference", "last_reminder_step", "efactura_index", "efactura_response_code")),
    **dict.fromkeys(("payment_terms_days",)),
    **dict.fromkeys(("lines_net", "discount", "net", "vat", "gross", "gross_mills", "paid", "credited", "balance"), 0),
    **dict.fromkeys(("credited_gross",), 0),
    **dict.fromkeys(("credited_in_full", "cancelled", "reminders_held"), False),
    **dict.fromkeys(("currency", "customer_id", "customer_name", "customer_key"), ""),
    **dict.fromkeys(("notes", "buyer_reference", "payment_reference"), ""),
    "efactura_status": "none",
    "metadata": "{}",
}
"""What a row says before its header is shown."""


def _begin(fact: Drafted, event: Event) -> Entry:
    return Entry(
        invoice_id=event.stream_id,
        organization_id=event.organization_id,
        reference=fact.reference,
        phase="draft",
        created_at=event.at,
        updated_at=event.at,
        version=1,
        position=event.position,
        working=Draft(header=fact.header, lines={}),
        **_BLANK,
    )


def _working(entry: Entry) -> Draft:
    if entry.working is None:
        entry.working = _stored_draft.decode(entry.draft or "")
    return entry.working


def _line_set(entry: Entry, fact: LineAdded | LineChanged, _: Event) -> None:
    _working(entry).lines[fact.line.id] = fact.line


def _line_removed(entry: Entry, fact: LineRemoved, _: Event) -> None:
    _working(entry).lines.pop(fact.line_id, None)


def _draft_changed(entry: Entry, fact: DraftChanged, _: Event) -> None:
    _working(entry).header = fact.header


def _discarded(entry: Entry, _: Discarded, __: Event) -> None:
    _working(entry)
    render(entry)
    entry.phase = "discarded"
    entry.working = entry.draft = None


def _sent(entry: Entry, fact: Sent, event: Event) -> None:
    working = _working(entry)
    _show_header(entry, working.header)
    entry.phase = "sent"
    entry.number = fact.number
    entry.series = fact.series
    entry.customer_id = fact.customer.customer_id
    entry.customer_name = fact.customer.name
    entry.customer_key = searchable(fact.customer.name)
    entry.customer_tax_id = fact.customer.tax_id
    entry.issue_date = fact.issue_date
    entry.due_date = fact.due_date
    entry.sent_at = event.at
    _show_totals(entry, fact.totals)
    _show_in_base(entry, fact.in_base)
    _settle(entry)
    entry.working = entry.draft = None


def _paid(entry: Entry, fact: PaymentReceived, _: Event) -> None:
    entry.paid += fact.amount.minor
    _settle(entry)


def _unpaid(entry: Entry, fact: PaymentReversed | PaymentDeallocated, _: Event) -> None:
    entry.paid -= fact.amount.minor
    _settle(entry)


def _credited(entry: Entry, fact: CreditNoteIssued, _: Event) -> None:
    entry.credited += fact.applied.minor
    entry.credited_gross += fact.amount.minor
    entry.credited_in_full = entry.credited_gross == entry.gross
    _settle(entry)


def _credit_applied(entry: Entry, fact: CreditApplied, _: Event) -> None:
    entry.credited += fact.amount.minor
    _settle(entry)


def _credit_unapplied(entry: Entry, fact: CreditUnapplied, _: Event) -> None:
    entry.credited -= fact.amount.minor
    _settle(entry)


def _cancelled(entry: Entry, _: Cancelled, __: Event) -> None:
    entry.cancelled = True


def _due_later(entry: Entry, fact: DueDateExtended, _: Event) -> None:
    entry.due_date = fact.due_date


def _noted(_: Entry, __: object, ___: Event) -> None:
    """Remarks, papers and mails show in the detail alone; here they raise the version."""


def _difference(entry: Entry, fact: ExchangeDifference, _: Event) -> None:
    entry.exchange_difference = (entry.exchange_difference or 0) + fact.difference.minor


def _reminded(entry: Entry, fact: ReminderSent, _: Event) -> None:
    entry.last_reminder_step = fact.step


def _held(entry: Entry, _: RemindersHeld, __: Event) -> None:
    entry.reminders_held = True


def _resumed(entry: Entry, _: RemindersResumed, __: Event) -> None:
    entry.reminders_held = False


def _submitted(entry: Entry, fact: EFacturaSubmitted, _: Event) -> None:
    entry.efactura_status = "unknown" if fact.upload_index is None else "processing"
    entry.efactura_index = fact.upload_index
    entry.efactura_response_code = None


def _acknowledged(entry: Entry, fact: EFacturaAcknowledged, _: Event) -> None:
    entry.efactura_status = fact.status
    entry.efactura_index = fact.upload_index
    entry.efactura_response_code = fact.response_code


def _settle(entry: Entry) -> None:
    entry.balance = entry.gross - entry.paid - entry.credited


def _show_header(entry: Entry, header: Header) -> None:
    entry.currency = header.currency
    entry.customer_id = header.customer.customer_id
    entry.customer_name = header.customer.name
    entry.customer_key = searchable(header.customer.name)
    entry.customer_tax_id = header.customer.tax_id
    entry.issue_date = header.issue_date
    entry.due_date = header.due_date
    entry.order_id = header.order.id if header.order else None
    entry.notes = header.notes
    entry.buyer_reference = header.buyer_reference
    entry.payment_reference = header.payment_reference
    entry.payment_terms_days = header.payment_terms_days
    entry.metadata = to_json(header.metadata) if header.metadata else "{}"


def _show_totals(entry: Entry, totals: Totals) -> None:
    entry.lines_net = totals.lines_net.minor
    entry.discount = totals.discount.minor
    entry.net = totals.net.minor
    entry.vat = totals.vat.minor
    entry.gross = totals.gross.minor
    entry.gross_mills = totals.gross.minor * 10 ** (MILLS - minor_digits(totals.gross.currency))


def _show_in_base(entry: Entry, in_base: InBase | None) -> None:
    if in_base is not None:
        entry.base_currency = in_base.gross.currency
        entry.exchange_rate = in_base.exchange.rate
        entry.exchange_date = in_base.exchange.date
        entry.vat_in_base = in_base.vat.minor
        entry.gross_in_base = in_base.gross.minor


_FOLDS: Final[dict[type, Callable[[Entry, Any, Event], None]]] = {
    DraftChanged: _draft_changed,
    LineAdded: _line_set,
    LineChanged: _line_set,
    LineRemoved: _line_removed,
    Discarded: _discarded,
    Sent: _sent,
    PaymentReceived: _paid,
    PaymentReversed: _unpaid,
    PaymentDeallocated: _unpaid,
    ExchangeDifference: _difference,
    CreditNoteIssued: _credited,
    CreditApplied: _credit_applied,
    CreditUnapplied: _credit_unapplied,
    Cancelled: _cancelled,
    DueDateExtended: _due_later,
    NoteAdded: _noted,
    DocumentProduced: _noted,
    EmailRequested: _noted,
    Emailed: _noted,
    EmailFailed: _noted,
    EmailBounced: _noted,
    ReminderSent: _reminded,
    RemindersHeld: _held,
    RemindersResumed: _resumed,
    EFacturaSubmitted: _submitted,
    EFacturaAcknowledged: _acknowledged,
}

MODEL: Final = ReadModel(
    name="invoice_list",
    facts=frozenset({Drafted, *_FOLDS}),
    keyed=Keyed(
        table="invoice_list",
        columns=COLUMNS,
        begins=frozenset({Drafted}),
        revive=lambda row: Entry(*row),
        fold=fold,
        render=render,
    ),
)

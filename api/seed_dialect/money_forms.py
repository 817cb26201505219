"""What old clients send about money: payments, and what becomes of credit notes."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from api.seed_dialect.forms import Day, Form, Free, LineId, Short, Words
from invoicing_domain.model.invoice.lines import MAX_LINES
from invoicing_domain.requests import texts

OptionalLine = texts.Line | UnsetType | None
Mode = Annotated[str, Meta(min_length=1, max_length=60)]


class NewPayment(Form, frozen=True, kw_only=True):
    """`POST /api/payments`. `transactionid` is the outside's own reference: with the mode, recorded once."""

    invoiceid: texts.Id
    amount: Short
    paymentmode: Mode
    paymentmethod: Words | UnsetType | None = UNSET
    date: Day | UnsetType | None = UNSET
    note: Free = UNSET
    transactionid: OptionalLine = UNSET


class Application(Form, frozen=True, kw_only=True):
    """`POST /api/credit_notes/{id}/apply`; without an amount as much as fits."""

    invoiceid: texts.Id
    amount: Short | UnsetType | None = UNSET
    date: Day | UnsetType | None = UNSET


class Refund(Form, frozen=True, kw_only=True):
    """`POST /api/credit_notes/{id}/refund`; without an amount all that is left."""

    amount: Short | UnsetType | None = UNSET
    payment_mode: Words | UnsetType | None = UNSET
    refunded_on: Day | UnsetType | None = UNSET
    note: Free = UNSET
    transactionid: OptionalLine = UNSET


class CreditLine(Form, frozen=True, kw_only=True):
    """A line of the invoice and how much of it is taken back: named by `itemid`, or by what it says and costs."""

    qty: Short
    itemid: LineId | UnsetType | None = UNSET
    description: OptionalLine = UNSET
    rate: Short | UnsetType | None = UNSET


CreditLines = Annotated[tuple[CreditLine, ...], Meta(max_length=MAX_LINES)] | UnsetType | None


class NewCreditNote(Form, frozen=True, kw_only=True):
    """`POST /api/credit_notes`: against the invoice of `invoiceid`, or whose number is `reference_no`."""

    invoiceid: texts.Id | UnsetType | None = UNSET
    reference_no: OptionalLine = UNSET
    clientid: texts.Id | UnsetType | None = UNSET
    number: Short | UnsetType | None = UNSET
    date: Day | UnsetType | None = UNSET
    currency: Short | UnsetType | None = UNSET
    newitems: CreditLines = UNSET
    items: CreditLines = UNSET
    subtotal: Short | UnsetType | None = UNSET
    total: Short | UnsetType | None = UNSET
    clientnote: Free = UNSET
    adminnote: Free = UNSET
    terms: Free = UNSET

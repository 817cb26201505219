"""What old clients send about money: payments, and what becomes of credit notes."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from api import texts
from api.seed_dialect.forms import Day, Form, Free, Short, Words

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


class ApplyCredit(Form, frozen=True, kw_only=True):
    """`POST /api/credit_notes/{id}/apply`; without an amount as much as fits."""

    invoiceid: texts.Id
    amount: Short | UnsetType | None = UNSET
    date: Day | UnsetType | None = UNSET


class RefundCredit(Form, frozen=True, kw_only=True):
    """`POST /api/credit_notes/{id}/refund`; without an amount all that is left."""

    amount: Short | UnsetType | None = UNSET
    payment_mode: Words | UnsetType | None = UNSET
    refunded_on: Day | UnsetType | None = UNSET
    note: Free = UNSET
    transactionid: OptionalLine = UNSET

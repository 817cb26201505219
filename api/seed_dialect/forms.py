"""What the old dialect's clients send, as types. Everything is text by now; fields that are not named here are ignored.

An absent field is UNSET and changes nothing; an empty one is None. `keeps` names the fields without a meaning for the
invoice as a document: they are kept with it as they came, and given back.
"""

from datetime import date
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from api.seed_dialect.brackets import Node
from invoicing_domain.model.invoice.lines import MAX_LINES
from invoicing_domain.requests import texts
from invoicing_domain.requests.misread import FieldError, Misread, misfit

T = TypeVar("T", bound=Struct)

Short = Annotated[str, Meta(max_length=40)]
"""A number or a word, read further on."""

Day = date
Words = Annotated[str, Meta(max_length=60)]
LineId = Annotated[str, Meta(min_length=1, max_length=10)]
Flag = Annotated[str, Meta(max_length=10)] | UnsetType | None
Free = texts.Text | UnsetType | None

# No pattern here: msgspec corrupts memory where a text with a pattern and a list may stand for each other (0.22).
Modes = (
    Annotated[str, Meta(max_length=2000)] | Annotated[tuple[Words | None, ...], Meta(max_length=50)] | UnsetType | None
)


class Form(Struct, frozen=True, kw_only=True):
    """A body of the old dialect: lenient, because nobody will change its clients."""


class Tax(Form, frozen=True, kw_only=True):
    """`{name, rate}`; or the rows that reading an invoice gives, `{taxname: "TVA|19.00", taxrate}`."""

    name: Words | UnsetType | None = UNSET
    rate: Short | UnsetType | None = UNSET
    taxname: Words | UnsetType | None = UNSET


class Taxed(Form, frozen=True, kw_only=True):
    taxname: Words | Annotated[tuple[Words | None, ...], Meta(max_length=20)] | UnsetType | None = UNSET
    taxes: Annotated[tuple[Tax, ...], Meta(max_length=20)] | UnsetType | None = UNSET


class NewLine(Taxed, frozen=True, kw_only=True):
    description: texts.Name
    long_description: Free = UNSET
    qty: Short
    rate: Short
    unit: Words | UnsetType | None = UNSET
    order: Annotated[int, Meta(ge=-(2**31), lt=2**31)] | UnsetType | None = UNSET


class LineEdit(Taxed, frozen=True, kw_only=True):
    itemid: LineId
    description: texts.Name | UnsetType = UNSET
    long_description: Free = UNSET
    qty: Short | UnsetType = UNSET
    rate: Short | UnsetType = UNSET
    unit: Words | UnsetType | None = UNSET


NewLines = Annotated[tuple[NewLine, ...], Meta(max_length=MAX_LINES)] | UnsetType | None


class InvoiceForm(Form, frozen=True, kw_only=True):
    """The fields that adding and updating share."""

    number: Short | UnsetType | None = UNSET
    date: Day | UnsetType | None = UNSET
    duedate: Day | UnsetType | None = UNSET
    currency: Short | UnsetType | None = UNSET
    subtotal: Short | UnsetType | None = UNSET
    total: Short | UnsetType | None = UNSET
    discount_percent: Short | UnsetType | None = UNSET
    discount_total: Short | UnsetType | None = UNSET
    discount_type: Short | UnsetType | None = UNSET
    adjustment: Short | UnsetType | None = UNSET
    billing_street: texts.Line | UnsetType | None = UNSET
    billing_city: texts.Line | UnsetType | None = UNSET
    billing_state: texts.Line | UnsetType | None = UNSET
    billing_zip: texts.Line | UnsetType | None = UNSET
    billing_country: Short | UnsetType | None = UNSET
    clientnote: Free = UNSET
    save_as_draft: Flag = UNSET
    save_and_send: Flag = UNSET
    save_and_send_later: Flag = UNSET

    adminnote: Free = UNSET
    terms: Free = UNSET
    tags: Free = UNSET
    sale_agent: Free = UNSET
    project_id: Free = UNSET
    show_quantity_as: Free = UNSET
    recurring: Free = UNSET
    repeat_every_custom: Free = UNSET
    repeat_type_custom: Free = UNSET
    cycles: Free = UNSET
    cancel_overdue_reminders: Free = UNSET
    include_shipping: Free = UNSET
    show_shipping_on_invoice: Free = UNSET
    shipping_street: Free = UNSET
    shipping_city: Free = UNSET
    shipping_state: Free = UNSET
    shipping_zip: Free = UNSET
    shipping_country: Free = UNSET
    allowed_payment_modes: Modes = UNSET
    custom_fields: Any = UNSET


class NewInvoice(InvoiceForm, frozen=True, kw_only=True):
    """`POST /api/invoices`: lines come as `newitems`, or as `items`."""

    clientid: texts.Id
    newitems: NewLines = UNSET
    items: NewLines = UNSET


class InvoiceChange(InvoiceForm, frozen=True, kw_only=True):
    """`PUT /api/invoices/{id}`: what is absent stays as it is; `items` with `itemid` are edits of lines."""

    clientid: texts.Id | UnsetType = UNSET
    newitems: NewLines = UNSET
    items: Annotated[tuple[LineEdit, ...], Meta(max_length=MAX_LINES)] | UnsetType | None = UNSET
    removed_items: Annotated[tuple[LineId | None, ...], Meta(max_length=MAX_LINES)] | UnsetType | None = UNSET


KEPT: Final = (
    "adminnote",
    "terms",
    "tags",
    "sale_agent",
    "project_id",
    "show_quantity_as",
    "recurring",
    "repeat_every_custom",
    "repeat_type_custom",
    "cycles",
    "cancel_overdue_reminders",
    "include_shipping",
    "show_shipping_on_invoice",
    "shipping_street",
    "shipping_city",
    "shipping_state",
    "shipping_zip",
    "shipping_country",
    "allowed_payment_modes",
    "custom_fields",
)
"""Kept as `seed.<name>` in the invoice's metadata."""


def form_of(structure: dict[str, Node], into: type[T]) -> T:
    """The structure as its type; a problem that names the field for what does not fit."""
    try:
        return msgspec.convert(structure, into, strict=False)
    except msgspec.ValidationError as error:
        raise Misread(_filled(misfit(str(error)))) from None


def _filled(error: FieldError) -> FieldError:
    """A form sends all of its fields: a required one that is empty is missing."""
    return msgspec.structs.replace(error, code="missing") if error.detail.endswith("got `null`") else error


def is_set(flag: object) -> bool:
    """Whether a flag is up: it is by having any value but one that says no."""
    return isinstance(flag, str) and flag.lower() not in {"0", "false", "off", "no"}

"""From bodies to commands: text becomes exact numbers, references become streams, snapshots are taken."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, cast

import msgspec

from api import bodies
from api.call import Call
from api.doors import Doors
from api.problems import Problem, invalid
from invoicing_domain.model.amounts import AMOUNT, PERCENT, QUANTITY, UNIT_PRICE, Scale, decimal_of
from invoicing_domain.model.customer.commands import ProfileChanges, RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.customer.state import Customer, as_buyer
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.invoice.commands import HeaderChanges, LineToCredit, Sending
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import LineChanges, LineInput
from invoicing_domain.model.money import Money, exact
from invoicing_domain.model.organization.commands import SettingsChanges
from invoicing_domain.model.organization.state import as_seller
from invoicing_domain.model.party import Address, Buyer
from invoicing_domain.model.payment.commands import AllocationWish
from invoicing_domain.model.vat import Discount, Vat


def number(text: str, scale: Scale, pointer: str) -> Decimal:
    try:
        return decimal_of(text, scale)
    except ValueError as error:
        raise invalid(pointer, str(error)) from None


def money(text: str, currency: str, pointer: str) -> Money:
    """An amount somebody stated; refuses more decimals than the currency has."""
    try:
        return exact(number(text, AMOUNT, pointer), currency)
    except ValueError as error:
        raise invalid(pointer, str(error)) from None


def address(body: bodies.AddressBody) -> Address:
    return Address(
        street=body.street,
        city=body.city,
        county=body.county,
        postal_code=body.postal_code,
        country=body.country,
    )


def profile(body: bodies.CustomerBody) -> CustomerProfile:
    return CustomerProfile(
        name=body.name,
        kind=body.kind,
        tax_id=body.tax_id,
        email=body.email,
        phone=body.phone,
        ibans=body.ibans,
        language=body.language,
        address=address(body.address),
    )


def profile_changes(body: bodies.CustomerPatch) -> ProfileChanges:
    return cast("ProfileChanges", _converted(body, address=address))


def vat(body: bodies.VatBody, pointer: str) -> Vat:
    return Vat(body.category, number(body.rate, PERCENT, f"{pointer}/rate"))


def discount(body: bodies.DiscountBody | None, pointer: str) -> Discount | None:
    if body is None:
        return None
    if (body.percent is None) == (body.amount is None):
        raise invalid(pointer, "give either percent or amount")
    if body.amount is not None:
        return Discount(amount=number(body.amount, AMOUNT, f"{pointer}/amount"))
    percent = number(body.percent or "", PERCENT, f"{pointer}/percent")
    if percent > 100:  # noqa: PLR2004 - the whole
        raise invalid(f"{pointer}/percent", "is at most 100")
    return Discount(percent=percent)


def line(body: bodies.LineBody, pointer: str) -> LineInput:
    return LineInput(
        description=body.description,
        details=body.details,
        quantity=number(body.quantity, QUANTITY, f"{pointer}/quantity"),
        unit=body.unit,
        unit_price=number(body.unit_price, UNIT_PRICE, f"{pointer}/unit_price"),
        vat=vat(body.vat, f"{pointer}/vat"),
        discount=discount(body.discount, f"{pointer}/discount"),
    )


def lines(given: Iterable[bodies.LineBody]) -> tuple[LineInput, ...]:
    return tuple(line(body, f"/lines/{n}") for n, body in enumerate(given))


def line_changes(body: bodies.LinePatch) -> LineChanges:
    changes = _converted(
        body,
        quantity=lambda text: number(text, QUANTITY, "/quantity"),
        unit_price=lambda text: number(text, UNIT_PRICE, "/unit_price"),
        vat=lambda given: vat(given, "/vat"),
        discount=lambda given: discount(given, "/discount"),
    )
    return cast("LineChanges", changes)


def header(body: bodies.InvoiceBody, customer: Buyer, currency: str) -> Header:
    return Header(
        customer=customer,
        currency=body.currency or currency,
        issue_date=body.issue_date,
        due_date=body.due_date,
        payment_terms_days=body.payment_terms_days,
        discount=discount(body.discount, "/discount"),
        notes=body.notes,
        buyer_reference=body.buyer_reference,
        payment_reference=body.payment_reference,
        metadata=body.metadata,
    )


def header_changes(body: bodies.InvoicePatch, call: Call, doors: Doors) -> HeaderChanges:
    changes = _converted(body, discount=lambda given: discount(given, "/discount"))
    if "customer_id" in changes:
        customer_id, customer = doors.customer(call, changes.pop("customer_id"), "/customer_id")
        changes["customer"] = as_buyer(customer_id, customer)
    return cast("HeaderChanges", changes)


def buyer(body: bodies.InvoiceBody, call: Call, doors: Doors) -> tuple[Buyer, RegisterCustomer | None]:
    """The buyer of a new draft: a known customer, or a new one that is registered with it."""
    if (body.customer_id is None) == (body.customer is None):
        raise invalid("/customer_id", "give either customer_id or customer", "missing")
    if body.customer_id is not None:
        customer_id, known = doors.customer(call, body.customer_id, "/customer_id")
        return as_buyer(customer_id, known), None
    return new_buyer(profile(body.customer or bodies.CustomerBody(name="-")), call, doors)


def new_buyer(given: CustomerProfile, call: Call, doors: Doors) -> tuple[Buyer, RegisterCustomer]:
    reference = doors.new(call, "customer")
    customer_id = stream_id("customer", call.organization_id, reference)
    registers = RegisterCustomer(customer_id=customer_id, reference=reference, profile=given)
    return as_buyer(customer_id, Customer(reference=reference, profile=given)), registers


def sending(call: Call, body: bodies.SendBody) -> Sending:
    settings = call.organization.profile
    return Sending(
        series=body.series or settings.invoice_series,
        seller=as_seller(call.organization),
        default_terms_days=settings.payment_terms_days,
        deliver=body.deliver,
    )


def wishes(given: Iterable[bodies.AllocationBody], call: Call, doors: Doors) -> tuple[AllocationWish, ...]:
    return tuple(_wish(one, f"/allocations/{n}", call, doors) for n, one in enumerate(given))


def _wish(body: bodies.AllocationBody, pointer: str, call: Call, doors: Doors) -> AllocationWish:
    try:
        invoice_id = doors.find(call, "invoice", body.invoice_id)
    except Problem:
        raise invalid(f"{pointer}/invoice_id", f"there is no invoice {body.invoice_id}", "unknown_invoice") from None
    amount = None if body.amount is None else number(body.amount, AMOUNT, f"{pointer}/amount")
    return AllocationWish(invoice_id=invoice_id, amount=amount)


def credit_lines(body: bodies.CreditNoteBody) -> tuple[LineToCredit, ...]:
    if body.full == bool(body.lines):
        raise invalid("/lines", "give either full or lines", "missing")
    return tuple(
        LineToCredit(line_id=one.line_id, quantity=number(one.quantity, QUANTITY, f"/lines/{n}/quantity"))
        for n, one in enumerate(body.lines)
    )


def organization_changes(body: bodies.OrganizationPatch) -> SettingsChanges:
    return cast("SettingsChanges", _converted(body, address=address))


def _given(body: msgspec.Struct) -> dict[str, Any]:
    """The fields of a patch that were sent, as they were sent."""
    return {name: value for name in body.__struct_fields__ if (value := getattr(body, name)) is not msgspec.UNSET}


def _converted(body: msgspec.Struct, **convert: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: convert[name](value) if name in convert else value for name, value in _given(body).items()}

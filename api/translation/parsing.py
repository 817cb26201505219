"""From bodies to commands: text becomes exact numbers, references become streams, snapshots are taken."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple, cast

from api.doors import Doors
from api.entrance.call import Call
from api.entrance.problems import Problem, invalid
from api.shapes import bodies
from api.translation import parties
from api.translation.patches import converted
from invoicing_domain.model.amounts import AMOUNT, PERCENT, QUANTITY, UNIT_PRICE, Scale, decimal_of
from invoicing_domain.model.customer.commands import RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.customer.state import Customer, as_buyer
from invoicing_domain.model.exchange.commands import GivenRate
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.invoice.commands import HeaderChanges, LineToCredit, Sending
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import LineChanges, LineInput
from invoicing_domain.model.money import Money, exact
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.organization.state import as_seller
from invoicing_domain.model.party import Buyer
from invoicing_domain.model.payment.commands import AllocationWish
from invoicing_domain.model.reference.vat_rates import RATES
from invoicing_domain.model.vat import Charge, Discount, Exemption, Vat


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


class Taxed(NamedTuple):
    """What a body says about VAT."""

    vat: Vat
    rate_by_law: bool
    exemption: Exemption | None


def taxed(body: bodies.VatBody, pointer: str, home: str) -> Taxed:
    """`home` is the country of the seller, whose law a rate follows that is left out."""
    exemption = None
    if body.exemption_code is not None or body.exemption_reason is not None:
        exemption = Exemption(code=body.exemption_code, reason=body.exemption_reason)
    if body.rate is not None:
        return Taxed(Vat(body.category, number(body.rate, PERCENT, f"{pointer}/rate")), False, exemption)
    by_law = body.category == "S"
    if by_law and home not in RATES:
        raise invalid(f"{pointer}/rate", f"state the rate: the rates of {home} are not in the table", "missing")
    return Taxed(Vat(body.category, Decimal(0)), by_law, exemption)


def charges(given: Iterable[bodies.ChargeBody], home: str) -> tuple[Charge, ...]:
    return tuple(_charge(body, f"/charges/{n}", home) for n, body in enumerate(given))


def _charge(body: bodies.ChargeBody, pointer: str, home: str) -> Charge:
    part = discount(bodies.DiscountBody(percent=body.percent, amount=body.amount), pointer) or Discount()
    vat, rate_by_law, exemption = taxed(body.vat, f"{pointer}/vat", home)
    return Charge(
        description=body.description,
        vat=vat,
        percent=part.percent,
        amount=part.amount,
        exemption=exemption,
        rate_by_law=rate_by_law,
    )


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


def line(body: bodies.LineBody, pointer: str, home: str = "RO") -> LineInput:
    vat, rate_by_law, exemption = taxed(body.vat, f"{pointer}/vat", home)
    return LineInput(
        description=body.description,
        details=body.details,
        quantity=number(body.quantity, QUANTITY, f"{pointer}/quantity"),
        unit=body.unit,
        unit_price=number(body.unit_price, UNIT_PRICE, f"{pointer}/unit_price"),
        price_includes_vat=body.price_includes_vat,
        vat=vat,
        rate_by_law=rate_by_law,
        exemption=exemption,
        discount=discount(body.discount, f"{pointer}/discount"),
    )


def lines(given: Iterable[bodies.LineBody], home: str = "RO") -> tuple[LineInput, ...]:
    return tuple(line(body, f"/lines/{n}", home) for n, body in enumerate(given))


def line_changes(body: bodies.LinePatch, home: str = "RO") -> LineChanges:
    changes = converted(
        body,
        quantity=lambda text: number(text, QUANTITY, "/quantity"),
        unit_price=lambda text: number(text, UNIT_PRICE, "/unit_price"),
        vat=lambda given: taxed(given, "/vat", home),
        discount=lambda given: discount(given, "/discount"),
    )
    if "vat" in changes:
        changes["vat"], changes["rate_by_law"], changes["exemption"] = changes["vat"]
    return cast("LineChanges", changes)


def header(body: bodies.InvoiceBody, customer: Buyer, settings: OrganizationProfile) -> Header:
    return Header(
        customer=customer,
        currency=body.currency or settings.currency,
        issue_date=body.issue_date,
        due_date=body.due_date,
        payment_terms_days=body.payment_terms_days,
        discount=discount(body.discount, "/discount"),
        charges=charges(body.charges, settings.address.country),
        tax_point_date=body.tax_point_date,
        delivery_date=body.delivery_date,
        delivery_country=body.delivery_country,
        notes=body.notes,
        buyer_reference=body.buyer_reference,
        payment_reference=body.payment_reference,
        metadata=body.metadata,
    )


def header_changes(body: bodies.InvoicePatch, call: Call, doors: Doors) -> HeaderChanges:
    home = call.organization.profile.address.country
    changes = converted(
        body,
        discount=lambda given: discount(given, "/discount"),
        charges=lambda given: charges(given, home),
    )
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
    return new_buyer(parties.profile(body.customer or bodies.CustomerBody(name="-"), "/customer"), call, doors)


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
        exchange=given_rate(body.exchange),
    )


def given_rate(body: bodies.RateBody | None, pointer: str = "/exchange") -> GivenRate | None:
    if body is None:
        return None
    return GivenRate(rate=number(body.rate, UNIT_PRICE, f"{pointer}/rate"), on=body.of)


def optional_amount(text: str | None, pointer: str = "/amount") -> Decimal | None:
    return None if text is None else number(text, AMOUNT, pointer)


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

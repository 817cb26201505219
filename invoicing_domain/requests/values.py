"""From texts to exact values of the model."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from invoicing_domain.model.amounts import AMOUNT, PERCENT, QUANTITY, UNIT_PRICE, Scale, decimal_of
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.exchange.commands import GivenRate
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.money import Money, exact
from invoicing_domain.model.party import Address
from invoicing_domain.model.party_checks import tidy_customer
from invoicing_domain.model.reference.vat_rates import RATES
from invoicing_domain.model.vat import Charge, Discount, Exemption, Vat
from invoicing_domain.requests.bodies import (
    AddressBody,
    ChargeBody,
    CustomerBody,
    DiscountBody,
    LineBody,
    RateBody,
    VatBody,
)
from invoicing_domain.requests.misread import misread, refuse


def number(text: str, scale: Scale, pointer: str) -> Decimal:
    try:
        return decimal_of(text, scale)
    except ValueError as error:
        raise misread(pointer, str(error)) from None


def money(text: str, currency: str, pointer: str) -> Money:
    """An amount somebody stated; refuses more decimals than the currency has."""
    try:
        return exact(number(text, AMOUNT, pointer), currency)
    except ValueError as error:
        raise misread(pointer, str(error)) from None


class Taxed(NamedTuple):
    """What a body says about VAT."""

    vat: Vat
    rate_by_law: bool
    exemption: Exemption | None


def taxed(body: VatBody, pointer: str, home: str) -> Taxed:
    """`home` is the country of the seller, whose law a rate follows that is left out."""
    exemption = None
    if body.exemption_code is not None or body.exemption_reason is not None:
        exemption = Exemption(code=body.exemption_code, reason=body.exemption_reason)
    if body.rate is not None:
        return Taxed(Vat(body.category, number(body.rate, PERCENT, f"{pointer}/rate")), False, exemption)
    by_law = body.category == "S"
    if by_law and home not in RATES:
        raise misread(f"{pointer}/rate", f"state the rate: the rates of {home} are not in the table", "missing")
    return Taxed(Vat(body.category, Decimal(0)), by_law, exemption)


def charges(given: Iterable[ChargeBody], home: str) -> tuple[Charge, ...]:
    return tuple(_charge(body, f"/charges/{n}", home) for n, body in enumerate(given))


def _charge(body: ChargeBody, pointer: str, home: str) -> Charge:
    part = discount(DiscountBody(percent=body.percent, amount=body.amount), pointer) or Discount()
    vat, rate_by_law, exemption = taxed(body.vat, f"{pointer}/vat", home)
    return Charge(
        description=body.description,
        vat=vat,
        percent=part.percent,
        amount=part.amount,
        exemption=exemption,
        rate_by_law=rate_by_law,
    )


def discount(body: DiscountBody | None, pointer: str) -> Discount | None:
    if body is None:
        return None
    if (body.percent is None) == (body.amount is None):
        raise misread(pointer, "give either percent or amount")
    if body.amount is not None:
        return Discount(amount=number(body.amount, AMOUNT, f"{pointer}/amount"))
    percent = number(body.percent or "", PERCENT, f"{pointer}/percent")
    if percent > 100:  # noqa: PLR2004 - the whole
        raise misread(f"{pointer}/percent", "is at most 100")
    return Discount(percent=percent)


def line(body: LineBody, pointer: str, home: str = "RO") -> LineInput:
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


def lines(given: Iterable[LineBody], home: str = "RO") -> tuple[LineInput, ...]:
    return tuple(line(body, f"/lines/{n}", home) for n, body in enumerate(given))


def given_rate(body: RateBody | None, pointer: str = "/exchange") -> GivenRate | None:
    if body is None:
        return None
    return GivenRate(rate=number(body.rate, UNIT_PRICE, f"{pointer}/rate"), on=body.of)


def address(body: AddressBody) -> Address:
    return Address(
        street=body.street,
        city=body.city,
        county=body.county,
        postal_code=body.postal_code,
        country=body.country,
    )


def profile(body: CustomerBody, pointer: str = "") -> CustomerProfile:
    """The profile in its one spelling; refuses one with faults, all of them at once."""
    tidy, faults = tidy_customer(_profile(body))
    refuse(faults, pointer)
    return tidy


def _profile(body: CustomerBody) -> CustomerProfile:
    return CustomerProfile(
        name=body.name,
        kind=body.kind,
        tax_id=body.tax_id,
        email=body.email,
        phone=body.phone,
        ibans=body.ibans,
        language=body.language,
        address=address(body.address),
        contact_name=body.contact_name,
        identifier=body.identifier,
        legal_registration=body.legal_registration,
    )

"""Who buys, how they pay, and what they buy. Chance comes from a seeded generator, which is no secret's source."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from deploy.demo_data.words import (
    ABROAD,
    ADDITIONS,
    DETAILS,
    FIRST_NAMES,
    GOODS,
    LEGAL_FORMS,
    NAMES,
    STREETS,
    TOWNS,
    TRADES,
    Good,
)
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.customer.state import Customer as Registered
from invoicing_domain.model.customer.state import as_buyer
from invoicing_domain.model.identifiers import is_cui
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.party import Address, Buyer
from invoicing_domain.model.reference.vat_rates import rates_in_force
from invoicing_domain.model.vat import Discount, Vat
from projections.text import searchable

PERSONS, FOREIGNERS, PUBLIC = 0.12, 0.08, 0.04
"""Shares of all customers; the others are businesses."""

PAYING_ALL_AT_ONCE: Final = 0.15
WITH_DISCOUNT: Final = 0.06
"""Shares of customers and of lines."""

TERMS: Final = (14, 15, 30, 30, 30, 45, 60)
STANDARD: Final = Vat("S", Decimal(0))
REVERSE_CHARGE: Final = Vat("AE", Decimal(0))
RATES: Final = {"EUR": Decimal("4.97"), "USD": Decimal("4.58")}
"""Stated on the documents: nobody pretends to know what the central bank published."""


@dataclass(slots=True)
class Customer:
    """A buyer with habits; `days_late` is around which day after the due date it pays."""

    customer_id: StreamId
    profile: CustomerProfile
    buyer: Buyer
    currency: str
    terms_days: int
    days_late: float
    pays_all_at_once: bool
    owing: dict[StreamId, None] = field(default_factory=dict)


def customer(chance: Random, customer_id: StreamId, reference: int) -> Customer:
    profile = _profile(chance, reference)
    foreign = profile.kind == "foreign"
    return Customer(
        customer_id=customer_id,
        profile=profile,
        buyer=as_buyer(customer_id, Registered(reference=reference, profile=profile)),
        currency=chance.choice(("EUR", "EUR", "EUR", "USD")) if foreign else chance.choice(("RON",) * 24 + ("EUR",)),
        terms_days=chance.choice(TERMS),
        days_late=chance.gauss(-5, 9),
        pays_all_at_once=chance.random() < PAYING_ALL_AT_ONCE,
    )


def _profile(chance: Random, reference: int) -> CustomerProfile:
    kind = chance.random()
    if kind < PERSONS:
        name = f"{chance.choice(FIRST_NAMES)} {chance.choice(NAMES)}"
        return CustomerProfile(name=name, kind="person", email=_email(name, reference), address=_home(chance))
    if kind < PERSONS + FOREIGNERS:
        country, prefix, city, street, form = chance.choice(ABROAD)
        name = f"{chance.choice(NAMES)} {form}"
        return CustomerProfile(
            name=name,
            kind="foreign",
            tax_id=f"{prefix}{chance.randrange(10**7, 10**8)}",
            email=_email(name, reference),
            language="en",
            address=Address(street=f"{street} {chance.randrange(1, 200)}", city=city, country=country),
        )
    if kind < PERSONS + FOREIGNERS + PUBLIC:
        name = f"Primăria {chance.choice(NAMES)}"
        return CustomerProfile(
            name=name, kind="public", tax_id=_cui(chance), email=_email(name, reference), address=_home(chance)
        )
    name = f"{chance.choice(TRADES)} {chance.choice(NAMES)}{chance.choice(ADDITIONS)} {chance.choice(LEGAL_FORMS)}"
    return CustomerProfile(name=name, tax_id=f"RO{_cui(chance)}", email=_email(name, reference), address=_home(chance))


def _home(chance: Random) -> Address:
    city, county, post = chance.choice(TOWNS)
    street = f"{chance.choice(STREETS)} {chance.randrange(1, 260)}"
    return Address(street=street, city=city, county=county, postal_code=f"{post}{chance.randrange(100):02d}")


def _email(name: str, reference: int) -> str:
    return f"{'.'.join(searchable(name).split()[:2])}.{reference}@clienti.example"


def _cui(chance: Random) -> str:
    """A tax code whose last digit checks the others."""
    body = str(chance.randrange(100_000, 10_000_000))
    return next(f"{body}{digit}" for digit in range(10) if is_cui(f"{body}{digit}"))


def basket(chance: Random, buyer: Customer, day: date) -> tuple[LineInput, ...]:
    """One line mostly, seldom many."""
    count = chance.choice((1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 6))
    return tuple(_line(chance, chance.choice(GOODS), buyer, day) for _ in range(count))


def _line(chance: Random, good: Good, buyer: Customer, day: date) -> LineInput:
    foreign = buyer.profile.kind == "foreign"
    bani = chance.randrange(good.cheapest, good.dearest)
    price = Decimal(bani).scaleb(-2)
    if buyer.currency != "RON":
        price = (price / 5).quantize(Decimal("0.01"))
    return LineInput(
        description=good.description,
        quantity=Decimal(chance.randrange(1, good.most + 1)),
        unit=good.unit,
        unit_price=price,
        vat=REVERSE_CHARGE if foreign else (_reduced(day) if good.reduced else STANDARD),
        rate_by_law=not foreign and not good.reduced,
        discount=Discount(percent=Decimal(chance.choice((5, 10, 15)))) if chance.random() < WITH_DISCOUNT else None,
        details=chance.choice(DETAILS).format(number=chance.randrange(1_000, 100_000)),
    )


def _reduced(day: date) -> Vat:
    """The reduced rate that was law on a day."""
    found = rates_in_force("RO", day) or ()
    return Vat("S", next(rate.percent for rate in found if not rate.standard))

"""What people write about parties, put in order: each check once, each fault with the field that it is in.

Whoever registers a party through the native doors is told of faults and nothing is recorded; doors for old clients keep
what was given, and the documents warn.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.identifiers import (
    CNP_DIGITS,
    NO_CNP,
    compact,
    has_vat_prefix,
    is_cnp,
    is_cui,
    is_iban,
    is_vat_id,
    vat_prefix,
)
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.party import Address, Buyer, CustomerKind
from invoicing_domain.model.reference.counties import BUCHAREST, county_code, folded, sector
from invoicing_domain.model.reference.countries import COUNTRIES

_WORDS_BEFORE: Final = ("CUI:", "CIF:", "CNP:", "CUI", "CIF", "CNP")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of a party; `field` is its path, such as `address/county`."""

    field: str
    code: str
    detail: str


Faults = tuple[Fault, ...]


def tidy_customer(profile: CustomerProfile) -> tuple[CustomerProfile, Faults]:
    """The profile with its numbers and places in their one spelling; what has a fault stays as it was given."""
    tax_id, wrong_tax_id = tidy_tax_id(profile.tax_id, profile.kind, profile.address.country)
    ibans, wrong_ibans = tidy_ibans(profile.ibans)
    address, wrong_address = tidy_address(profile.address)
    tidy = replace(profile, tax_id=tax_id, ibans=ibans, address=address)
    return tidy, (*wrong_tax_id, *wrong_ibans, *wrong_address)


def tidy_organization(profile: OrganizationProfile) -> tuple[OrganizationProfile, Faults]:
    tax_id, wrong_tax_id = tidy_tax_id(profile.tax_id, "business", profile.address.country)
    ibans, wrong_ibans = tidy_ibans(profile.ibans)
    address, wrong_address = tidy_address(profile.address)
    tidy = replace(profile, tax_id=tax_id, ibans=ibans, address=address)
    return tidy, (*wrong_tax_id, *wrong_ibans, *wrong_address)


def faults_of_buyer(buyer: Buyer) -> Faults:
    """What a document says about its buyer and should not."""
    _, wrong_tax_id = tidy_tax_id(buyer.tax_id, buyer.kind, buyer.address.country)
    _, wrong_address = tidy_address(buyer.address)
    return (*wrong_tax_id, *wrong_address)


def tidy_tax_id(given: str | None, kind: CustomerKind, country: str) -> tuple[str | None, Faults]:
    if given is None or not given.strip():
        return None, ()
    number = _without_words(compact(given))
    if kind == "foreign" or (country != "RO" and not number.startswith("RO")):
        return _foreign(given.strip(), number, country)
    if kind == "person":
        right = is_cnp(number) or number == NO_CNP
        detail = "is not a personal code (CNP): 13 digits with a date of birth and a check digit"
    elif has_vat_prefix(number) and not number.startswith("RO"):
        right, detail = is_vat_id(number), f"does not have the shape of a VAT number of {number[:2]}"
    else:
        digits = number.removeprefix("RO")
        right = is_cui(digits) or (len(number) == CNP_DIGITS and is_cnp(number))
        detail = "is not a Romanian tax code (CUI): its last digit does not fit the others"
    if not right:
        return given.strip(), (Fault("tax_id", "tax_id_invalid", detail),)
    return number, ()


def _without_words(number: str) -> str:
    for word in _WORDS_BEFORE:
        if number.startswith(word):
            return number.removeprefix(word)
    return number


def _foreign(given: str, number: str, country: str) -> tuple[str, Faults]:
    """Abroad only the VAT numbers of the EU have a shape that is known; anything else is taken as it stands."""
    prefix = vat_prefix(country)
    if prefix is None or not number.startswith(prefix):
        return (number, ()) if is_vat_id(number) else (given, ())
    if country == "GB" or is_vat_id(number):
        return number, ()
    return given, (Fault("tax_id", "tax_id_invalid", f"does not have the shape of a VAT number of {prefix}"),)


def tidy_ibans(given: Iterable[str]) -> tuple[tuple[str, ...], Faults]:
    ibans: list[str] = []
    faults: list[Fault] = []
    for n, text in enumerate(given):
        iban = compact(text)
        if is_iban(iban):
            ibans.append(iban)
        else:
            ibans.append(text)
            detail = "is not an account number: its length is not that of the country, or its check digits do not fit"
            faults.append(Fault(f"ibans/{n}", "iban_invalid", detail))
    return tuple(ibans), tuple(faults)


def tidy_address(given: Address) -> tuple[Address, Faults]:
    """Romanian counties as ISO 3166-2 and Bucharest by sector, as e-Factura wants them; elsewhere only the country."""
    if given.country not in COUNTRIES:
        detail = f"{given.country!r} is not a country of ISO 3166-1"
        return given, (Fault("address/country", "country_unknown", detail),)
    if given.country != "RO":
        return given, ()
    named = sector(given.city)
    county = county_code(given.county) if given.county.strip() else (BUCHAREST if named else "")
    if county is None:
        detail = f"{given.county!r} is not a Romanian county, such as RO-CJ or Cluj"
        return given, (Fault("address/county", "county_unknown", detail),)
    if county != BUCHAREST or not given.city.strip():
        return replace(given, county=county), ()
    named = named or (sector(given.county) if folded(given.city).endswith(("bucuresti", "bucharest")) else None)
    if named is None:
        detail = "the city of an address in Bucharest is its sector: SECTOR1 to SECTOR6 (BR-RO-100)"
        return replace(given, county=county), (Fault("address/city", "sector_unknown", detail),)
    return replace(given, county=county, city=named), ()

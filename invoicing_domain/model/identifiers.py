"""Numbers that check themselves: Romanian tax codes, personal codes and bank accounts; VAT numbers by their shape."""

import re
from datetime import date
from typing import Final

from invoicing_domain.model.reference.countries import EU_VAT_SHAPES, IBAN_LENGTHS, VAT_PREFIX

_CUI: Final = re.compile(r"[1-9][0-9]{1,9}")
_CUI_WEIGHTS: Final = (7, 5, 3, 2, 1, 7, 5, 3, 2)

CNP_DIGITS: Final = 13
NO_CNP: Final = "0" * CNP_DIGITS
"""What a person who gave no personal code is reported with."""
_CNP: Final = re.compile(r"[1-9][0-9]{12}")
_CNP_WEIGHTS: Final = (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)
_CENTURIES: Final = {"1": (1900,), "2": (1900,), "3": (1800,), "4": (1800,), "5": (2000,), "6": (2000,)}
_ANY_CENTURY: Final = (1900, 2000)

_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_RO_IBAN: Final = re.compile(r"RO[0-9]{2}[A-Z]{4}[A-Z0-9]{16}")


def compact(text: str) -> str:
    """The number without the spaces, points and dashes that people put in, in capitals."""
    return re.sub(r"[\s.\-/]+", "", text).upper()


def is_cui(digits: str) -> bool:
    """A Romanian tax code (CUI, CIF) without its RO: 2 to 10 digits, the last of which checks the others."""
    if not _CUI.fullmatch(digits):
        return False
    body = digits[:-1].rjust(len(_CUI_WEIGHTS), "0")
    check = sum(int(digit) * weight for digit, weight in zip(body, _CUI_WEIGHTS, strict=True)) * 10 % 11 % 10
    return check == int(digits[-1])


def is_cnp(digits: str) -> bool:
    """A Romanian personal code (CNP): sex and century, a date of birth, a county, a serial, a check digit."""
    if not _CNP.fullmatch(digits):
        return False
    check = sum(int(digit) * weight for digit, weight in zip(digits, _CNP_WEIGHTS, strict=False)) % 11
    if (1 if check == 10 else check) != int(digits[-1]):  # noqa: PLR2004 - two digits do not fit one place
        return False
    return any(_is_date(century + int(digits[1:3]), digits) for century in _CENTURIES.get(digits[0], _ANY_CENTURY))


def _is_date(year: int, digits: str) -> bool:
    try:
        date(year, int(digits[3:5]), int(digits[5:7]))
    except ValueError:
        return False
    return True


def is_iban(iban: str) -> bool:
    """A bank account number (ISO 13616) in compact form: its country's length, and remainder 1 of 97."""
    if not _IBAN.fullmatch(iban) or len(iban) != IBAN_LENGTHS.get(iban[:2]):
        return False
    if iban.startswith("RO") and not _RO_IBAN.fullmatch(iban):
        return False
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


def vat_prefix(country: str) -> str | None:
    """What a VAT number of a member state begins with; None outside the EU."""
    prefix = VAT_PREFIX.get(country, country)
    return prefix if prefix in EU_VAT_SHAPES else None


def is_vat_id(number: str) -> bool:
    """A VAT number with its prefix has the shape of that member state; whether it is registered, nobody knows here."""
    shape = EU_VAT_SHAPES.get(number[:2])
    return shape is not None and re.fullmatch(shape, number[2:]) is not None


def has_vat_prefix(tax_id: str | None) -> bool:
    """A tax id begins like a VAT number of a member state (BR-CO-09)."""
    return tax_id is not None and tax_id[:2] in EU_VAT_SHAPES

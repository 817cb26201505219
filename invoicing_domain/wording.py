"""How money, dates and names are written for people, in the language of whoever reads: on paper and in mails alike."""

import unicodedata
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency

from invoicing_domain.model.party import Language

_LOCALES: Final[dict[Language, str]] = {"ro": "ro_RO", "en": "en_GB"}
# ISO codes, not symbols: "kr" and "$" are several currencies each. The space does not break: an amount stays whole.
_MONEY_PATTERNS: Final[dict[Language, str]] = {"ro": "#,##0.00\u00a0¤¤", "en": "¤¤\u00a0#,##0.00"}
# Romanian has three forms (Unicode CLDR): 1 zi, 2-19 zile, 20 de zile, 101 zile, 120 de zile.
_DAYS: Final[dict[Language, dict[str, str]]] = {
    "ro": {"one": "{} zi", "few": "{} zile", "other": "{} de zile"},
    "en": {"one": "{} day", "other": "{} days"},
}
# They turn the text after them around, so that "ORWOL" reads as "LOWRO" and one name passes for another.
TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def money(amount: Decimal, currency: str, language: Language) -> str:
    """1.234.567,50 RON for Romanians, RON 1,234,567.50 for Britons; as many decimals as the currency has."""
    return format_currency(amount, currency, format=_MONEY_PATTERNS[language], locale=_LOCALES[language])


def day(value: date, language: Language) -> str:
    """10 mai 2026, 10 May 2026."""
    return format_date(value, format="long", locale=_LOCALES[language])


def moment(value: datetime, zone: tzinfo, language: Language) -> str:
    """10 mai 2026, 14:05; 10 May 2026, 14:05: by the calendar of whoever reads."""
    local = value.astimezone(zone)
    return f"{day(local.date(), language)}, {local:%H:%M}"


def days(count: int, language: Language) -> str:
    """1 zi, 2 zile, 20 de zile."""
    form = Locale.parse(_LOCALES[language]).plural_form(count)
    return _DAYS[language][form].format(count)


def grouped_iban(iban: str) -> str:
    """Blocks of four, as printed on paper; plain spaces, because people paste it into their bank's form."""
    bare = "".join(iban.split())
    return " ".join(bare[start : start + 4] for start in range(0, len(bare), 4))


def one_line(text: str) -> str:
    """A name as one line that reads as it is written: no control characters, nothing that turns text around."""
    kept = (" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text if char not in TURNING)
    return " ".join("".join(kept).split())

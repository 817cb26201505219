"""Reading the exchange rates that BNR publishes: DataSet > Body > Cube[date] > Rate[currency, multiplier].

Nothing of XML but elements and text is let in: a document type could name entities, and those could name files or
grow without end. The API and the command line read the same way.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Final
from xml.parsers import expat

from invoicing_domain.model.exchange.events import DayRates

MAX_BYTES: Final = 1 << 20
"""A year of daily rates is half of this."""

MAX_DEPTH: Final = 10
MAX_DAYS: Final = 400

_RATE: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_MULTIPLIER: Final = re.compile(r"1|10|100|1000|10000")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotRatesError(ValueError):
    """The bytes are not a file of BNR rates; the message says what is wrong with them."""


def read_rates(content: bytes) -> tuple[DayRates, ...]:
    """The days of a file, each once and in order; what one unit of each currency is worth in lei."""
    if len(content) > MAX_BYTES:
        raise NotRatesError(f"a file of rates has at most {MAX_BYTES} bytes")
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise NotRatesError(f"not XML: {error}") from None
    except (UnicodeError, LookupError) as error:
        raise NotRatesError(f"not XML in an encoding that we know: {error}") from None
    if not reader.days:
        raise NotRatesError("there is no Cube with rates in it: is this nbrfxrates.xml of BNR?")
    return tuple(DayRates(date=day, rates=rates) for day, rates in sorted(reader.days.items()))


class _Reader:
    """Callbacks of one parse."""

    def __init__(self) -> None:
        self.days: dict[date, dict[str, Decimal]] = {}
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._depth = 0
        self._day: date | None = None
        self._currency: tuple[str, Decimal] | None = None
        self._said = ""

    def _doctype(self, *_: object) -> None:
        raise NotRatesError("a document type is not read: BNR's files have none")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise NotRatesError("elements are nested too deeply for a file of rates")
        match name.rpartition(":")[2]:
            case "OrigCurrency":
                self._said = ""
            case "Cube":
                self._day = _day(attributes.get("date", ""))
                if len(self.days) >= MAX_DAYS:
                    raise NotRatesError(f"a file has at most {MAX_DAYS} days")
            case "Rate":
                self._currency = _currency(attributes)
                self._said = ""

    def _text(self, text: str) -> None:
        self._said = (self._said + text)[:100]

    def _end(self, name: str) -> None:
        self._depth -= 1
        match name.rpartition(":")[2]:
            case "OrigCurrency" if self._said.strip() != "RON":
                raise NotRatesError(f"rates are of {self._said.strip()!r}, not of RON")
            case "Rate":
                self._take()
            case "Cube":
                self._day = None

    def _take(self) -> None:
        said = self._said.strip()
        if self._day is None or self._currency is None:
            raise NotRatesError("a Rate stands outside a Cube")
        if said == "-":  # BNR's word for no quotation
            return
        currency, multiplier = self._currency
        if not _RATE.fullmatch(said) or not Decimal(said):
            raise NotRatesError(f"{said!r} is not a rate of {currency} on {self._day}")
        rates = self.days.setdefault(self._day, {})
        if currency in rates:
            raise NotRatesError(f"{currency} appears twice on {self._day}")
        rates[currency] = Decimal(said) / multiplier


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise NotRatesError(f"{text!r} is not the date of a Cube") from None


def _currency(attributes: dict[str, str]) -> tuple[str, Decimal]:
    currency, multiplier = attributes.get("currency", ""), attributes.get("multiplier", "1")
    if not _CURRENCY.fullmatch(currency) or currency == "RON":
        raise NotRatesError(f"{currency!r} is not a currency of a rate")
    if not _MULTIPLIER.fullmatch(multiplier):
        raise NotRatesError(f"{multiplier!r} is not a multiplier of {currency}")
    return currency, Decimal(multiplier)

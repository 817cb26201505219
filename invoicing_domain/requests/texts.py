"""Field types of requests: text that may not smuggle control characters, and numbers that travel as text."""

from typing import Annotated, Final

from msgspec import Meta

from invoicing_domain.model.amounts import AMOUNT, PERCENT, QUANTITY, UNIT_PRICE

# "$" alone also matches before a line feed at the end: here, and in whatever validates by the OpenAPI document.
_END: Final = r"$(?!\n)"
_CLEAN: Final = rf"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*{_END}"
_ONE_LINE: Final = rf"^[^\x00-\x1f\x7f\ud800-\udfff]*{_END}"
_EMAIL: Final = rf"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+{_END}"
_COUNTRY: Final = rf"^[A-Z]{{2}}{_END}"
_CURRENCY: Final = rf"^[A-Z]{{3}}{_END}"
_IBAN: Final = rf"^[A-Za-z0-9 ]{{5,42}}{_END}"
_ID: Final = rf"^[0-9a-fA-F-]+{_END}"
_UNIT: Final = rf"^[A-Z0-9]+{_END}"

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=_ONE_LINE)]
Line = Annotated[str, Meta(max_length=200, pattern=_ONE_LINE)]
Short = Annotated[str, Meta(min_length=1, max_length=100, pattern=_ONE_LINE)]
Text = Annotated[str, Meta(max_length=4000, pattern=_CLEAN)]
Label = Annotated[str, Meta(min_length=1, max_length=60, pattern=_ONE_LINE)]
Email = Annotated[str, Meta(max_length=254, pattern=_EMAIL)]
Country = Annotated[str, Meta(pattern=_COUNTRY, description="ISO 3166-1 alpha-2")]
Currency = Annotated[str, Meta(pattern=_CURRENCY, description="ISO 4217")]
Iban = Annotated[str, Meta(pattern=_IBAN)]
Id = Annotated[str, Meta(min_length=1, max_length=36, pattern=_ID)]
Unit = Annotated[str, Meta(min_length=1, max_length=10, pattern=_UNIT, description="UN/ECE Recommendation 20 or 21")]

Amount = Annotated[str, Meta(pattern=AMOUNT.pattern, description="major units as text, such as 236.00")]
Quantity = Annotated[str, Meta(pattern=QUANTITY.pattern, description="up to 6 decimals, as text")]
UnitPrice = Annotated[str, Meta(pattern=UNIT_PRICE.pattern, description="up to 6 decimals, as text")]
Percent = Annotated[str, Meta(pattern=PERCENT.pattern, description="percent as text, such as 21")]
Days = Annotated[int, Meta(ge=0, le=3650)]

WORDS: Final = {
    _CLEAN: "text without control characters",
    _ONE_LINE: "one line of text without control characters",
    _EMAIL: "an e-mail address",
    _COUNTRY: "a country of ISO 3166-1, such as RO",
    _CURRENCY: "a currency of ISO 4217, such as RON",
    _IBAN: "an IBAN, such as RO49AAAA1B31007593840000",
    _ID: "an id: a UUID, or the small integer of the document, as text",
    _UNIT: "a unit code in capitals and digits, such as H87",
    AMOUNT.pattern: "an amount as plain text with at most 3 decimals, such as 236.00",
    QUANTITY.pattern: "a number as plain text with at most 6 decimals, such as 2 or 0.125",
    UNIT_PRICE.pattern: "a price as plain text with at most 6 decimals, such as 99.50",
    PERCENT.pattern: "a percentage as plain text with at most 2 decimals, such as 21",
}
"""What each pattern means, for people who sent something else."""

"""Field types of requests: text that may not smuggle control characters, and numbers that travel as text."""

from typing import Annotated, Final

from msgspec import Meta

from invoicing_domain.model.amounts import AMOUNT, PERCENT, QUANTITY, UNIT_PRICE

_CLEAN: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*$"
_ONE_LINE: Final = r"^[^\x00-\x1f\x7f\ud800-\udfff]*$"

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=_ONE_LINE)]
Line = Annotated[str, Meta(max_length=200, pattern=_ONE_LINE)]
Text = Annotated[str, Meta(max_length=4000, pattern=_CLEAN)]
Email = Annotated[str, Meta(max_length=254, pattern=r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$")]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$", description="ISO 4217")]
Iban = Annotated[str, Meta(pattern=r"^[A-Z]{2}[0-9]{2}[A-Z0-9 ]{11,36}$")]
Id = Annotated[str, Meta(min_length=1, max_length=36, pattern=r"^[0-9a-fA-F-]+$")]

Amount = Annotated[str, Meta(pattern=AMOUNT.pattern, description="major units as text, such as 236.00")]
Quantity = Annotated[str, Meta(pattern=QUANTITY.pattern, description="up to 6 decimals, as text")]
UnitPrice = Annotated[str, Meta(pattern=UNIT_PRICE.pattern, description="up to 6 decimals, as text")]
Percent = Annotated[str, Meta(pattern=PERCENT.pattern, description="percent as text, such as 21")]
Days = Annotated[int, Meta(ge=0, le=3650)]

"""Personal data of customers, field by field: what they are, and what stands in their place once they are erased."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, TypedDict, TypeVar

from invoicing_domain.model.party import Address
from invoicing_domain.model.refusal import Refusal

ERASED: Final = "[erased]"
"""In the place of a text that has to be one."""

CONTACT: Final = ("email", "phone", "contact_name", "ibans", "to", "customer_name")
"""How to reach somebody: personal wherever it stands. (A payment knows the name of its customer, but not the kind.)"""

IDENTITY: Final = ("name", "address", "tax_id", "identifier", "legal_registration")
"""Who somebody is: personal where the customer is a natural person and the document is none that the law wants kept."""

_BLANK: Final[Mapping[str, object]] = {"name": ERASED, "to": ERASED, "customer_name": ERASED, "ibans": ()}

H = TypeVar("H")


class Personal(TypedDict, total=False):
    """The personal data of one customer that a fact holds, by the names of their fields."""

    name: str
    tax_id: str
    email: str
    phone: str
    ibans: tuple[str, ...]
    address: Address
    contact_name: str
    identifier: str
    legal_registration: str
    to: str
    customer_name: str


def personal_of(holder: Any, *, fiscal: bool = False) -> Personal:
    """What is personal in a buyer, a profile, or a fact that names a person; `fiscal`: in a document kept by law."""
    is_somebody = not fiscal and getattr(holder, "kind", None) == "person"
    names = (*CONTACT, *IDENTITY) if is_somebody else CONTACT
    found: Any = {
        name: value for name in names if (value := getattr(holder, name, None)) and not _is_blank(name, value)
    }
    personal: Personal = found
    return personal


def without(holder: H, personal: Personal) -> H:
    """The same without its personal data; of an address the country stays, which VAT depends on."""
    blank = {name: _BLANK.get(name) for name in personal}
    if "address" in personal:
        blank["address"] = Address(country=personal["address"].country)
    changed: Any = holder
    kept: H = replace(changed, **blank)
    return kept


def refuse_erased(*, is_erased: bool) -> None:
    """Nothing new is made for somebody whose personal data were erased: there is nobody to make it out to."""
    if is_erased:
        raise Refusal(
            "customer_erased", "the personal data of this customer were erased; register the customer anew to go on"
        )


def _is_blank(name: str, value: object) -> bool:
    return value == _BLANK.get(name) or (isinstance(value, Address) and value == Address(country=value.country))

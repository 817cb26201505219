"""Customers of the old dialect: their forms, and what they become."""

from dataclasses import replace
from typing import Any, Final, cast

from msgspec import UNSET, UnsetType

from api.entrance.problems import invalid
from api.seed_dialect.countries import country_of
from api.seed_dialect.forms import Form, Short
from invoicing_domain.model.customer.commands import ProfileChanges
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.party import Address, Language
from invoicing_domain.model.party_checks import Fault, tidy_customer
from invoicing_domain.requests import texts
from invoicing_domain.requests.misread import refuse

Line = texts.Line | UnsetType | None

_ADDRESS: Final = {"address": "street", "city": "city", "state": "county", "zip": "postal_code"}
_FIELDS: Final = {"name": "company", "tax_id": "vat"}


class CustomerChange(Form, frozen=True, kw_only=True):
    """`PUT /api/customers/{id}`: what is absent stays as it is, what is empty is emptied."""

    company: texts.Name | UnsetType = UNSET
    vat: Line = UNSET
    phonenumber: Line = UNSET
    email: texts.Email | UnsetType | None = UNSET
    default_language: Short | UnsetType | None = UNSET
    address: Line = UNSET
    city: Line = UNSET
    state: Line = UNSET
    zip: Line = UNSET
    country: Short | UnsetType | None = UNSET


class NewCustomer(CustomerChange, frozen=True, kw_only=True):
    """`POST /api/customers`."""

    company: texts.Name


def new_profile(form: NewCustomer) -> CustomerProfile:
    blank = CustomerProfile(name=form.company)
    tidy, faults = tidy_customer(replace(blank, **_given(form, blank)))
    _refuse(faults)
    return tidy


def profile_changes(form: CustomerChange, before: CustomerProfile) -> ProfileChanges:
    """What to change, in its one spelling; a fault that was there before and is not touched is nobody's business."""
    given = _given(form, before)
    tidy, faults = tidy_customer(replace(before, **given))
    _refuse(fault for fault in faults if fault.field in given) if given else None
    return cast("ProfileChanges", {name: getattr(tidy, name) for name in given})


def _given(form: CustomerChange, before: CustomerProfile) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": form.company,
        "tax_id": form.vat,
        "phone": form.phonenumber,
        "email": form.email,
        "language": UNSET if form.default_language is UNSET else _language(form.default_language),
        "address": _address(form, before.address),
    }
    return {name: value for name, value in said.items() if value is not UNSET}


def _address(form: CustomerChange, before: Address) -> Address | UnsetType:
    parts: dict[str, Any] = {
        part: getattr(form, name) or "" for name, part in _ADDRESS.items() if getattr(form, name) is not UNSET
    }
    # Zero is the original's "no country".
    if form.country and form.country != "0":
        country = country_of(form.country)
        if country is None:
            raise invalid("/country", "is 142 for Romania, or a code or number of ISO 3166-1 such as DE or 276")
        parts["country"] = country
    return replace(before, **parts) if parts else UNSET


def _language(text: str | None) -> Language:
    return "en" if (text or "").lower() in {"en", "english"} else "ro"


def _refuse(faults: Any) -> None:
    """A wrong tax id is refused by the name that the client gave it; addresses stay as they came, documents warn."""
    named = (
        Fault(_FIELDS.get(fault.field, fault.field), fault.code, fault.detail)
        for fault in faults
        if not fault.field.startswith("address")
    )
    refuse(named)

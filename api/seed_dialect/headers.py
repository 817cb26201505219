"""The header of an invoice from a form: dates, currency, discount, claimed number, address, and what is only kept."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from msgspec import UNSET

from api.doors import Doors
from api.entrance.call import Call
from api.entrance.problems import invalid
from api.seed_dialect.codes import currency_of
from api.seed_dialect.countries import country_of
from api.seed_dialect.forms import InvoiceChange, InvoiceForm, NewInvoice
from api.seed_dialect.kept import kept
from invoicing_domain.categories import NUMBER_SERIES
from invoicing_domain.model.amounts import AMOUNT, PERCENT, SIGNED_AMOUNT
from invoicing_domain.model.customer.state import as_buyer
from invoicing_domain.model.identity import series_id
from invoicing_domain.model.invoice.commands import HeaderChanges
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.number_series.decide import check_claim
from invoicing_domain.model.party import Address, Buyer
from invoicing_domain.model.party_checks import tidy_address
from invoicing_domain.model.vat import Discount
from invoicing_domain.requests.values import number

_DRAFT_NUMBER: Final = 1_000_000_000
"""What the original system stores in place of a draft's number; clients send it back."""

_ADDRESS: Final = {
    "billing_street": "street",
    "billing_city": "city",
    "billing_state": "county",
    "billing_zip": "postal_code",
}


def new_header(form: NewInvoice, call: Call, doors: Doors) -> Header:
    customer_id, customer = doors.customer(call, form.clientid, "/clientid")
    blank = Header(customer=as_buyer(customer_id, customer), currency=call.organization.profile.currency)
    return replace(blank, **header_changes(form, blank, call, doors))


def header_changes(form: NewInvoice | InvoiceChange, now: Header, call: Call, doors: Doors) -> HeaderChanges:
    """What the form changes in a header; an absent field changes nothing."""
    changes = HeaderChanges(
        customer=_buyer(form, now.customer, call, doors),
        discount=discount_of(form, now.discount),
        metadata=kept(form, now.metadata),
    )
    if form.currency:
        changes["currency"] = _currency(form.currency, call.organization.profile.currency)
    if form.date is not UNSET:
        changes["issue_date"] = form.date
    if form.duedate is not UNSET:
        changes["due_date"] = form.duedate
    if form.clientnote is not UNSET:
        changes["notes"] = form.clientnote or ""
    if form.number is not UNSET:
        changes["number_claim"] = claim_of(
            form.number, call, doors, "invoice", call.organization.profile.invoice_series
        )
    _refuse_adjustment(form)
    return changes


def discount_of(form: InvoiceForm, now: Discount | None) -> Discount | None:
    """The discount after the form: a percentage counts before an amount, which is then only compared."""
    percent = now.percent if now else None
    amount = now.amount if now else None
    if form.discount_percent is not UNSET:
        percent = number(form.discount_percent or "0", PERCENT, "/discount_percent")
    if form.discount_total is not UNSET:
        amount = number(form.discount_total or "0", AMOUNT, "/discount_total")
    if not percent and not amount:
        return None
    if form.discount_type and form.discount_type != "before_tax":
        raise invalid(
            "/discount_type",
            "only before_tax: a discount after tax would not reduce the VAT that it is a discount on (BR-CO-13)",
        )
    return Discount(percent=percent) if percent else Discount(amount=amount)


def _buyer(form: NewInvoice | InvoiceChange, now: Buyer, call: Call, doors: Doors) -> Buyer:
    buyer = now
    if form.clientid is not UNSET:
        customer_id, customer = doors.customer(call, form.clientid, "/clientid")
        if customer_id != now.customer_id:
            buyer = as_buyer(customer_id, customer)
    return replace(buyer, address=address_of(form, buyer.address))


def address_of(form: InvoiceForm, now: Address) -> Address:
    given: dict[str, Any] = {
        part: getattr(form, name) or "" for name, part in _ADDRESS.items() if getattr(form, name) is not UNSET
    }
    # Zero is the original's "no country".
    if form.billing_country and form.billing_country != "0":
        country = country_of(form.billing_country)
        if country is None:
            raise invalid("/billing_country", "is 142 for Romania, or a code or number of ISO 3166-1 such as DE or 276")
        given["country"] = country
    # Old clients send anything: what is right gets its one spelling, the rest stays and the invoice warns of it.
    return tidy_address(replace(now, **given))[0] if given else now


def _currency(text: str, home: str) -> str:
    code = currency_of(text, home)
    if code is None:
        raise invalid("/currency", f"is 1 for {home}, or a code or number of ISO 4217 such as EUR or 978")
    return code


def claim_of(text: str | None, call: Call, doors: Doors, document: str, series: str) -> int | None:
    """The counter value that the client wishes for; refused when the series has given it out already."""
    if not text:
        return None
    found = re.fullmatch(rf"(?:{re.escape(series)})?0*([1-9][0-9]{{0,11}})", text)
    if found is None:
        raise invalid("/number", f"is digits, with or without {series} before them")
    claim = int(found[1])
    if claim == _DRAFT_NUMBER:
        return None
    state = doors.ledger.load(NUMBER_SERIES, series_id(call.organization_id, document, series)).state
    check_claim(state, claim)
    return claim


def _refuse_adjustment(form: InvoiceForm) -> None:
    if form.adjustment and number(form.adjustment, SIGNED_AMOUNT, "/adjustment") != Decimal(0):
        raise invalid("/adjustment", "an invoice is the sum of its lines: make the adjustment a line with its VAT")

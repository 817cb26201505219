"""An invoice in the columns of the original's tables: every value a text, as its clients expect. Pure."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.seed_dialect.codes import STATUS_CODES, currency_id, symbol_of
from api.seed_dialect.countries import country_id
from api.seed_dialect.kept import PREFIX, kept_units, shown
from api.seed_dialect.lines import UNNAMED
from api.seed_dialect.modes import mode_id, mode_name
from api.translation.amounts import amount
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.identity import reference_of
from invoicing_domain.model.invoice.events import PaymentReceived
from invoicing_domain.model.invoice.lines import DEFAULT_UNIT, Line
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.party import Buyer
from invoicing_domain.model.vat import Discount

Columns = dict[str, Any]

LANGUAGES: Final = {"ro": "romanian", "en": "english"}
_TAX_NAME: Final = "TVA"


def invoice_columns(of: Invoice, home: OrganizationProfile, today: date, created_at: datetime | None) -> Columns:
    """What lists and single invoices share: the invoice's own columns and its currency's."""
    header, sent, totals = of.header, of.sent, of.totals
    left = of.balance if sent else totals.gross
    return {
        "id": str(of.reference),
        "sent": "1" if sent else "0",
        "datesend": local_time(sent.sent_at, home) if sent else None,
        "clientid": str(reference_of(header.customer.customer_id)),
        "deleted_customer_name": None,
        **_numbering(of, home),
        "datecreated": local_time(created_at, home),
        "date": _day(sent.issue_date if sent else header.issue_date),
        "duedate": _day(of.due_date),
        "currency": currency_id(of.currency, home.currency),
        "subtotal": amount(totals.lines_net),
        "total_tax": amount(totals.vat),
        "total": amount(totals.gross),
        "total_left_to_pay": amount(left),
        "adjustment": "0.00",
        "addedfrom": "0",
        "hash": "",
        "status": STATUS_CODES[of.status(today)],
        "clientnote": header.notes,
        "last_overdue_reminder": _day(of.reminders[-1].date) if of.reminders else None,
        "last_due_reminder": None,
        **_discount(header.discount, amount(totals.discount)),
        **shown(header.metadata),
        **_since_sending(of),
        **address_columns(header.customer, "billing_"),
        **_recurrence(header.metadata),
        **currency_columns(of.currency, home),
    }


def item_rows(of: Invoice) -> list[Columns]:
    units = kept_units(of.header.metadata)
    return [_item(line, n, of.reference, units) for n, line in enumerate(of.lines, start=1)]


def payment_rows(of: Invoice) -> list[Columns]:
    return [_payment(payment, of.reference) for payment in of.payments]


def client_columns(buyer: Buyer, live: CustomerProfile | None) -> Columns:
    """The client as it is now where that is known, or as the invoice knows it."""
    shown = live or buyer
    return {
        "userid": str(reference_of(buyer.customer_id)),
        "company": shown.name,
        "vat": shown.tax_id,
        "phonenumber": live.phone if live else None,
        "email": shown.email,
        "default_language": LANGUAGES[shown.language],
        "address": shown.address.street,
        "city": shown.address.city,
        "state": shown.address.county,
        "zip": shown.address.postal_code,
        "country": country_id(shown.address.country),
    }


def profile_columns(
    reference: int, profile: CustomerProfile, created_at: datetime | None, home: OrganizationProfile
) -> Columns:
    """A customer as a row of its own."""
    return {
        "userid": str(reference),
        "company": profile.name,
        "vat": profile.tax_id,
        "phonenumber": profile.phone,
        "email": profile.email,
        "default_language": LANGUAGES[profile.language],
        "default_currency": "0",
        "address": profile.address.street,
        "city": profile.address.city,
        "state": profile.address.county,
        "zip": profile.address.postal_code,
        "country": country_id(profile.address.country),
        "datecreated": local_time(created_at, home),
        "active": "1",
        "customfields": [],
    }


def local_time(at: datetime | None, home: OrganizationProfile) -> str | None:
    return None if at is None else at.astimezone(ZoneInfo(home.time_zone)).strftime("%Y-%m-%d %H:%M:%S")


def padded(number: Decimal) -> str:
    """A decimal with two digits after the point, or as many as it has."""
    exponent = number.normalize().as_tuple().exponent
    digits = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{number:.{digits}f}"


def _numbering(of: Invoice, home: OrganizationProfile) -> Columns:
    sent = of.sent
    claim = of.header.number_claim
    counter = sent.number.removeprefix(sent.series).lstrip("0") if sent else ("" if claim is None else str(claim))
    prefix = sent.series if sent else home.invoice_series
    return {
        "number": counter,
        "prefix": prefix,
        "number_format": "1",
        "formatted_number": sent.number if sent else f"{prefix}DRAFT",
    }


def _since_sending(of: Invoice) -> Columns:
    """What may still change about a sent invoice, as it is by now."""
    if of.sent is None:
        return {}
    held = {"cancel_overdue_reminders": "1" if of.reminders_held else "0"}
    return {**held, "adminnote": of.remarks[-1].text} if of.remarks else held


def _discount(discount: Discount | None, total: str) -> Columns:
    percent = discount.percent if discount else None
    return {
        "discount_percent": padded(percent or Decimal(0)),
        "discount_total": total,
        "discount_type": "before_tax" if discount else "",
    }


def _recurrence(metadata: dict[str, str]) -> Columns:
    custom = metadata.get(f"{PREFIX}recurring") == "custom"
    return {
        "recurring_type": metadata.get(f"{PREFIX}repeat_type_custom"),
        "custom_recurring": "1" if custom else "0",
        "total_cycles": "0",
        "is_recurring_from": None,
        "last_recurring_date": None,
        "subscription_id": "0",
        "short_link": None,
    }


def address_columns(buyer: Buyer, prefix: str) -> Columns:
    address = buyer.address
    return {
        f"{prefix}street": address.street,
        f"{prefix}city": address.city,
        f"{prefix}state": address.county,
        f"{prefix}zip": address.postal_code,
        f"{prefix}country": country_id(address.country),
    }


def currency_columns(code: str, home: OrganizationProfile) -> Columns:
    return {
        "symbol": symbol_of(code),
        "name": code,
        "decimal_separator": ",",
        "thousand_separator": ".",
        "placement": "after",
        "isdefault": "1" if code == home.currency else "0",
        "currencyid": currency_id(code, home.currency),
        "currency_name": code,
    }


def _item(line: Line, position: int, invoice: int, units: dict[str, str]) -> Columns:
    return {
        "id": line.id,
        "itemid": line.id,
        "rel_id": str(invoice),
        "rel_type": "invoice",
        "description": line.description,
        "long_description": line.details,
        "qty": padded(line.quantity),
        "rate": padded(line.unit_price),
        "unit": units.get(line.id, "" if line.unit == DEFAULT_UNIT else line.unit),
        "item_order": str(position),
        "is_optional": "0",
        "is_selected": "1",
        "taxes": _taxes(line, invoice),
        "customfields": [],
    }


def _taxes(line: Line, invoice: int) -> list[Columns]:
    """The tax of a line, by the name of its exemption where it has one; none where none was named."""
    if line.vat.category == "O" or line.exemption == UNNAMED:
        return []
    rate = f"{line.vat.rate:.2f}"
    name = (line.exemption.reason if line.exemption else None) or _TAX_NAME
    about = {"itemid": line.id, "rel_id": str(invoice), "rel_type": "invoice"}
    return [{**about, "taxrate": rate, "taxname": f"{name}|{rate}"}]


def _payment(payment: PaymentReceived, invoice: int) -> Columns:
    reference = str(reference_of(payment.payment_id))
    return {
        "id": reference,
        "paymentid": reference,
        "invoiceid": str(invoice),
        "amount": amount(payment.amount),
        "paymentmode": mode_id(payment.method),
        "paymentmethod": payment.method,
        "name": mode_name(payment.method),
        "date": _day(payment.date),
        "note": "",
        "transactionid": payment.reference,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

"""Payments and credit notes in the columns of the original's tables. Pure."""

from datetime import datetime

from api.seed_dialect.codes import currency_id
from api.seed_dialect.columns import Columns, address_columns, currency_columns, item_rows, local_time, padded
from api.seed_dialect.modes import mode_id, mode_name
from api.translation.amounts import amount
from invoicing_domain.model.credit_note.events import Issued
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.identity import reference_of
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.money import Money
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.payment.state import Payment
from projections.payment_list.query import PaymentRow


def listed_payment(row: PaymentRow, home: OrganizationProfile) -> Columns:
    held = [one.invoice_id for one in row.allocations]
    return {
        **_payment(row.reference, held, row.method, row.external_reference or row.payment_reference, row.note),
        "amount": amount(Money(row.amount, row.currency)),
        "date": row.paid_on.isoformat(),
        "daterecorded": local_time(row.created_at, home),
    }


def one_payment(payment: Payment, recorded_at: datetime, home: OrganizationProfile) -> Columns:
    fact = payment.recorded
    held = [one.invoice_id for one in payment.allocations]
    return {
        **_payment(fact.document, held, fact.method, fact.external_reference or fact.reference, fact.note),
        "amount": amount(fact.amount),
        "date": fact.date.isoformat(),
        "daterecorded": local_time(recorded_at, home),
    }


def _payment(reference: int, invoices: list[str], method: str, transaction: str, note: str) -> Columns:
    """`invoiceid` is the first invoice that holds some of it; `invoiceids` are all of them."""
    ids = [str(reference_of(one)) for one in dict.fromkeys(invoices)]
    return {
        "id": str(reference),
        "paymentid": str(reference),
        "invoiceid": ids[0] if ids else None,
        "invoiceids": ids,
        "paymentmode": mode_id(method),
        "paymentmethod": method,
        "name": mode_name(method),
        "note": note,
        "transactionid": transaction,
    }


OPEN, CLOSED = "1", "2"


def credit_note_columns(
    note: Issued, unapplied: Money, home: OrganizationProfile, created_at: datetime | None
) -> Columns:
    """What lists and single credit notes share; amounts are positive, as the original has them."""
    totals = note.totals
    return {
        "id": str(note.reference),
        "clientid": str(reference_of(note.customer.customer_id)),
        "deleted_customer_name": None,
        "number": note.number.removeprefix(note.series).lstrip("0"),
        "prefix": note.series,
        "number_format": "1",
        "formatted_number": note.number,
        "datecreated": local_time(created_at, home),
        "date": note.issue_date.isoformat(),
        "invoiceid": str(reference_of(note.invoice_id)),
        "reference_no": note.invoice_number,
        "currency": currency_id(note.currency, home.currency),
        "subtotal": amount(totals.lines_net),
        "total_tax": amount(totals.vat),
        "total": amount(totals.gross),
        "adjustment": "0.00",
        "discount_percent": "0.00",
        "discount_total": amount(totals.discount),
        "discount_type": "",
        "remaining_credits": amount(unapplied),
        "status": OPEN if unapplied else CLOSED,
        "clientnote": note.reason,
        "adminnote": "",
        "terms": "",
        "project_id": None,
        "show_quantity_as": None,
        **address_columns(note.customer, "billing_"),
        **currency_columns(note.currency, home),
    }


def credited_items(note: Issued, invoice: Invoice) -> list[Columns]:
    """The lines as the invoice has them, each with the quantity that is taken back."""
    taken = {one.line_id: one.quantity for one in note.lines}
    rows = [row for row in item_rows(invoice) if row["id"] in taken]
    own = {"rel_id": str(note.reference), "rel_type": "credit_note"}
    return [
        {
            **row,
            **own,
            "qty": padded(taken[row["id"]]),
            "taxes": [{**tax, **own} for tax in row["taxes"]],
        }
        for row in rows
    ]


def applied_rows(note: CreditNote) -> list[Columns]:
    return [{"invoice_id": str(reference_of(one.invoice_id)), "amount": amount(one.amount)} for one in note.allocations]


def refund_rows(note: CreditNote) -> list[Columns]:
    return [
        {
            "amount": amount(one.amount),
            "refunded_on": one.date.isoformat(),
            "payment_mode": mode_id(one.method),
            "note": one.reason,
        }
        for one in note.refunds
    ]

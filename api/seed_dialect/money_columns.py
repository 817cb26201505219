"""Payments in the columns of the original's tables. Pure."""

from datetime import datetime

from api.rendering import amount
from api.seed_dialect.columns import Columns, local_time
from api.seed_dialect.modes import mode_id, mode_name
from invoicing_domain.model.identity import reference_of
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

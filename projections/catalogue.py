"""The list of read models. To add one: a folder with schema.sql, project.py and query.py, and a line here."""

from typing import Final

from projections.credit_note_list.project import MODEL as CREDIT_NOTE_LIST
from projections.customer_list.project import MODEL as CUSTOMER_LIST
from projections.efactura_list.project import MODEL as EFACTURA_LIST
from projections.errand_list.project import MODEL as ERRAND_LIST
from projections.invoice_detail.project import MODEL as INVOICE_DETAIL
from projections.invoice_list.project import MODEL as INVOICE_LIST
from projections.invoice_search.project import MODEL as INVOICE_SEARCH
from projections.organization_list.project import MODEL as ORGANIZATION_LIST
from projections.payment_list.project import MODEL as PAYMENT_LIST
from projections.proforma_list.project import MODEL as PROFORMA_LIST
from projections.readmodel import ReadModel
from projections.receivable_movements.project import MODEL as RECEIVABLE_MOVEMENTS
from projections.recurring_list.project import MODEL as RECURRING_LIST
from projections.reminder_list.project import MODEL as REMINDER_LIST
from projections.series_list.project import MODEL as SERIES_LIST
from projections.webhook_endpoint_list.project import MODEL as WEBHOOK_ENDPOINT_LIST

MODELS: Final[tuple[ReadModel, ...]] = (
    INVOICE_LIST,
    INVOICE_DETAIL,
    INVOICE_SEARCH,
    RECEIVABLE_MOVEMENTS,
    CUSTOMER_LIST,
    PAYMENT_LIST,
    CREDIT_NOTE_LIST,
    ORGANIZATION_LIST,
    SERIES_LIST,
    REMINDER_LIST,
    ERRAND_LIST,
    EFACTURA_LIST,
    PROFORMA_LIST,
    RECURRING_LIST,
    WEBHOOK_ENDPOINT_LIST,
)


def by_name(names: tuple[str, ...]) -> tuple[ReadModel, ...]:
    """The read models of these names, or all; raises ValueError for a name that is none."""
    known = {model.name: model for model in MODELS}
    for name in names:
        if name not in known:
            raise ValueError(f"{name} is not a read model; there are {', '.join(known)}")
    return tuple(known[name] for name in names) if names else MODELS

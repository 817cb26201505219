"""Handlers of what leads to invoices and their numbers: series, orders, proformas, recurring invoices, bulk runs.

Those that start an invoice return the draft to make, or None when there is nothing (more) to make; drafting itself is
the business of `table.py`, in the same step.
"""

from dataclasses import replace
from typing import Final, get_args

from invoicing_domain.categories import (
    BULK_RUN,
    CUSTOMER,
    INVOICE,
    NUMBER_SERIES,
    ORDER,
    ORGANIZATION,
    PROFORMA,
    RECURRING,
)
from invoicing_domain.model.bulk_run import decide as bulk_runs
from invoicing_domain.model.bulk_run.commands import AdvanceBulkRun, StartBulkRun
from invoicing_domain.model.context import Context
from invoicing_domain.model.customer.state import as_buyer
from invoicing_domain.model.identity import StreamId, series_id
from invoicing_domain.model.invoice.commands import DraftInvoice, Sending
from invoicing_domain.model.invoice.events import Origin
from invoicing_domain.model.number_series import decide as numbers
from invoicing_domain.model.number_series.commands import CloseSeries, OpenSeries
from invoicing_domain.model.number_series.events import DocumentKind, Series
from invoicing_domain.model.order import decide as orders
from invoicing_domain.model.order.commands import InvoiceOrder
from invoicing_domain.model.organization.commands import ChangeOrganization
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.organization.state import as_seller
from invoicing_domain.model.proforma import decide as proformas
from invoicing_domain.model.proforma.commands import CancelProforma, DraftProforma, InvoiceProforma, SendProforma
from invoicing_domain.model.recurring import decide as recurring
from invoicing_domain.model.recurring.commands import (
    BillPeriod,
    ChangeRecurring,
    PauseRecurring,
    ResumeRecurring,
    ScheduleRecurring,
)
from invoicing_domain.model.recurring.events import InvoiceGenerated
from invoicing_domain.work import Work

KINDS: Final[tuple[DocumentKind, ...]] = get_args(DocumentKind)


def default_prefixes(profile: OrganizationProfile) -> dict[DocumentKind, str]:
    """The series of each kind of document that is used when nobody names one."""
    return {
        "invoice": profile.invoice_series,
        "credit_note": profile.credit_note_series,
        "proforma": profile.proforma_series,
    }


def start_bulk_run(command: StartBulkRun, _: Context, work: Work) -> None:
    work.begin(BULK_RUN, command.run_id)
    work.record(BULK_RUN, command.run_id, bulk_runs.start(work.load(BULK_RUN, command.run_id), command))


def advance_bulk_run(command: AdvanceBulkRun, _: Context, work: Work) -> None:
    work.record(BULK_RUN, command.run_id, bulk_runs.advance(work.load(BULK_RUN, command.run_id), command))


def open_series(command: OpenSeries, context: Context, work: Work) -> None:
    state = work.load(NUMBER_SERIES, command.series_id)
    prefix = command.series.prefix
    others = [series_id(context.organization_id, kind, prefix) for kind in KINDS if kind != command.series.document]
    taken = any(work.load(NUMBER_SERIES, other) is not None for other in others)
    opened = numbers.open_series(state, command, taken=taken)
    work.record(NUMBER_SERIES, command.series_id, opened)
    if not opened:
        work.answer_with(command.series_id)


def close_series(command: CloseSeries, context: Context, work: Work) -> None:
    state = work.load_in_turn(NUMBER_SERIES, command.series_id)
    seller = work.load(ORGANIZATION, context.organization_id)
    default = None
    if state is not None and seller is not None:
        default = default_prefixes(seller.profile)[state.series.document]
    closed = numbers.close_series(state, command, context.today, default)
    work.record(NUMBER_SERIES, command.series_id, closed)


def check_defaults(command: ChangeOrganization, work: Work) -> None:
    """A series that becomes the default of its kind has to be one that gives numbers."""
    wanted: dict[DocumentKind, str | None] = {
        "invoice": command.changes.get("invoice_series"),
        "credit_note": command.changes.get("credit_note_series"),
        "proforma": command.changes.get("proforma_series"),
    }
    for document, prefix in wanted.items():
        if prefix is not None:
            series = work.load(NUMBER_SERIES, series_id(command.organization_id, document, prefix))
            numbers.check_default(series, prefix)


def order_draft(command: InvoiceOrder, _: Context, work: Work) -> DraftInvoice | None:
    state = work.load(ORDER, command.order_id)
    claimed = orders.invoice(state, command)
    work.record(ORDER, command.order_id, claimed)
    if state is None:
        return command.draft
    _answer_with_invoice(state.invoice_id, work)
    return None


def send_proforma(command: SendProforma, context: Context, work: Work) -> None:
    state = work.load(PROFORMA, command.proforma_id)
    numbered = series_id(context.organization_id, "proforma", command.series)
    series = work.load_in_turn(NUMBER_SERIES, numbered)
    if series is None and command.opens:
        opening = OpenSeries(series_id=numbered, series=Series(document="proforma", prefix=command.series))
        open_series(opening, context, work)
        series = work.load(NUMBER_SERIES, numbered)
    sent, allocated = proformas.send(state, series, command, context)
    work.record(PROFORMA, command.proforma_id, [sent])
    work.record(NUMBER_SERIES, numbered, [allocated])


def draft_proforma(command: DraftProforma, context: Context, work: Work) -> None:
    state = work.load(PROFORMA, command.proforma_id)
    work.record(PROFORMA, command.proforma_id, proformas.draft(state, command, context))


def cancel_proforma(command: CancelProforma, context: Context, work: Work) -> None:
    state = work.load(PROFORMA, command.proforma_id)
    work.record(PROFORMA, command.proforma_id, proformas.cancel(state, command, context))


def proforma_draft(command: InvoiceProforma, context: Context, work: Work) -> DraftInvoice | None:
    state = work.load(PROFORMA, command.proforma_id)
    begun = proformas.invoice(state, command, context)
    if begun is not None:
        invoiced, draft = begun
        work.record(PROFORMA, command.proforma_id, [invoiced])
        return draft
    if state is not None and state.invoice_id is not None:
        _answer_with_invoice(state.invoice_id, work)
    return None


def schedule_recurring(command: ScheduleRecurring, context: Context, work: Work) -> None:
    state = work.load(RECURRING, command.recurring_id)
    work.record(RECURRING, command.recurring_id, recurring.schedule(state, command, context))


def change_recurring(command: ChangeRecurring, context: Context, work: Work) -> None:
    state = work.load(RECURRING, command.recurring_id)
    work.record(RECURRING, command.recurring_id, recurring.change(state, command, context))


def pause_recurring(command: PauseRecurring, context: Context, work: Work) -> None:
    state = work.load(RECURRING, command.recurring_id)
    work.record(RECURRING, command.recurring_id, recurring.pause(state, command, context))


def resume_recurring(command: ResumeRecurring, context: Context, work: Work) -> None:
    state = work.load(RECURRING, command.recurring_id)
    work.record(RECURRING, command.recurring_id, recurring.resume(state, command, context))


def period_draft(command: BillPeriod, context: Context, work: Work) -> DraftInvoice | None:
    """The invoice of a period: the customer and the seller as they are now."""
    facts = recurring.bill(work.load(RECURRING, command.recurring_id), command, context)
    state = work.record(RECURRING, command.recurring_id, facts)
    seller = work.load(ORGANIZATION, context.organization_id)
    if state is None or seller is None or not any(isinstance(fact, InvoiceGenerated) for fact in facts):
        return None
    plan = state.plan
    customer = work.load(CUSTOMER, plan.header.customer.customer_id)
    header = plan.header
    if customer is not None:
        header = replace(header, customer=as_buyer(StreamId(header.customer.customer_id), customer))
    sending = Sending(
        series=plan.series or seller.profile.invoice_series,
        seller=as_seller(seller),
        default_terms_days=seller.profile.payment_terms_days,
        deliver=plan.deliver,
    )
    return DraftInvoice(
        invoice_id=command.invoice_id,
        reference=command.reference,
        header=header,
        lines=plan.lines,
        sending=sending if command.send else None,
        origin=Origin(kind="recurring_invoice", id=command.recurring_id, period=command.period),
    )


def _answer_with_invoice(invoice_id: str, work: Work) -> None:
    work.load(INVOICE, invoice_id)
    work.answer_with(StreamId(invoice_id))

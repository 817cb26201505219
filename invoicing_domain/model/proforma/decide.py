"""What may be done to a proforma. Its content obeys the rules of a draft invoice; nothing of it is ever owed."""

from dataclasses import replace

from invoicing_domain.model.context import Context
from invoicing_domain.model.invoice import decide as invoices
from invoicing_domain.model.invoice.commands import DraftInvoice
from invoicing_domain.model.invoice.events import Drafted, LineAdded, Origin
from invoicing_domain.model.invoice.guards import check_totals, due_date
from invoicing_domain.model.invoice.lines import as_input, document_totals
from invoicing_domain.model.number_series.decide import allocate
from invoicing_domain.model.number_series.events import NumberAllocated
from invoicing_domain.model.number_series.state import NumberSeries
from invoicing_domain.model.personal import ERASED, refuse_erased
from invoicing_domain.model.proforma.commands import CancelProforma, DraftProforma, InvoiceProforma, SendProforma
from invoicing_domain.model.proforma.events import (
    ProformaCancelled,
    ProformaDrafted,
    ProformaInvoiced,
    ProformaSent,
)
from invoicing_domain.model.proforma.state import Proforma
from invoicing_domain.model.refusal import Refusal


def draft(state: Proforma | None, command: DraftProforma, context: Context) -> tuple[ProformaDrafted, ...]:
    if state is not None:
        raise Refusal("proforma_exists", "this proforma exists already", reference=command.reference)
    as_invoice = DraftInvoice(
        invoice_id=command.proforma_id, reference=command.reference, header=command.header, lines=command.lines
    )
    facts = invoices.draft(None, as_invoice, context)
    header = next(fact.header for fact in facts if isinstance(fact, Drafted))
    lines = tuple(fact.line for fact in facts if isinstance(fact, LineAdded))
    return (ProformaDrafted(reference=command.reference, header=header, lines=lines),)


def send(
    state: Proforma | None, series: NumberSeries | None, command: SendProforma, context: Context
) -> tuple[ProformaSent, NumberAllocated]:
    """Number it; both facts are recorded in one transaction."""
    proforma = _not_invoiced(_open(state))
    if proforma.sent is not None:
        raise Refusal("proforma_already_sent", f"it is sent already, as {proforma.sent.number}")
    if not proforma.lines:
        raise Refusal("proforma_without_lines", "a proforma needs at least one line before it is sent")
    header = proforma.header
    refuse_erased(is_erased=header.customer.name == ERASED)
    totals, breakdown = document_totals(proforma.lines, header.discount, header.currency, header.charges)
    check_totals(totals)
    issued = header.issue_date or context.today
    due = due_date(header, issued, command.default_terms_days)
    allocated = allocate(series, command.series, command.proforma_id, issued)
    sent = ProformaSent(
        number=allocated.number,
        series=command.series,
        sent_at=context.at,
        issue_date=issued,
        due_date=due,
        seller=command.seller,
        customer=header.customer,
        totals=totals,
        vat_breakdown=breakdown,
    )
    return sent, allocated


def cancel(state: Proforma | None, command: CancelProforma, context: Context) -> tuple[ProformaCancelled, ...]:
    if state is not None and state.status == "cancelled":
        return ()
    _not_invoiced(_known(state))
    return (ProformaCancelled(date=context.today, reason=command.reason),)


def invoice(
    state: Proforma | None, command: InvoiceProforma, context: Context
) -> tuple[ProformaInvoiced, DraftInvoice] | None:
    """The fact and the draft to start; None when there is an invoice already. Dates are the invoice's own."""
    if state is not None and state.invoice_id is not None:
        return None
    proforma = _open(state)
    header = replace(proforma.header, issue_date=None, due_date=None, tax_point_date=None)
    drafting = DraftInvoice(
        invoice_id=command.invoice_id,
        reference=command.reference,
        header=header,
        lines=tuple(as_input(line) for line in proforma.lines),
        origin=Origin(kind="proforma", id=command.proforma_id),
    )
    return ProformaInvoiced(date=context.today, invoice_id=command.invoice_id), drafting


def _known(state: Proforma | None) -> Proforma:
    if state is None:
        raise Refusal("not_found", "there is no such proforma")
    return state


def _open(state: Proforma | None) -> Proforma:
    proforma = _known(state)
    if proforma.cancelled is not None:
        raise Refusal("proforma_cancelled", "this proforma was cancelled; make a new one")
    return proforma


def _not_invoiced(proforma: Proforma) -> Proforma:
    if proforma.invoice_id is not None:
        raise Refusal(
            "proforma_invoiced",
            "it became an invoice already; send, discard or credit that",
            invoice_id=proforma.invoice_id,
        )
    return proforma

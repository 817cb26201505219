"""What may be done to an invoice, and which facts follow. Guards live here and nowhere else."""

from dataclasses import replace
from datetime import date
from typing import Final

from invoicing_domain.model.context import Context
from invoicing_domain.model.exchange.amounts import document_in_base
from invoicing_domain.model.exchange.events import Exchange
from invoicing_domain.model.invoice.commands import (
    DiscardDraft,
    DraftInvoice,
    RecordEFacturaAnswer,
    RecordEFacturaSubmission,
    ReviseDraft,
    Sending,
)
from invoicing_domain.model.invoice.events import (
    Discarded,
    DraftChanged,
    Drafted,
    EFacturaAcknowledged,
    EFacturaSubmitted,
    InvoiceFact,
    LineRemoved,
    Sent,
)
from invoicing_domain.model.invoice.guards import (
    check_header,
    check_known,
    check_room,
    check_sizes,
    check_totals,
    due_date,
)
from invoicing_domain.model.invoice.line_facts import lines_added, lines_changed
from invoicing_domain.model.invoice.lines import document_totals
from invoicing_domain.model.invoice.rates import header_at, tax_point
from invoicing_domain.model.invoice.state import Invoice, fold
from invoicing_domain.model.invoice.vat_rules import judged_breakdown
from invoicing_domain.model.number_series.decide import allocate
from invoicing_domain.model.number_series.events import NumberAllocated
from invoicing_domain.model.number_series.state import NumberSeries
from invoicing_domain.model.personal import ERASED, refuse_erased
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Totals, VatSubtotal, charge_amounts

WAY_OUT: Final = "issue a credit note (with reissue for a corrected draft): POST /api/v1/invoices/{id}/credit-notes"


def draft(state: Invoice | None, command: DraftInvoice, context: Context) -> tuple[InvoiceFact, ...]:
    if state is not None:
        raise Refusal("invoice_exists", "this invoice exists already", reference=command.reference)
    header = header_at(command.header, context.today)
    check_header(header, context.today)
    check_room(0, len(command.lines))
    lines = lines_added(command.lines, 0, header.currency, tax_point(header, context.today))
    check_sizes([fact.line for fact in lines], header)
    return (Drafted(reference=command.reference, header=header, origin=command.origin), *lines)


def revise(state: Invoice | None, command: ReviseDraft, context: Context) -> tuple[InvoiceFact, ...]:
    """Header first, then lines; a new currency prices every line anew, a new tax point those with lawful rates."""
    invoice = _draft_of(state)
    header = header_at(replace(invoice.header, **command.changes), context.today)
    day = tax_point(header, context.today)
    facts: list[InvoiceFact] = []
    if header != invoice.header:
        check_header(header, context.today)
        facts.append(DraftChanged(header=header))
    removed = dict.fromkeys(command.removed)
    check_known([*(line_id for line_id, _ in command.changed), *removed], invoice.lines)
    check_room(len(invoice.lines) - len(removed), len(command.added))
    kept = [line for line in invoice.lines if line.id not in removed]
    facts += lines_changed(kept, command.changed, header.currency, day)
    facts += [LineRemoved(line_id=line_id) for line_id in removed]
    facts += lines_added(command.added, invoice.lines_numbered, header.currency, day)
    check_sizes(fold(facts, invoice).lines, header)
    return tuple(facts)


def discard(state: Invoice | None, command: DiscardDraft) -> tuple[InvoiceFact, ...]:
    if state is not None and state.phase == "discarded":
        return ()
    _draft_of(state)
    return (Discarded(reason=command.reason),)


def settle_rates(state: Invoice | None, context: Context) -> tuple[InvoiceFact, ...]:
    """What sending today changes on a draft whose rates follow the law: the day it was drafted on may not count."""
    invoice = _draft_of(state)
    header = header_at(invoice.header, context.today)
    facts: list[InvoiceFact] = [DraftChanged(header=header)] if header != invoice.header else []
    facts += lines_changed(invoice.lines, (), header.currency, tax_point(header, context.today))
    return tuple(facts)


def send(
    state: Invoice | None,
    series: NumberSeries | None,
    sending: Sending,
    invoice_id: str,
    context: Context,
    exchange: Exchange | None = None,
) -> tuple[Sent, NumberAllocated]:
    """Freeze the draft under the next number of the series; both facts are recorded in one transaction."""
    invoice = _draft_of(state)
    header = invoice.header
    refuse_erased(is_erased=header.customer.name == ERASED)
    totals, breakdown = _sendable(invoice)
    issued = header.issue_date or context.today
    if issued > context.today:
        raise Refusal("issue_date_in_future", f"the issue date {issued} has not come yet", today=str(context.today))
    due = due_date(header, issued, sending.default_terms_days)
    breakdown = judged_breakdown(breakdown, invoice.lines, header, sending.seller)
    allocated = allocate(series, sending.series, invoice_id, issued, header.number_claim)
    sent = Sent(
        number=allocated.number,
        series=sending.series,
        sent_at=context.at,
        issue_date=issued,
        due_date=due,
        seller=sending.seller,
        customer=header.customer,
        totals=totals,
        vat_breakdown=breakdown,
        deliver=sending.deliver,
        charges=charge_amounts(header.charges, totals.lines_net),
        in_base=None if exchange is None else document_in_base(totals.vat, totals.gross, exchange),
    )
    return sent, allocated


def _sendable(invoice: Invoice) -> tuple[Totals, tuple[VatSubtotal, ...]]:
    """Totals and VAT breakdown of a draft that asks for money, or for none."""
    header = invoice.header
    if not invoice.lines:
        raise Refusal("invoice_without_lines", "an invoice needs at least one line before it is sent (BR-16)")
    totals, breakdown = document_totals(invoice.lines, header.discount, header.currency, header.charges)
    check_totals(totals)
    return totals, breakdown


def submit_efactura(state: Invoice | None, command: RecordEFacturaSubmission) -> tuple[InvoiceFact, ...]:
    invoice = sent_of(state)
    attempt = len(invoice.submissions) + 1
    return (EFacturaSubmitted(attempt=attempt, xml_sha256=command.xml_sha256, upload_index=command.upload_index),)


def acknowledge_efactura(state: Invoice | None, command: RecordEFacturaAnswer) -> tuple[InvoiceFact, ...]:
    invoice = sent_of(state)
    fact = EFacturaAcknowledged(
        upload_index=command.upload_index,
        status=command.status,
        response_code=command.response_code,
        answer_sha256=command.answer_sha256,
    )
    return () if fact in invoice.acknowledgements else (fact,)


def sent_of(state: Invoice | None) -> Invoice:
    """The sent invoice, or the refusal for one that is unknown or not sent."""
    if state is None:
        raise Refusal("not_found", "there is no such invoice")
    if state.sent is None:
        raise Refusal("invoice_not_sent", f"the invoice is {_phase_in_words(state)}; it has to be sent first")
    return state


def issued_on(state: Invoice | None) -> date:
    """The day of issue of a sent invoice, or the refusal for one that has none."""
    sent = sent_of(state).sent
    return sent.issue_date if sent else date.min


def _draft_of(state: Invoice | None) -> Invoice:
    if state is None:
        raise Refusal("not_found", "there is no such invoice")
    if state.sent is not None:
        raise Refusal(
            "invoice_already_sent",
            f"invoice {state.sent.number} is sent and cannot be changed; {WAY_OUT}",
            number=state.sent.number,
            way_out="credit-notes",
        )
    if state.phase == "discarded":
        raise Refusal("invoice_discarded", "this draft was discarded")
    return state


def _phase_in_words(state: Invoice) -> str:
    return "discarded" if state.phase == "discarded" else "a draft"

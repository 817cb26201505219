"""Correcting a sent invoice: a credit note, and on request a new draft in its place."""

from dataclasses import dataclass, replace

from invoicing_domain.model.context import Context
from invoicing_domain.model.credit_note.amounts import credit_totals, lines_to_credit
from invoicing_domain.model.credit_note.events import Issued
from invoicing_domain.model.exchange.amounts import InBase, between
from invoicing_domain.model.invoice.commands import IssueCreditNote
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.invoice.events import Cancelled, CreditNoteIssued, Drafted, InvoiceFact, LineAdded
from invoicing_domain.model.invoice.state import Invoice, credited_gross
from invoicing_domain.model.money import least, zero
from invoicing_domain.model.number_series.decide import allocate
from invoicing_domain.model.number_series.events import NumberAllocated
from invoicing_domain.model.number_series.state import NumberSeries
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Totals, VatSubtotal


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The facts of one credit note, stream by stream."""

    on_invoice: CreditNoteIssued
    issued: Issued
    allocated: NumberAllocated
    reissued: tuple[InvoiceFact, ...]
    cancelled: tuple[Cancelled, ...] = ()


def correct(
    state: Invoice | None, series: NumberSeries | None, command: IssueCreditNote, context: Context
) -> Correction:
    invoice = sent_of(state)
    if not command.reason.strip():
        raise Refusal("reason_missing", "a credit note states why (reason)")
    lines = lines_to_credit(invoice, command.lines)
    totals, breakdown = credit_totals(invoice, lines)
    allocated = allocate(series, command.series, command.credit_note_id, context.today, command.number_claim)
    on_invoice = CreditNoteIssued(
        credit_note_id=command.credit_note_id,
        number=allocated.number,
        date=context.today,
        amount=totals.gross,
        applied=(applied := least(totals.gross, invoice.balance)),
        balance=invoice.balance - applied,
        reason=command.reason,
        lines=lines,
        totals=totals,
        vat_breakdown=breakdown,
        customer_id=invoice.header.customer.customer_id,
    )
    return Correction(
        on_invoice=on_invoice,
        issued=_document(invoice, command, on_invoice, totals, breakdown),
        allocated=allocated,
        reissued=_reissued(invoice, command),
        cancelled=_cancelled(command, on_invoice),
    )


def _document(
    invoice: Invoice,
    command: IssueCreditNote,
    fact: CreditNoteIssued,
    totals: Totals,
    breakdown: tuple[VatSubtotal, ...],
) -> Issued:
    sent = sent_of(invoice).sent
    return Issued(
        reference=command.reference,
        number=fact.number,
        series=command.series,
        issue_date=fact.date,
        invoice_id=command.invoice_id,
        invoice_number=sent.number if sent else "",
        seller=command.seller,
        customer=invoice.header.customer,
        currency=invoice.currency,
        lines=fact.lines,
        totals=totals,
        vat_breakdown=breakdown,
        reason=command.reason,
        applied=fact.applied,
        unapplied=totals.gross - fact.applied,
        in_base=_in_base(invoice, totals),
    )


def _cancelled(command: IssueCreditNote, note: CreditNoteIssued) -> tuple[Cancelled, ...]:
    if not command.cancels:
        return ()
    return (Cancelled(date=note.date, reason=note.reason, credit_note_id=note.credit_note_id, number=note.number),)


def _in_base(invoice: Invoice, totals: Totals) -> InBase | None:
    """The note in the currency of the books: notes that credit an invoice in full give back what it was booked at."""
    if invoice.sent is None or invoice.sent.in_base is None:
        return None
    whole, booked = invoice.sent.totals, invoice.sent.in_base
    gross = credited_gross(invoice)
    vat = sum((note.totals.vat for note in invoice.credit_notes), start=zero(invoice.currency))
    return InBase(
        exchange=booked.exchange,
        vat=between(booked.vat, vat, vat + totals.vat, whole.vat),
        gross=between(booked.gross, gross, gross + totals.gross, whole.gross),
    )


def _reissued(invoice: Invoice, command: IssueCreditNote) -> tuple[InvoiceFact, ...]:
    """A draft like the credited invoice, without its dates and number, its lines numbered anew."""
    if command.reissue is None:
        return ()
    header = replace(invoice.header, issue_date=None, due_date=None, number_claim=None)
    drafted = Drafted(reference=command.reissue.reference, header=header, replaces=command.invoice_id)
    lines = (replace(line, id=str(n)) for n, line in enumerate(invoice.lines, start=1))
    return (drafted, *(LineAdded(line=line) for line in lines))

"""The invoice as the fold of its facts. Evolving never refuses: history is what it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from invoicing_domain.model.document import Document
from invoicing_domain.model.invoice.events import (
    Cancelled,
    CreditApplied,
    CreditNoteIssued,
    CreditUnapplied,
    Discarded,
    DocumentProduced,
    DraftChanged,
    Drafted,
    DueDateExtended,
    EFacturaAcknowledged,
    EFacturaSubmitted,
    EmailBounced,
    Emailed,
    EmailFailed,
    EmailRequested,
    ExchangeDifference,
    Header,
    InvoiceFact,
    LineAdded,
    LineChanged,
    LineRemoved,
    NoteAdded,
    Origin,
    PaymentDeallocated,
    PaymentReceived,
    PaymentReversed,
    ReminderDropped,
    ReminderRequested,
    ReminderSent,
    RemindersHeld,
    RemindersResumed,
    Sent,
)
from invoicing_domain.model.invoice.held import CreditStep, less_payment
from invoicing_domain.model.invoice.lines import Line, document_totals, net_of_lines
from invoicing_domain.model.invoice.status import Status, status_of
from invoicing_domain.model.mailing import Mails, told
from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.states import changed
from invoicing_domain.model.vat import Totals, VatSubtotal, charge_amounts

Phase = Literal["draft", "discarded", "sent"]


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """State of one invoice. `paid` and `credited` are sums of what was allocated and applied to it."""

    reference: int
    header: Header
    phase: Phase
    paid: Money
    credited: Money
    lines: tuple[Line, ...] = ()
    lines_numbered: int = 0
    replaces: str | None = None
    origin: Origin | None = None
    sent: Sent | None = None
    payments: tuple[PaymentReceived, ...] = ()
    credit_notes: tuple[CreditNoteIssued, ...] = ()
    reminders: tuple[ReminderSent, ...] = ()
    reminders_held: bool = False
    reminder_requests: int = 0
    open_request: int | None = None
    """The reminder that somebody asked for and that was neither sent nor dropped yet."""
    submissions: tuple[EFacturaSubmitted, ...] = ()
    acknowledgements: tuple[EFacturaAcknowledged, ...] = ()
    credit_steps: tuple[CreditStep, ...] = ()
    differences: tuple[ExchangeDifference, ...] = ()
    due_dates: tuple[DueDateExtended, ...] = ()
    remarks: tuple[NoteAdded, ...] = ()
    cancelled: Cancelled | None = None
    document: Document | None = None
    mails: Mails = Mails()

    @property
    def currency(self) -> str:
        return self.header.currency

    @property
    def totals(self) -> Totals:
        """Totals as sent; for a draft, as they would be."""
        return self.sent.totals if self.sent else self._as_it_would_be()[0]

    @property
    def vat_breakdown(self) -> tuple[VatSubtotal, ...]:
        return self.sent.vat_breakdown if self.sent else self._as_it_would_be()[1]

    def _as_it_would_be(self) -> tuple[Totals, tuple[VatSubtotal, ...]]:
        return document_totals(self.lines, self.header.discount, self.currency, self.header.charges)

    @property
    def charge_amounts(self) -> tuple[Money, ...]:
        """What each charge comes to, in the order of the header."""
        if self.sent:
            return self.sent.charges
        return charge_amounts(self.header.charges, net_of_lines(self.lines, self.currency))

    @property
    def balance(self) -> Money:
        """What is left to pay: gross less allocated payments less applied credit; zero before sending."""
        return self.sent.totals.gross - self.paid - self.credited if self.sent else zero(self.currency)

    @property
    def due_date(self) -> date | None:
        """When it is to be paid: as sent, or as agreed since; for a draft, as wished."""
        if self.due_dates:
            return self.due_dates[-1].due_date
        return self.sent.due_date if self.sent else self.header.due_date

    def held_of_payment(self, payment_id: str) -> Money:
        """What this invoice holds of a payment."""
        held = (one.amount for one in self.payments if one.payment_id == payment_id)
        return sum(held, start=zero(self.currency))

    def credit_of(self, credit_note_id: str) -> Money:
        """What of a credit note lowers the balance of this invoice."""
        held = sum(
            (note.applied for note in self.credit_notes if note.credit_note_id == credit_note_id),
            start=zero(self.currency),
        )
        return sum((one.amount for one in self.credit_steps if one.credit_note_id == credit_note_id), start=held)

    def status(self, today: date) -> Status:
        """The one word for where the invoice stands on a day of the organization's calendar."""
        if self.sent is None:
            return "discarded" if self.phase == "discarded" else "draft"
        return status_of(
            gross=self.sent.totals.gross.minor,
            paid=self.paid.minor,
            credited=self.credited.minor,
            credited_in_full=bool(self.credit_notes) and credited_gross(self) == self.sent.totals.gross,
            overdue=(self.due_date or today) < today,
            cancelled=self.cancelled is not None,
        )


def credited_gross(invoice: Invoice) -> Money:
    """Sum of the credit notes issued for an invoice, applied or not."""
    return sum((note.amount for note in invoice.credit_notes), start=zero(invoice.currency))


def fold(facts: Iterable[InvoiceFact], state: Invoice) -> Invoice:
    """The invoice after further facts."""
    for fact in facts:
        state = evolve(state, fact)
    return state


def evolve(state: Invoice | None, fact: InvoiceFact) -> Invoice:
    if state is None:
        return _begin(fact)
    match fact:
        case LineAdded(line=line):
            lines = state.lines + (line,)  # noqa: RUF005 - one copy; unpacking makes two, and streams are long
            return changed(state, lines=lines, lines_numbered=state.lines_numbered + 1)
        case LineChanged(line=line):
            return changed(state, lines=tuple(line if line.id == old.id else old for old in state.lines))
        case LineRemoved(line_id=line_id):
            return changed(state, lines=tuple(line for line in state.lines if line.id != line_id))
        case DraftChanged(header=header):
            return _with_header(state, header)
        case Discarded():
            return changed(state, phase="discarded")
        case Sent():
            return changed(state, phase="sent", sent=fact, header=replace(state.header, customer=fact.customer))
        case _:
            return _after_sending(state, fact)


def _after_sending(state: Invoice, fact: InvoiceFact) -> Invoice:
    match fact:
        case PaymentReceived():
            return changed(state, payments=(*state.payments, fact), paid=state.paid + fact.amount)
        case PaymentReversed():
            kept = tuple(p for p in state.payments if p.payment_id != fact.payment_id)
            return changed(state, payments=kept, paid=state.paid - fact.amount)
        case PaymentDeallocated():
            kept = less_payment(state.payments, fact.payment_id, fact.amount)
            return changed(state, payments=kept, paid=state.paid - fact.amount)
        case CreditApplied():
            return _with_credit(state, fact, fact.amount)
        case CreditUnapplied():
            return _with_credit(state, fact, -fact.amount)
        case CreditNoteIssued():
            return changed(state, credit_notes=(*state.credit_notes, fact), credited=state.credited + fact.applied)
        case _:
            return _told(state, fact)


def _with_credit(state: Invoice, fact: CreditApplied | CreditUnapplied, amount: Money) -> Invoice:
    step = CreditStep(credit_note_id=fact.credit_note_id, number=fact.number, amount=amount, date=fact.date)
    return changed(state, credit_steps=(*state.credit_steps, step), credited=state.credited + amount)


def _told(state: Invoice, fact: InvoiceFact) -> Invoice:
    """Facts about what was told to the buyer or to the tax authority."""
    match fact:
        case ReminderSent():
            still_open = None if fact.request == state.open_request else state.open_request
            return changed(state, reminders=(*state.reminders, fact), open_request=still_open)
        case ReminderRequested(request=request):
            return changed(state, reminder_requests=request, open_request=request)
        case ReminderDropped(request=request):
            return changed(state, open_request=None if request == state.open_request else state.open_request)
        case RemindersHeld():
            return changed(state, reminders_held=True)
        case RemindersResumed():
            return changed(state, reminders_held=False)
        case EFacturaSubmitted():
            return changed(state, submissions=(*state.submissions, fact))
        case EFacturaAcknowledged():
            return changed(state, acknowledgements=(*state.acknowledgements, fact))
        case _:
            return _remembered(state, fact)


def _remembered(state: Invoice, fact: InvoiceFact) -> Invoice:
    """Facts that move no balance."""
    match fact:
        case ExchangeDifference():
            return changed(state, differences=(*state.differences, fact))
        case Cancelled():
            return changed(state, cancelled=fact)
        case DueDateExtended():
            return changed(state, due_dates=(*state.due_dates, fact))
        case NoteAdded():
            return changed(state, remarks=(*state.remarks, fact))
        case DocumentProduced(document=document):
            return changed(state, document=document)
        case EmailRequested() | Emailed() | EmailFailed() | EmailBounced():
            return changed(state, mails=told(state.mails, fact))
        case _:
            raise TypeError(f"{type(fact).__name__} is not a fact about a sent invoice")


def _begin(fact: InvoiceFact) -> Invoice:
    if not isinstance(fact, Drafted):
        raise TypeError(f"an invoice begins with Drafted, not with {type(fact).__name__}")
    nothing = zero(fact.header.currency)
    return Invoice(
        reference=fact.reference,
        header=fact.header,
        phase="draft",
        paid=nothing,
        credited=nothing,
        replaces=fact.replaces,
        origin=fact.origin,
    )


def _with_header(state: Invoice, header: Header) -> Invoice:
    nothing = zero(header.currency)
    return changed(state, header=header, paid=nothing, credited=nothing)

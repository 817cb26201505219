"""What may be done to an invoice, and which facts follow. Guards live here and nowhere else."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from invoicing_domain.model.context import Context
from invoicing_domain.model.dates import due_after
from invoicing_domain.model.invoice.commands import (
    DiscardDraft,
    DraftInvoice,
    HoldReminders,
    RecordEFacturaAnswer,
    RecordEFacturaSubmission,
    RecordReminder,
    ResumeReminders,
    ReviseDraft,
    Sending,
)
from invoicing_domain.model.invoice.events import (
    Discarded,
    DraftChanged,
    Drafted,
    EFacturaAcknowledged,
    EFacturaSubmitted,
    Header,
    InvoiceFact,
    LineAdded,
    LineChanged,
    LineRemoved,
    ReminderSent,
    RemindersHeld,
    RemindersResumed,
    Sent,
)
from invoicing_domain.model.invoice.lines import MAX_LINES, Line, LineInput, as_input, document_totals, priced
from invoicing_domain.model.invoice.state import Invoice, evolve
from invoicing_domain.model.money import minor_digits
from invoicing_domain.model.number_series.decide import allocate
from invoicing_domain.model.number_series.events import NumberAllocated
from invoicing_domain.model.number_series.state import NumberSeries
from invoicing_domain.model.refusal import Refusal

WAY_OUT: Final = "issue a credit note (with reissue for a corrected draft): POST /api/v1/invoices/{id}/credit-notes"


def draft(state: Invoice | None, command: DraftInvoice, context: Context) -> tuple[InvoiceFact, ...]:
    if state is not None:
        raise Refusal("invoice_exists", "this invoice exists already", reference=command.reference)
    _check_header(command.header, context.today)
    _check_room(0, len(command.lines))
    facts: list[InvoiceFact] = [Drafted(reference=command.reference, header=command.header)]
    facts += _added(command.lines, 0, command.header.currency)
    return tuple(facts)


def revise(state: Invoice | None, command: ReviseDraft, context: Context) -> tuple[InvoiceFact, ...]:
    """Header first, then lines; changing the currency prices every line anew."""
    invoice = _draft_of(state)
    header = replace(invoice.header, **command.changes)
    facts: list[InvoiceFact] = []
    if header != invoice.header:
        _check_header(header, context.today)
        facts.append(DraftChanged(header=header))
    changes = dict(command.changed)
    _check_known([*changes, *command.removed], invoice.lines)
    for line in invoice.lines:
        if line.id in command.removed:
            continue
        wanted = replace(as_input(line), **changes.get(line.id, {}))
        _check_line(wanted)
        again = priced(line.id, wanted, header.currency)
        if again != line:
            facts.append(LineChanged(line=again))
    facts += [LineRemoved(line_id=line_id) for line_id in command.removed]
    _check_room(len(invoice.lines) - len(command.removed), len(command.added))
    facts += _added(command.added, invoice.lines_numbered, header.currency)
    return tuple(facts)


def discard(state: Invoice | None, command: DiscardDraft) -> tuple[InvoiceFact, ...]:
    if state is not None and state.phase == "discarded":
        return ()
    _draft_of(state)
    return (Discarded(reason=command.reason),)


def send(
    state: Invoice | None, series: NumberSeries | None, sending: Sending, invoice_id: str, context: Context
) -> tuple[Sent, NumberAllocated]:
    """Freeze the draft under the next number of the series; both facts are recorded in one transaction."""
    invoice = _draft_of(state)
    header = invoice.header
    if not invoice.lines:
        raise Refusal("invoice_without_lines", "an invoice needs at least one line before it is sent (BR-16)")
    totals, breakdown = document_totals(invoice.lines, header.discount, header.currency)
    if totals.gross.minor < 0 or totals.discount > totals.lines_net:
        raise Refusal(
            "total_negative",
            "an invoice cannot be sent with a negative total; issue a credit note instead",
            gross=str(totals.gross.decimal),
        )
    issued = header.issue_date or context.today
    if issued > context.today:
        raise Refusal("issue_date_in_future", f"the issue date {issued} has not come yet", today=str(context.today))
    due = _due_date(header, issued, sending.default_terms_days)
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
    )
    return sent, allocated


def record_reminder(state: Invoice | None, command: RecordReminder, context: Context) -> tuple[InvoiceFact, ...]:
    """A mail that went out is a fact whatever the state; the same step twice is silent."""
    invoice = sent_of(state)
    if any(reminder.step == command.step for reminder in invoice.reminders):
        return ()
    return (
        ReminderSent(
            step=command.step,
            date=command.date,
            sent_at=context.at,
            to=command.to,
            balance=invoice.balance,
            message_id=command.message_id,
            passed_over=command.passed_over,
        ),
    )


def hold_reminders(state: Invoice | None, command: HoldReminders) -> tuple[InvoiceFact, ...]:
    return () if sent_of(state).reminders_held else (RemindersHeld(reason=command.reason),)


def resume_reminders(state: Invoice | None, command: ResumeReminders) -> tuple[InvoiceFact, ...]:
    return (RemindersResumed(reason=command.reason),) if sent_of(state).reminders_held else ()


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


def evolved(state: Invoice | None, facts: Iterable[InvoiceFact]) -> Invoice | None:
    for fact in facts:
        state = evolve(state, fact)
    return state


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


def _due_date(header: Header, issued: date, default_terms_days: int) -> date:
    if header.due_date is None:
        terms = header.payment_terms_days if header.payment_terms_days is not None else default_terms_days
        return due_after(issued, terms)
    if header.due_date < issued:
        raise Refusal(
            "due_date_before_issue",
            f"the due date {header.due_date} is before the issue date {issued}",
            due_date=header.due_date.isoformat(),
            issue_date=issued.isoformat(),
        )
    return header.due_date


def _check_header(header: Header, today: date) -> None:
    try:
        minor_digits(header.currency)
    except ValueError as error:
        raise Refusal("currency_unknown", str(error), currency=header.currency) from None
    if header.issue_date is not None:
        if header.issue_date > today:
            raise Refusal(
                "issue_date_in_future", f"the issue date {header.issue_date} has not come yet", today=str(today)
            )
        if header.due_date is not None:
            _due_date(header, header.issue_date, 0)


def _check_line(line: LineInput) -> None:
    vat = line.vat
    if (vat.category == "S") != (vat.rate > 0):
        raise Refusal(
            "vat_rate_invalid",
            "category S has a rate above zero; Z, E, AE, K, G and O have rate 0 (BR-S-05, BR-Z-05 and their kin)",
            category=vat.category,
            rate=f"{vat.rate:f}",
        )
    if line.quantity == 0:
        raise Refusal("quantity_zero", "a line needs a quantity", description=line.description)


def _check_known(line_ids: list[str], lines: tuple[Line, ...]) -> None:
    known = {line.id for line in lines}
    for line_id in line_ids:
        if line_id not in known:
            raise Refusal("line_not_found", f"the invoice has no line {line_id}", line_id=line_id)


def _check_room(kept: int, added: int) -> None:
    if kept + added > MAX_LINES:
        raise Refusal("too_many_lines", f"an invoice has at most {MAX_LINES} lines", lines=kept + added)


def _added(lines: Iterable[LineInput], numbered: int, currency: str) -> list[InvoiceFact]:
    facts: list[InvoiceFact] = []
    for position, wanted in enumerate(lines, start=numbered + 1):
        _check_line(wanted)
        facts.append(LineAdded(line=priced(str(position), wanted, currency)))
    return facts

"""What happens to a credit note after it was issued: it is applied, taken back, paid out, and put on paper."""

from dataclasses import dataclass

from invoicing_domain.model.context import Context
from invoicing_domain.model.credit_note.commands import ApplyCredit, AttachNoteDocument, RefundCredit, UnapplyCredit
from invoicing_domain.model.credit_note.events import Applied, CreditRefunded, DocumentProduced, Unapplied
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.invoice.events import CreditApplied, CreditUnapplied
from invoicing_domain.model.invoice.state import Invoice, credited_gross
from invoicing_domain.model.payment.decide import allocation_of
from invoicing_domain.model.payment.events import Allocation
from invoicing_domain.model.payment.moving import (
    Invoices,
    check_issued,
    check_not_in_future,
    check_reason,
    days,
    summed,
    too_early,
)
from invoicing_domain.model.payment.state import held_by_invoice
from invoicing_domain.model.payment.undo import to_refund, to_take_back
from invoicing_domain.model.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditMoved:
    """One fact about the note and one about each invoice that it touches, by invoice id."""

    on_note: Applied | Unapplied | CreditRefunded
    on_invoices: tuple[tuple[str, CreditApplied | CreditUnapplied], ...] = ()


def apply(state: CreditNote | None, invoices: Invoices, command: ApplyCredit, context: Context) -> CreditMoved:
    note = note_of(state)
    if command.date < note.free_since:
        raise Refusal("application_before_credit", too_early(note.free_since), **days(command.date, note.free_since))
    check_not_in_future(command.date, context.today)
    customer_id = note.issued.customer.customer_id
    taken = allocation_of(invoices, command.allocations, note.unapplied, customer_id, "credit note")
    if not taken:
        raise Refusal("nothing_to_allocate", "the note is used up, or nothing is left to pay on these invoices")
    check_issued(invoices, taken, command.date)
    return CreditMoved(
        on_note=Applied(
            date=command.date,
            allocations=taken,
            unapplied=note.unapplied - summed(taken, note.unapplied.currency),
        ),
        on_invoices=tuple((one.invoice_id, _applied(note, invoices, one, command)) for one in taken),
    )


def _applied(note: CreditNote, invoices: Invoices, one: Allocation, command: ApplyCredit) -> CreditApplied:
    return CreditApplied(
        credit_note_id=command.credit_note_id,
        number=note.issued.number,
        amount=one.amount,
        date=command.date,
        customer_id=note.issued.customer.customer_id,
        balance=sent_of(invoices[one.invoice_id]).balance - one.amount,
    )


def unapply(state: CreditNote | None, invoices: Invoices, command: UnapplyCredit, context: Context) -> CreditMoved:
    note = note_of(state)
    check_reason(command.reason, "taking credit back")
    if command.date < note.last_moved:
        raise Refusal(
            "deallocation_before_application", too_early(note.last_moved), **days(command.date, note.last_moved)
        )
    check_not_in_future(command.date, context.today)
    taken = to_take_back(held_by_invoice(note.allocations), command.allocations)
    for one in taken:
        _check_not_credited_in_full(sent_of(invoices[one.invoice_id]), note, one.invoice_id)
    left = note.unapplied + summed(taken, note.unapplied.currency)
    return CreditMoved(
        on_note=Unapplied(date=command.date, reason=command.reason, allocations=taken, unapplied=left),
        on_invoices=tuple((one.invoice_id, _unapplied(note, invoices, one, command)) for one in taken),
    )


def _unapplied(note: CreditNote, invoices: Invoices, one: Allocation, command: UnapplyCredit) -> CreditUnapplied:
    return CreditUnapplied(
        credit_note_id=command.credit_note_id,
        number=note.issued.number,
        amount=one.amount,
        date=command.date,
        reason=command.reason,
        customer_id=note.issued.customer.customer_id,
        balance=sent_of(invoices[one.invoice_id]).balance + one.amount,
    )


def refund(state: CreditNote | None, command: RefundCredit, context: Context) -> CreditMoved:
    note = note_of(state)
    check_reason(command.reason, "a refund")
    if command.date < note.free_since:
        raise Refusal("refund_before_credit", too_early(note.free_since), **days(command.date, note.free_since))
    check_not_in_future(command.date, context.today)
    amount = to_refund(note.unapplied, command.amount)
    return CreditMoved(
        on_note=CreditRefunded(
            date=command.date,
            amount=amount,
            method=command.method,
            reference=command.reference,
            reason=command.reason,
            unapplied=note.unapplied - amount,
        )
    )


def attach_document(state: CreditNote | None, command: AttachNoteDocument) -> tuple[DocumentProduced, ...]:
    """There is one paper of a credit note: another one is silent, whoever made it."""
    return () if note_of(state).document else (DocumentProduced(document=command.document),)


def note_of(state: CreditNote | None) -> CreditNote:
    if state is None:
        raise Refusal("not_found", "there is no such credit note")
    return state


def _check_not_credited_in_full(invoice: Invoice, note: CreditNote, invoice_id: str) -> None:
    """An invoice that is credited in full is over: its own credit cannot leave it to be paid again."""
    own = note.issued.invoice_id == invoice_id
    if own and credited_gross(invoice) == invoice.totals.gross:
        raise Refusal(
            "invoice_credited",
            "the invoice is credited in full; the credit that closes it stays with it",
            invoice_id=invoice_id,
        )

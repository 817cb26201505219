"""The table of commands: for each, what to load, which decision to take, which streams get the facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from invoicing_domain.model.context import Context
from invoicing_domain.model.credit_note import state as credit_note
from invoicing_domain.model.credit_note.decide import correct
from invoicing_domain.model.customer import decide as customers
from invoicing_domain.model.customer import state as customer
from invoicing_domain.model.customer.commands import ChangeCustomer, RegisterCustomer
from invoicing_domain.model.identity import StreamId, series_id
from invoicing_domain.model.invoice import commands as invoice_commands
from invoicing_domain.model.invoice import decide as invoices
from invoicing_domain.model.invoice import state as invoice
from invoicing_domain.model.number_series import decide as numbers
from invoicing_domain.model.number_series import state as number_series
from invoicing_domain.model.number_series.commands import OpenSeries
from invoicing_domain.model.number_series.events import DocumentKind, Series
from invoicing_domain.model.organization import decide as organizations
from invoicing_domain.model.organization import state as organization
from invoicing_domain.model.organization.commands import ChangeOrganization, RegisterOrganization
from invoicing_domain.model.payment import decide as payments
from invoicing_domain.model.payment import state as payment
from invoicing_domain.model.payment.commands import AllocatePayment, AllocationWish, RecordPayment, ReversePayment
from invoicing_domain.recording.application import Category
from invoicing_domain.work import Work

INVOICE: Final = Category("invoice", invoice.evolve)
CREDIT_NOTE: Final = Category("credit_note", credit_note.evolve)
PAYMENT: Final = Category("payment", payment.evolve)
NUMBER_SERIES: Final = Category("number_series", number_series.evolve, last_fact_is_state=True)
CUSTOMER: Final = Category("customer", customer.evolve)
ORGANIZATION: Final = Category("organization", organization.evolve, last_fact_is_state=True)


def draft_invoice(command: invoice_commands.DraftInvoice, context: Context, work: Work) -> None:
    if command.registers is not None:
        register_customer(command.registers, context, work)
    work.begin(command.invoice_id)
    facts = invoices.draft(work.load(INVOICE, command.invoice_id), command, context)
    if command.sending is None:
        claim = command.header.number_claim
        if claim is not None:
            series = series_id(context.organization_id, "invoice", command.series)
            numbers.check_claim(work.load(NUMBER_SERIES, series), claim)
        work.record(INVOICE, command.invoice_id, facts)
    else:
        work.record(INVOICE, command.invoice_id, facts)
        _send(command.invoice_id, command.sending, context, work)


def revise_draft(command: invoice_commands.ReviseDraft, context: Context, work: Work) -> None:
    facts = invoices.revise(work.load(INVOICE, command.invoice_id), command, context)
    work.record(INVOICE, command.invoice_id, facts)


def discard_draft(command: invoice_commands.DiscardDraft, _: Context, work: Work) -> None:
    work.record(INVOICE, command.invoice_id, invoices.discard(work.load(INVOICE, command.invoice_id), command))


def send_invoice(command: invoice_commands.SendInvoice, context: Context, work: Work) -> None:
    work.load(INVOICE, command.invoice_id)
    _send(command.invoice_id, command.sending, context, work)


def _send(invoice_id: StreamId, sending: invoice_commands.Sending, context: Context, work: Work) -> None:
    numbered = series_id(context.organization_id, "invoice", sending.series)
    series = work.load_in_turn(NUMBER_SERIES, numbered)
    work.record(INVOICE, invoice_id, invoices.settle_rates(work.load(INVOICE, invoice_id), context))
    sent, allocated = invoices.send(work.load(INVOICE, invoice_id), series, sending, invoice_id, context)
    work.record(INVOICE, invoice_id, [sent])
    work.record(NUMBER_SERIES, numbered, [allocated])


def issue_credit_note(command: invoice_commands.IssueCreditNote, context: Context, work: Work) -> None:
    numbered = series_id(context.organization_id, "credit_note", command.series)
    series = work.load_in_turn(NUMBER_SERIES, numbered)
    correction = correct(work.load(INVOICE, command.invoice_id), series, command, context)
    work.record(INVOICE, command.invoice_id, [correction.on_invoice])
    work.begin(command.credit_note_id)
    work.record(CREDIT_NOTE, command.credit_note_id, [correction.issued])
    work.record(NUMBER_SERIES, numbered, [correction.allocated])
    if command.reissue is not None:
        work.begin(command.reissue.invoice_id)
        work.record(INVOICE, command.reissue.invoice_id, correction.reissued)


def record_reminder(command: invoice_commands.RecordReminder, context: Context, work: Work) -> None:
    state = work.load(INVOICE, command.invoice_id)
    work.record(INVOICE, command.invoice_id, invoices.record_reminder(state, command, context))


def hold_reminders(command: invoice_commands.HoldReminders, _: Context, work: Work) -> None:
    work.record(INVOICE, command.invoice_id, invoices.hold_reminders(work.load(INVOICE, command.invoice_id), command))


def resume_reminders(command: invoice_commands.ResumeReminders, _: Context, work: Work) -> None:
    state = work.load(INVOICE, command.invoice_id)
    work.record(INVOICE, command.invoice_id, invoices.resume_reminders(state, command))


def submit_efactura(command: invoice_commands.RecordEFacturaSubmission, _: Context, work: Work) -> None:
    work.record(INVOICE, command.invoice_id, invoices.submit_efactura(work.load(INVOICE, command.invoice_id), command))


def acknowledge_efactura(command: invoice_commands.RecordEFacturaAnswer, _: Context, work: Work) -> None:
    state = work.load(INVOICE, command.invoice_id)
    work.record(INVOICE, command.invoice_id, invoices.acknowledge_efactura(state, command))


def record_payment(command: RecordPayment, context: Context, work: Work) -> None:
    work.begin(command.payment_id)
    touched = _invoices(command.allocations, work)
    moved = payments.record(work.load(PAYMENT, command.payment_id), touched, command, context)
    _move(command.payment_id, moved, work)


def allocate_payment(command: AllocatePayment, context: Context, work: Work) -> None:
    touched = _invoices(command.allocations, work)
    moved = payments.allocate(work.load(PAYMENT, command.payment_id), touched, command, context)
    _move(command.payment_id, moved, work)


def reverse_payment(command: ReversePayment, context: Context, work: Work) -> None:
    state = work.load(PAYMENT, command.payment_id)
    paid = state.allocations if state is not None else ()
    touched = {one.invoice_id: work.load(INVOICE, one.invoice_id) for one in paid}
    _move(command.payment_id, payments.reverse(state, touched, command, context), work)


def _invoices(wishes: Sequence[AllocationWish], work: Work) -> dict[str, invoice.Invoice | None]:
    return {wish.invoice_id: work.load(INVOICE, wish.invoice_id) for wish in wishes}


def _move(payment_id: str, moved: payments.MoneyMoved, work: Work) -> None:
    work.record(PAYMENT, payment_id, [moved.on_payment])
    for invoice_id, fact in moved.on_invoices:
        work.record(INVOICE, invoice_id, [fact])


def register_customer(command: RegisterCustomer, _: Context, work: Work) -> None:
    work.begin(command.customer_id)
    work.record(CUSTOMER, command.customer_id, customers.register(work.load(CUSTOMER, command.customer_id), command))


def change_customer(command: ChangeCustomer, _: Context, work: Work) -> None:
    work.record(CUSTOMER, command.customer_id, customers.change(work.load(CUSTOMER, command.customer_id), command))


def register_organization(command: RegisterOrganization, context: Context, work: Work) -> None:
    state = work.load(ORGANIZATION, command.organization_id)
    work.record(ORGANIZATION, command.organization_id, organizations.register(state, command))
    prefixes: tuple[tuple[DocumentKind, str], ...] = (
        ("invoice", command.profile.invoice_series),
        ("credit_note", command.profile.credit_note_series),
    )
    for document, prefix in prefixes:
        opened = series_id(command.organization_id, document, prefix)
        open_series(OpenSeries(series_id=opened, series=Series(document=document, prefix=prefix)), context, work)


def change_organization(command: ChangeOrganization, _: Context, work: Work) -> None:
    state = work.load(ORGANIZATION, command.organization_id)
    work.record(ORGANIZATION, command.organization_id, organizations.change(state, command))


def open_series(command: OpenSeries, _: Context, work: Work) -> None:
    state = work.load(NUMBER_SERIES, command.series_id)
    work.record(NUMBER_SERIES, command.series_id, numbers.open_series(state, command))


@dataclass(frozen=True, slots=True)
class Handler:
    """`handle` does the work; `addressed` names the field with the stream that the command is about."""

    handle: Callable[[Any, Context, Work], None]
    addressed: str


HANDLERS: Final[dict[type, Handler]] = {
    invoice_commands.DraftInvoice: Handler(draft_invoice, "invoice_id"),
    invoice_commands.ReviseDraft: Handler(revise_draft, "invoice_id"),
    invoice_commands.DiscardDraft: Handler(discard_draft, "invoice_id"),
    invoice_commands.SendInvoice: Handler(send_invoice, "invoice_id"),
    invoice_commands.IssueCreditNote: Handler(issue_credit_note, "invoice_id"),
    invoice_commands.RecordReminder: Handler(record_reminder, "invoice_id"),
    invoice_commands.HoldReminders: Handler(hold_reminders, "invoice_id"),
    invoice_commands.ResumeReminders: Handler(resume_reminders, "invoice_id"),
    invoice_commands.RecordEFacturaSubmission: Handler(submit_efactura, "invoice_id"),
    invoice_commands.RecordEFacturaAnswer: Handler(acknowledge_efactura, "invoice_id"),
    RecordPayment: Handler(record_payment, "payment_id"),
    AllocatePayment: Handler(allocate_payment, "payment_id"),
    ReversePayment: Handler(reverse_payment, "payment_id"),
    RegisterCustomer: Handler(register_customer, "customer_id"),
    ChangeCustomer: Handler(change_customer, "customer_id"),
    RegisterOrganization: Handler(register_organization, "organization_id"),
    ChangeOrganization: Handler(change_organization, "organization_id"),
    OpenSeries: Handler(open_series, "series_id"),
}

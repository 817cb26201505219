"""The table of commands: for each, what to load, which decision to take, which streams get the facts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from invoicing_domain.categories import CREDIT_NOTE, CUSTOMER, INVOICE, NUMBER_SERIES, ORGANIZATION
from invoicing_domain.handlers import after_sending as told
from invoicing_domain.handlers import issuing, jobs, letters, money, webhooks
from invoicing_domain.handlers import mailing as mails
from invoicing_domain.model.bulk_run.commands import AdvanceBulkRun, StartBulkRun
from invoicing_domain.model.context import Context
from invoicing_domain.model.credit_note import applying
from invoicing_domain.model.credit_note.commands import (
    ApplyCredit,
    AttachNoteDocument,
    RefundCredit,
    UnapplyCredit,
)
from invoicing_domain.model.credit_note.decide import correct
from invoicing_domain.model.customer import decide as customers
from invoicing_domain.model.customer.commands import ChangeCustomer, EraseCustomer, RegisterCustomer
from invoicing_domain.model.exchange.commands import PublishRates
from invoicing_domain.model.identity import StreamId, series_id
from invoicing_domain.model.invoice import commands as invoice_commands
from invoicing_domain.model.invoice import decide as invoices
from invoicing_domain.model.invoice import reminding
from invoicing_domain.model.job import commands as job_commands
from invoicing_domain.model.letter_template import commands as template_commands
from invoicing_domain.model.mailing import RecordBounce, RecordEmail, RecordEmailFailure, RequestEmail
from invoicing_domain.model.number_series import decide as numbers
from invoicing_domain.model.number_series.commands import CloseSeries, OpenSeries
from invoicing_domain.model.number_series.events import DocumentKind, Series
from invoicing_domain.model.order.commands import InvoiceOrder
from invoicing_domain.model.organization import decide as organizations
from invoicing_domain.model.organization.commands import ChangeOrganization, RegisterOrganization
from invoicing_domain.model.payment.commands import (
    AllocatePayment,
    DeallocatePayment,
    RecordPayment,
    RefundPayment,
    ReversePayment,
)
from invoicing_domain.model.proforma import commands as proforma_commands
from invoicing_domain.model.recurring import commands as recurring_commands
from invoicing_domain.work import Work

Handle = Callable[[Any, Context, Work], None]


def draft_invoice(command: invoice_commands.DraftInvoice, context: Context, work: Work) -> None:
    if command.registers is not None:
        register_customer(command.registers, context, work)
    work.begin(INVOICE, command.invoice_id)
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
    state = work.load(INVOICE, invoice_id)
    exchange = money.exchange_at_issue(state, sending.exchange, context, work)
    sent, allocated = invoices.send(state, series, sending, invoice_id, context, exchange)
    work.record(INVOICE, invoice_id, [sent])
    if sending.hold_reminders:
        holding = invoice_commands.HoldReminders(invoice_id=invoice_id, reason="asked for when it was sent")
        work.record(INVOICE, invoice_id, reminding.hold_reminders(work.load(INVOICE, invoice_id), holding))
    work.record(NUMBER_SERIES, numbered, [allocated])


def issue_credit_note(command: invoice_commands.IssueCreditNote, context: Context, work: Work) -> None:
    numbered = series_id(context.organization_id, "credit_note", command.series)
    series = work.load_in_turn(NUMBER_SERIES, numbered)
    correction = correct(work.load(INVOICE, command.invoice_id), series, command, context)
    work.record(INVOICE, command.invoice_id, [correction.on_invoice, *correction.cancelled])
    work.begin(CREDIT_NOTE, command.credit_note_id)
    work.record(CREDIT_NOTE, command.credit_note_id, [correction.issued])
    work.record(NUMBER_SERIES, numbered, [correction.allocated])
    if command.reissue is not None:
        work.begin(INVOICE, command.reissue.invoice_id)
        work.record(INVOICE, command.reissue.invoice_id, correction.reissued)


def attach_note_document(command: AttachNoteDocument, _: Context, work: Work) -> None:
    state = work.load(CREDIT_NOTE, command.credit_note_id)
    work.record(CREDIT_NOTE, command.credit_note_id, applying.attach_document(state, command))


def register_customer(command: RegisterCustomer, _: Context, work: Work) -> None:
    work.begin(CUSTOMER, command.customer_id)
    work.record(CUSTOMER, command.customer_id, customers.register(work.load(CUSTOMER, command.customer_id), command))


def change_customer(command: ChangeCustomer, _: Context, work: Work) -> None:
    work.record(CUSTOMER, command.customer_id, customers.change(work.load(CUSTOMER, command.customer_id), command))


def erase_customer(command: EraseCustomer, context: Context, work: Work) -> None:
    """Recording this ends the customer's key in the same transaction: see `recording/keys.sql`."""
    state = work.load(CUSTOMER, command.customer_id)
    work.record(CUSTOMER, command.customer_id, customers.erase(state, command, context))


def register_organization(command: RegisterOrganization, context: Context, work: Work) -> None:
    state = work.load(ORGANIZATION, command.organization_id)
    work.record(ORGANIZATION, command.organization_id, organizations.register(state, command))
    prefixes: tuple[tuple[DocumentKind, str], ...] = (
        ("invoice", command.profile.invoice_series),
        ("credit_note", command.profile.credit_note_series),
    )
    for document, prefix in prefixes:
        opened = series_id(command.organization_id, document, prefix)
        opening = OpenSeries(series_id=opened, series=Series(document=document, prefix=prefix))
        issuing.open_series(opening, context, work)


def change_organization(command: ChangeOrganization, _: Context, work: Work) -> None:
    state = work.load(ORGANIZATION, command.organization_id)
    issuing.check_defaults(command, work)
    work.record(ORGANIZATION, command.organization_id, organizations.change(state, command))


def drafting(prepare: Callable[[Any, Context, Work], invoice_commands.DraftInvoice | None]) -> Handle:
    """What leads to an invoice: it is drafted (and sent, if wished) in the same step, when there is one to make."""

    def handle(command: Any, context: Context, work: Work) -> None:
        draft = prepare(command, context, work)
        if draft is not None:
            draft_invoice(draft, context, work)

    return handle


def meeting(handle: Handle) -> Handle:
    """What may bring a customer with it who is met for the first time."""

    def handle_both(command: Any, context: Context, work: Work) -> None:
        if command.registers is not None:
            register_customer(command.registers, context, work)
        handle(command, context, work)

    return handle_both


@dataclass(frozen=True, slots=True)
class Handler:
    """`handle` does the work; `addressed` names the field with the stream that the command is about."""

    handle: Handle
    addressed: str


HANDLERS: Final[dict[type, Handler]] = {
    invoice_commands.DraftInvoice: Handler(draft_invoice, "invoice_id"),
    invoice_commands.ReviseDraft: Handler(revise_draft, "invoice_id"),
    invoice_commands.DiscardDraft: Handler(discard_draft, "invoice_id"),
    invoice_commands.SendInvoice: Handler(send_invoice, "invoice_id"),
    invoice_commands.IssueCreditNote: Handler(issue_credit_note, "invoice_id"),
    invoice_commands.ExtendDueDate: Handler(told.extend_due_date, "invoice_id"),
    invoice_commands.AddNote: Handler(told.add_note, "invoice_id"),
    invoice_commands.AttachDocument: Handler(told.attach_document, "invoice_id"),
    invoice_commands.RequestReminder: Handler(told.request_reminder, "invoice_id"),
    invoice_commands.DropReminder: Handler(told.drop_reminder, "invoice_id"),
    invoice_commands.RecordReminder: Handler(told.record_reminder, "invoice_id"),
    invoice_commands.HoldReminders: Handler(told.hold_reminders, "invoice_id"),
    invoice_commands.ResumeReminders: Handler(told.resume_reminders, "invoice_id"),
    invoice_commands.RecordEFacturaSubmission: Handler(told.submit_efactura, "invoice_id"),
    invoice_commands.RecordEFacturaAnswer: Handler(told.acknowledge_efactura, "invoice_id"),
    RecordPayment: Handler(money.record_payment, "payment_id"),
    AllocatePayment: Handler(money.allocate_payment, "payment_id"),
    DeallocatePayment: Handler(money.deallocate_payment, "payment_id"),
    RefundPayment: Handler(money.refund_payment, "payment_id"),
    ReversePayment: Handler(money.reverse_payment, "payment_id"),
    ApplyCredit: Handler(money.apply_credit, "credit_note_id"),
    UnapplyCredit: Handler(money.unapply_credit, "credit_note_id"),
    RefundCredit: Handler(money.refund_credit, "credit_note_id"),
    AttachNoteDocument: Handler(attach_note_document, "credit_note_id"),
    RequestEmail: Handler(mails.request_email, "document_id"),
    RecordEmail: Handler(mails.record_email, "document_id"),
    RecordEmailFailure: Handler(mails.record_email_failure, "document_id"),
    RecordBounce: Handler(mails.record_bounce, "document_id"),
    template_commands.ChangeTemplate: Handler(letters.change_template, "template_id"),
    template_commands.ResetTemplate: Handler(letters.reset_template, "template_id"),
    job_commands.RetryJob: Handler(jobs.decide_about_job, "job_id"),
    job_commands.CancelJob: Handler(jobs.decide_about_job, "job_id"),
    job_commands.DecideJob: Handler(jobs.decide_about_job, "job_id"),
    PublishRates: Handler(money.publish_rates, "rates_id"),
    RegisterCustomer: Handler(register_customer, "customer_id"),
    ChangeCustomer: Handler(change_customer, "customer_id"),
    EraseCustomer: Handler(erase_customer, "customer_id"),
    RegisterOrganization: Handler(register_organization, "organization_id"),
    ChangeOrganization: Handler(change_organization, "organization_id"),
    OpenSeries: Handler(issuing.open_series, "series_id"),
    CloseSeries: Handler(issuing.close_series, "series_id"),
    InvoiceOrder: Handler(drafting(issuing.order_draft), "invoice_id"),
    proforma_commands.DraftProforma: Handler(meeting(issuing.draft_proforma), "proforma_id"),
    proforma_commands.SendProforma: Handler(issuing.send_proforma, "proforma_id"),
    proforma_commands.CancelProforma: Handler(issuing.cancel_proforma, "proforma_id"),
    proforma_commands.InvoiceProforma: Handler(drafting(issuing.proforma_draft), "invoice_id"),
    recurring_commands.ScheduleRecurring: Handler(meeting(issuing.schedule_recurring), "recurring_id"),
    recurring_commands.ChangeRecurring: Handler(issuing.change_recurring, "recurring_id"),
    recurring_commands.PauseRecurring: Handler(issuing.pause_recurring, "recurring_id"),
    recurring_commands.ResumeRecurring: Handler(issuing.resume_recurring, "recurring_id"),
    StartBulkRun: Handler(issuing.start_bulk_run, "run_id"),
    AdvanceBulkRun: Handler(issuing.advance_bulk_run, "run_id"),
    recurring_commands.BillPeriod: Handler(drafting(issuing.period_draft), "recurring_id"),
    **{command: Handler(handle, "endpoint_id") for command, handle in webhooks.HANDLES.items()},
}

"""Handlers about a sent invoice that move no money: agreements, remarks, documents, reminders, e-Factura."""

from invoicing_domain.categories import CUSTOMER, INVOICE
from invoicing_domain.model.context import Context
from invoicing_domain.model.invoice import after_sending, commands, reminding
from invoicing_domain.model.invoice import decide as invoices
from invoicing_domain.work import Work


def extend_due_date(command: commands.ExtendDueDate, context: Context, work: Work) -> None:
    state = work.load(INVOICE, command.invoice_id)
    work.record(INVOICE, command.invoice_id, after_sending.extend_due_date(state, command, context))


def add_note(command: commands.AddNote, context: Context, work: Work) -> None:
    state = work.load(INVOICE, command.invoice_id)
    work.record(INVOICE, command.invoice_id, after_sending.add_note(state, command, context))


def attach_document(command: commands.AttachDocument, _: Context, work: Work) -> None:
    state = work.load(INVOICE, command.invoice_id)
    work.record(INVOICE, command.invoice_id, after_sending.attach_document(state, command))


def request_reminder(command: commands.RequestReminder, context: Context, work: Work) -> None:
    state = work.load(INVOICE, command.invoice_id)
    buyer_id = "" if state is None else state.header.customer.customer_id
    customer = work.load(CUSTOMER, buyer_id) if buyer_id else None
    work.record(INVOICE, command.invoice_id, reminding.request_reminder(state, customer, context))


def drop_reminder(command: commands.DropReminder, _: Context, work: Work) -> None:
    work.record(INVOICE, command.invoice_id, reminding.drop_reminder(work.load(INVOICE, command.invoice_id), command))


def record_reminder(command: commands.RecordReminder, context: Context, work: Work) -> None:
    state = work.load(INVOICE, command.invoice_id)
    work.record(INVOICE, command.invoice_id, reminding.record_reminder(state, command, context))


def hold_reminders(command: commands.HoldReminders, _: Context, work: Work) -> None:
    work.record(INVOICE, command.invoice_id, reminding.hold_reminders(work.load(INVOICE, command.invoice_id), command))


def resume_reminders(command: commands.ResumeReminders, _: Context, work: Work) -> None:
    state = work.load(INVOICE, command.invoice_id)
    work.record(INVOICE, command.invoice_id, reminding.resume_reminders(state, command))


def submit_efactura(command: commands.RecordEFacturaSubmission, _: Context, work: Work) -> None:
    work.record(INVOICE, command.invoice_id, invoices.submit_efactura(work.load(INVOICE, command.invoice_id), command))


def acknowledge_efactura(command: commands.RecordEFacturaAnswer, _: Context, work: Work) -> None:
    state = work.load(INVOICE, command.invoice_id)
    work.record(INVOICE, command.invoice_id, invoices.acknowledge_efactura(state, command))

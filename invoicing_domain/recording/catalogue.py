"""The catalogue: wire name and version of every fact. Names are for ever; Python may rename as it likes."""

from dataclasses import dataclass

from invoicing_domain.model.bulk_run import events as bulk_run
from invoicing_domain.model.credit_note import events as credit_note
from invoicing_domain.model.customer import events as customer
from invoicing_domain.model.exchange import events as exchange
from invoicing_domain.model.invoice import events as invoice
from invoicing_domain.model.job import events as job
from invoicing_domain.model.letter_template import events as letter_template
from invoicing_domain.model.number_series import events as number_series
from invoicing_domain.model.order import events as order
from invoicing_domain.model.organization import events as organization
from invoicing_domain.model.payment import events as payment
from invoicing_domain.model.proforma import events as proforma
from invoicing_domain.model.recurring import events as recurring
from invoicing_domain.model.webhook_endpoint import events as webhook_endpoint


@dataclass(frozen=True, slots=True)
class WireName:
    """`name/version`: the topic of a stored event, and the type in every feed."""

    name: str
    version: int = 1

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


CATALOGUE: dict[type, WireName] = {
    invoice.Drafted: WireName("invoice.drafted"),
    invoice.DraftChanged: WireName("invoice.draft_changed"),
    invoice.LineAdded: WireName("invoice.line_added"),
    invoice.LineChanged: WireName("invoice.line_changed"),
    invoice.LineRemoved: WireName("invoice.line_removed"),
    invoice.Discarded: WireName("invoice.discarded"),
    invoice.Sent: WireName("invoice.sent"),
    invoice.PaymentReceived: WireName("invoice.payment_received"),
    invoice.PaymentReversed: WireName("invoice.payment_reversed"),
    invoice.PaymentDeallocated: WireName("invoice.payment_deallocated"),
    invoice.ExchangeDifference: WireName("invoice.exchange_difference"),
    invoice.CreditNoteIssued: WireName("invoice.credit_note_issued"),
    invoice.CreditApplied: WireName("invoice.credit_applied"),
    invoice.CreditUnapplied: WireName("invoice.credit_unapplied"),
    invoice.Cancelled: WireName("invoice.cancelled"),
    invoice.DueDateExtended: WireName("invoice.due_date_extended"),
    invoice.NoteAdded: WireName("invoice.note_added"),
    invoice.ReminderSent: WireName("invoice.reminder_sent"),
    invoice.ReminderRequested: WireName("invoice.reminder_requested"),
    invoice.ReminderDropped: WireName("invoice.reminder_dropped"),
    invoice.RemindersHeld: WireName("invoice.reminders_held"),
    invoice.RemindersResumed: WireName("invoice.reminders_resumed"),
    invoice.EFacturaSubmitted: WireName("invoice.efactura_submitted"),
    invoice.EFacturaAcknowledged: WireName("invoice.efactura_acknowledged"),
    invoice.DocumentProduced: WireName("invoice.document_produced"),
    invoice.EmailRequested: WireName("invoice.email_requested"),
    invoice.Emailed: WireName("invoice.emailed"),
    invoice.EmailFailed: WireName("invoice.email_failed"),
    invoice.EmailBounced: WireName("invoice.email_bounced"),
    credit_note.Issued: WireName("credit_note.issued"),
    credit_note.Applied: WireName("credit_note.applied"),
    credit_note.Unapplied: WireName("credit_note.unapplied"),
    credit_note.CreditRefunded: WireName("credit_note.refunded"),
    credit_note.DocumentProduced: WireName("credit_note.document_produced"),
    credit_note.EmailRequested: WireName("credit_note.email_requested"),
    credit_note.Emailed: WireName("credit_note.emailed"),
    credit_note.EmailFailed: WireName("credit_note.email_failed"),
    credit_note.EmailBounced: WireName("credit_note.email_bounced"),
    payment.Recorded: WireName("payment.recorded"),
    payment.Allocated: WireName("payment.allocated"),
    payment.Deallocated: WireName("payment.deallocated"),
    payment.Refunded: WireName("payment.refunded"),
    payment.Reversed: WireName("payment.reversed"),
    payment.ReferenceClaimed: WireName("payment_reference.claimed"),
    exchange.RatesPublished: WireName("exchange_rates.published"),
    number_series.SeriesOpened: WireName("number_series.opened"),
    number_series.NumberAllocated: WireName("number_series.number_allocated"),
    number_series.SeriesClosed: WireName("number_series.closed"),
    order.OrderInvoiced: WireName("order.invoiced"),
    proforma.ProformaDrafted: WireName("proforma.drafted"),
    proforma.ProformaSent: WireName("proforma.sent"),
    proforma.ProformaCancelled: WireName("proforma.cancelled"),
    proforma.ProformaInvoiced: WireName("proforma.invoiced"),
    recurring.RecurringScheduled: WireName("recurring_invoice.scheduled"),
    recurring.RecurringChanged: WireName("recurring_invoice.changed"),
    recurring.RecurringPaused: WireName("recurring_invoice.paused"),
    recurring.RecurringResumed: WireName("recurring_invoice.resumed"),
    recurring.InvoiceGenerated: WireName("recurring_invoice.generated"),
    recurring.PeriodsPassedOver: WireName("recurring_invoice.periods_passed_over"),
    bulk_run.BulkRunStarted: WireName("bulk_run.started"),
    bulk_run.BulkRunAdvanced: WireName("bulk_run.advanced"),
    letter_template.TemplateChanged: WireName("letter_template.changed"),
    letter_template.TemplateReset: WireName("letter_template.reset"),
    job.JobRetried: WireName("job.retried"),
    job.JobCancelled: WireName("job.cancelled"),
    job.JobDecided: WireName("job.decided"),
    customer.CustomerRegistered: WireName("customer.registered"),
    customer.CustomerChanged: WireName("customer.changed"),
    customer.PersonalDataErased: WireName("customer.personal_data_erased"),
    organization.OrganizationRegistered: WireName("organization.registered"),
    organization.OrganizationChanged: WireName("organization.changed"),
    webhook_endpoint.WebhookEndpointRegistered: WireName("webhook_endpoint.registered"),
    webhook_endpoint.WebhookEndpointChanged: WireName("webhook_endpoint.changed"),
    webhook_endpoint.WebhookSecretRotated: WireName("webhook_endpoint.secret_rotated"),
    webhook_endpoint.WebhookEndpointDisabled: WireName("webhook_endpoint.disabled"),
    webhook_endpoint.WebhookEndpointEnabled: WireName("webhook_endpoint.enabled"),
    webhook_endpoint.WebhookEndpointRemoved: WireName("webhook_endpoint.removed"),
    webhook_endpoint.WebhookTestRequested: WireName("webhook_endpoint.test_requested"),
    webhook_endpoint.WebhookReplayRequested: WireName("webhook_endpoint.replay_requested"),
}

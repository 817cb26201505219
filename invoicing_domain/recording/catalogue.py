"""The catalogue: wire name and version of every fact. Names are for ever; Python may rename as it likes."""

from dataclasses import dataclass

from invoicing_domain.model.credit_note import events as credit_note
from invoicing_domain.model.customer import events as customer
from invoicing_domain.model.invoice import events as invoice
from invoicing_domain.model.number_series import events as number_series
from invoicing_domain.model.organization import events as organization
from invoicing_domain.model.payment import events as payment


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
    invoice.CreditNoteIssued: WireName("invoice.credit_note_issued"),
    invoice.ReminderSent: WireName("invoice.reminder_sent"),
    invoice.RemindersHeld: WireName("invoice.reminders_held"),
    invoice.RemindersResumed: WireName("invoice.reminders_resumed"),
    invoice.EFacturaSubmitted: WireName("invoice.efactura_submitted"),
    invoice.EFacturaAcknowledged: WireName("invoice.efactura_acknowledged"),
    credit_note.Issued: WireName("credit_note.issued"),
    payment.Recorded: WireName("payment.recorded"),
    payment.Allocated: WireName("payment.allocated"),
    payment.Reversed: WireName("payment.reversed"),
    number_series.SeriesOpened: WireName("number_series.opened"),
    number_series.NumberAllocated: WireName("number_series.number_allocated"),
    customer.CustomerRegistered: WireName("customer.registered"),
    customer.CustomerChanged: WireName("customer.changed"),
    organization.OrganizationRegistered: WireName("organization.registered"),
    organization.OrganizationChanged: WireName("organization.changed"),
}

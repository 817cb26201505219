"""The native routes of what follows sending: payments, credit, agreements and reminders, one line each."""

from api.doors import Doors
from api.resources import (
    after_sending,
    credit_notes,
    credit_use,
    exchange_rates,
    payment_use,
    payments,
    reminders,
)


def collecting_routes(doors: Doors, prefix: str) -> dict[str, object]:
    return {
        f"{prefix}/invoices/{{document}}/payments": payments.InvoicePayments(doors),
        f"{prefix}/invoices/{{document}}/credit-notes": credit_notes.InvoiceCreditNotes(doors),
        f"{prefix}/invoices/{{document}}/cancel": credit_notes.InvoiceCancelling(doors),
        f"{prefix}/invoices/{{document}}/due-date": after_sending.InvoiceDueDate(doors),
        f"{prefix}/invoices/{{document}}/notes": after_sending.InvoiceNotes(doors),
        f"{prefix}/invoices/{{document}}/reminders": reminders.InvoiceReminders(doors),
        f"{prefix}/invoices/{{document}}/reminders/hold": reminders.ReminderHold(doors),
        f"{prefix}/settings/reminders": reminders.ReminderSettings(doors),
        f"{prefix}/payments": payments.Payments(doors),
        f"{prefix}/payments/{{document}}": payments.Payment(doors),
        f"{prefix}/payments/{{document}}/allocations": payment_use.PaymentAllocations(doors),
        f"{prefix}/payments/{{document}}/deallocations": payment_use.PaymentDeallocations(doors),
        f"{prefix}/payments/{{document}}/refunds": payment_use.PaymentRefunds(doors),
        f"{prefix}/payments/{{document}}/reversal": payment_use.PaymentReversal(doors),
        f"{prefix}/credit-notes": credit_notes.CreditNotes(doors),
        f"{prefix}/credit-notes/{{document}}": credit_notes.CreditNote(doors),
        f"{prefix}/credit-notes/{{document}}/applications": credit_use.CreditNoteApplications(doors),
        f"{prefix}/credit-notes/{{document}}/deallocations": credit_use.CreditNoteDeallocations(doors),
        f"{prefix}/credit-notes/{{document}}/refunds": credit_use.CreditNoteRefunds(doors),
        f"{prefix}/exchange-rates": exchange_rates.ExchangeRates(doors),
    }

"""One sentence per fact, for timelines."""

from api.translation.issuing_summaries import issuing_summary
from api.translation.mails import mail_summary
from api.translation.webhook_summaries import webhook_summary
from invoicing_domain.model.credit_note import events as credit_note
from invoicing_domain.model.invoice import events
from invoicing_domain.model.money import Money


def _money(money: Money) -> str:
    return f"{money.decimal:,f} {money.currency}"


def summary(fact: object) -> str:
    """What a fact says, in a sentence."""
    match fact:
        case events.Drafted():
            again = f" in place of {fact.replaces}" if fact.replaces else ""
            source = f" from a {fact.origin.kind.replace('_', ' ')}" if fact.origin else ""
            return f"Drafted for {fact.header.customer.name}{again}{source}"
        case events.DraftChanged():
            return "Draft changed"
        case events.LineAdded(line=line):
            return f"Line {line.id} added: {line.quantity:f} x {line.description}, net {_money(line.net)}"
        case events.LineChanged(line=line):
            return f"Line {line.id} changed: {line.quantity:f} x {line.description}, net {_money(line.net)}"
        case events.LineRemoved():
            return f"Line {fact.line_id} removed"
        case events.Discarded():
            return "Draft discarded"
        case events.Sent():
            at = f" at {fact.in_base.exchange.rate:f} {fact.in_base.exchange.base}" if fact.in_base else ""
            return f"Sent as {fact.number}, {_money(fact.totals.gross)}{at}, due {fact.due_date.isoformat()}"
        case _:
            return _of_money(fact) or _of_told(fact) or _of_rest(fact)


def _of_rest(fact: object) -> str:
    return (
        _of_paper(fact) or mail_summary(fact) or issuing_summary(fact) or webhook_summary(fact) or type(fact).__name__
    )


def _of_money(fact: object) -> str | None:
    """Facts that settle an invoice, or open it again."""
    match fact:
        case events.PaymentReceived():
            return f"Payment of {_money(fact.amount)} received ({fact.method}), {_money(fact.balance)} left to pay"
        case events.PaymentReversed():
            return f"Payment of {_money(fact.amount)} reversed: {fact.reason}"
        case events.PaymentDeallocated():
            return f"Payment of {_money(fact.amount)} taken back: {fact.reason}, {_money(fact.balance)} left to pay"
        case events.ExchangeDifference():
            at = f"{fact.rate.rate:f} ({fact.rate.source}, {fact.rate.date.isoformat()})"
            return f"Exchange difference {_money(fact.difference)}: {_money(fact.amount)} at {at}"
        case events.CreditApplied():
            return f"Credit of {_money(fact.amount)} from {fact.number} applied, {_money(fact.balance)} left to pay"
        case events.CreditUnapplied():
            return f"Credit of {_money(fact.amount)} from {fact.number} taken back: {fact.reason}"
        case events.Cancelled():
            return f"Cancelled with {fact.number}: {fact.reason}"
        case events.CreditNoteIssued():
            return f"Credit note {fact.number} over {_money(fact.amount)} issued: {fact.reason}"
        case _:
            return None


def _of_paper(fact: object) -> str | None:
    match fact:
        case events.DocumentProduced(document=document) | credit_note.DocumentProduced(document=document):
            return f"Document made: {document.size:,} bytes, SHA-256 {document.sha256[:12]}..."
        case _:
            return None


def _of_told(fact: object) -> str | None:
    """Facts about what was agreed with the buyer, or told to the buyer or to the tax authority."""
    match fact:
        case events.DueDateExtended():
            return f"Due on {fact.due_date.isoformat()} instead of {fact.previous.isoformat()}: {fact.reason}"
        case events.NoteAdded():
            return f"Note: {fact.text}"
        case events.ReminderSent():
            which = f" (+{fact.step} days)" if fact.step else ""
            asked = " as asked for" if fact.request else ""
            return f"Reminder{which} sent to {fact.to}{asked}, {_money(fact.balance)} left to pay"
        case events.ReminderRequested():
            return "Reminder asked for"
        case events.ReminderDropped():
            return f"Reminder that was asked for not sent: {fact.reason}"
        case events.RemindersHeld():
            return f"Reminders held{': ' + fact.reason if fact.reason else ''}"
        case events.RemindersResumed():
            return "Reminders resumed"
        case events.EFacturaSubmitted():
            return f"Filed with ANAF, attempt {fact.attempt}, index {fact.upload_index or 'unknown'}"
        case events.EFacturaAcknowledged():
            return f"ANAF answered {fact.status} ({fact.response_code})"
        case _:
            return None

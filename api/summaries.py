"""One sentence per fact, for timelines."""

from invoicing_domain.model.invoice import events
from invoicing_domain.model.money import Money


def _money(money: Money) -> str:
    return f"{money.decimal:,f} {money.currency}"


def summary(fact: object) -> str:  # noqa: C901, PLR0912 - one case a fact, one line a case
    """What a fact says, in a sentence."""
    match fact:
        case events.Drafted():
            again = f" in place of {fact.replaces}" if fact.replaces else ""
            return f"Drafted for {fact.header.customer.name}{again}"
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
            return f"Sent as {fact.number}, {_money(fact.totals.gross)}, due {fact.due_date.isoformat()}"
        case events.PaymentReceived():
            return f"Payment of {_money(fact.amount)} received ({fact.method}), {_money(fact.balance)} left to pay"
        case events.PaymentReversed():
            return f"Payment of {_money(fact.amount)} reversed: {fact.reason}"
        case events.CreditNoteIssued():
            return f"Credit note {fact.number} over {_money(fact.amount)} issued: {fact.reason}"
        case events.ReminderSent():
            return f"Reminder (+{fact.step} days) sent to {fact.to}, {_money(fact.balance)} left to pay"
        case events.RemindersHeld():
            return f"Reminders held{': ' + fact.reason if fact.reason else ''}"
        case events.RemindersResumed():
            return "Reminders resumed"
        case events.EFacturaSubmitted():
            return f"Filed with ANAF, attempt {fact.attempt}, index {fact.upload_index or 'unknown'}"
        case events.EFacturaAcknowledged():
            return f"ANAF answered {fact.status} ({fact.response_code})"
        case _:
            return type(fact).__name__

"""Documents by mail, in words and views."""

from api.shapes.view_parts import EmailView, ReminderView
from invoicing_domain.model import mailing
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.job import events as job
from invoicing_domain.model.letter_template import events as letter_template
from invoicing_domain.model.mailing import Mails


def emails(of: Mails) -> tuple[EmailView, ...]:
    """What went out and what did not, in time, and then what is still asked for."""
    ended = [_sent(one, of.bounce(one.message_id)) for one in of.sent]
    ended += [EmailView(to=one.to or None, status="failed", at=one.failed_at, reason=one.reason) for one in of.failed]
    waiting = [EmailView(to=one.to, status="requested", at=None, reason=None) for one in of.open]
    return (*sorted(ended, key=lambda one: str(one.at)), *waiting)


def reminders(of: Invoice) -> tuple[ReminderView, ...]:
    return tuple(
        ReminderView(
            step=one.step,
            sent_at=one.sent_at,
            to=one.to,
            requested=one.request is not None,
            bounced=bounce.reason if (bounce := of.mails.bounce(one.message_id)) else None,
        )
        for one in of.reminders
    )


def _sent(mail: mailing.Emailed, bounce: mailing.EmailBounced | None) -> EmailView:
    if bounce is None:
        return EmailView(to=mail.to, status="sent", at=mail.sent_at, reason=None)
    return EmailView(to=mail.to, status="bounced", at=mail.sent_at, reason=bounce.reason)


def mail_summary(fact: object) -> str | None:
    match fact:
        case mailing.EmailRequested():
            return f"Asked to be sent by mail{_to(fact.to)}"
        case mailing.Emailed():
            return f"Sent by mail to {fact.to}"
        case mailing.EmailFailed():
            return f"Not sent by mail{_to(fact.to)}: {fact.reason}"
        case mailing.EmailBounced():
            what = "The reminder" if fact.letter == "reminder" else "The mail"
            return f"{what} came back: {fact.reason}"
        case letter_template.TemplateChanged():
            return f"Own words for {fact.kind.replace('_', ' ')} mails ({fact.language})"
        case letter_template.TemplateReset():
            return f"The house's words for {fact.kind.replace('_', ' ')} mails again ({fact.language})"
        case job.JobRetried():
            return f"{fact.effect_key} to be tried again: {fact.reason}"
        case job.JobCancelled():
            return f"{fact.effect_key} given up: {fact.reason}"
        case job.JobDecided():
            return f"{fact.effect_key} {'went out' if fact.went_out else 'did not go out'}: {fact.reason}"
        case _:
            return None


def _to(address: str | None) -> str:
    return f" to {address}" if address else ""

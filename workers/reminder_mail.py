"""The reminder of one invoice as a message: from facts alone, no clock, no database, no network."""

from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage

from invoicing_domain.model.dates import days_overdue
from invoicing_domain.model.invoice.events import Sent
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.wording import one_line
from workers.mail.envelope import UnfitHeader, build_message, mailbox
from workers.mail.message import ReminderMail, render_reminder


def reminder_message(
    invoice: Invoice,
    sent: Sent,
    *,
    step: int,
    recipient: str,
    effect_key: str,
    mail_from: Address,
    at: datetime,
    today: date,
) -> EmailMessage:
    """Write the mail of a step. Raises ValueError when the recipient's address is none: not worth another try."""
    content = render_reminder(
        ReminderMail(
            language=sent.customer.language,
            step=step,
            seller_name=sent.seller.name,
            buyer_name=sent.customer.name,
            number=sent.number,
            issue_date=sent.issue_date,
            due_date=(due := invoice.due_date or sent.due_date),
            days_overdue=days_overdue(due, today),
            currency=invoice.currency,
            gross=sent.totals.gross.decimal,
            balance=invoice.balance.decimal,
            ibans=sent.seller.ibans,
            contact=sent.seller.email,
        )
    )
    return build_message(
        content,
        effect_key=effect_key,
        sender=_named(mail_from.addr_spec, sent.seller.name) or mail_from,
        to=_named(recipient, sent.customer.name) or mailbox(recipient),
        at=at,
        reply_to=_named(sent.seller.email, sent.seller.name) if sent.seller.email else None,
    )


def _named(address: str, name: str) -> Address | None:
    """The address with the name to show; None when one of them does not fit into a header."""
    try:
        return mailbox(address, one_line(name))
    except UnfitHeader:
        return None

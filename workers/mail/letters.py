"""A letter about a document as a message: to whom, from whom, under which name; no clock, no database, no network."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

from invoicing_domain.letters.writing import MailContent
from invoicing_domain.model.party import Buyer, Seller
from invoicing_domain.wording import one_line
from workers.mail.envelope import Attachment, UnfitHeader, build_message, mailbox


def letter(
    content: MailContent,
    *,
    seller: Seller,
    buyer: Buyer,
    recipient: str,
    effect_key: str,
    mail_from: Address,
    at: datetime,
    attachment: Attachment | None = None,
    unsubscribe: str | None = None,
) -> EmailMessage:
    """Put a letter into its envelope. Raises ValueError for an address that is none: not worth another try."""
    return build_message(
        content,
        effect_key=effect_key,
        sender=named(mail_from.addr_spec, seller.name) or mail_from,
        to=named(recipient, buyer.name) or mailbox(recipient),
        at=at,
        reply_to=named(seller.email, seller.name) if seller.email else None,
        attachment=attachment,
        unsubscribe=unsubscribe,
    )


def named(address: str, name: str) -> Address | None:
    """The address with the name to show; None when one of them does not fit into a header."""
    try:
        return mailbox(address, one_line(name))
    except UnfitHeader:
        return None

"""The hand-over of a mail as the call of a job: what the mail server says, in the words of jobs."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final

from invoicing_domain.discretion import discreet
from workers.jobs.job import Answer, Dead, Done, Later, Unknown
from workers.mail.transport import MailInDoubt, MailRefused, MailTransport, MailUnavailable

DESTINATION: Final = "mail"
"""All mails go to one server, whose patience they share."""

AGAIN_AFTER: Final = timedelta(minutes=10)
"""When a mail that has to arrive goes out again under the same Message-ID, after nobody knows whether it did."""


def hand_over(transport: MailTransport, message: EmailMessage, at: datetime) -> Answer:
    """Hand over, once. The server's words are kept without name and address, which belong to facts alone."""
    try:
        handed = transport.send(message)
    except (MailRefused, ValueError) as error:
        return Dead(_without_recipient(str(error), message))
    except MailUnavailable as error:
        return Later(_without_recipient(str(error), message))
    except MailInDoubt as error:
        return Unknown(_without_recipient(str(error), message))
    answer = _without_recipient(handed.answer, message)
    return Done({"message_id": handed.message_id, "answer": answer, "at": at.isoformat()})


def _without_recipient(text: str, message: EmailMessage) -> str:
    return discreet(text, [personal for to in message["To"].addresses for personal in (to.addr_spec, to.display_name)])

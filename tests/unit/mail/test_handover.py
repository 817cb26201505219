"""The hand-over as the call of a job: whatever the server says of the reader, the book of jobs does not keep."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from invoicing_domain.letters.writing import MailContent
from workers.jobs.job import Dead, Done, Later, Unknown
from workers.mail.envelope import build_message, mailbox
from workers.mail.handover import hand_over
from workers.mail.transport import Handed, MailFailed, MailInDoubt, MailRefused, MailUnavailable

AT = datetime(2026, 12, 24, 8, 0, tzinfo=UTC)
SAID = "ion.popescu (Ion Popescu): what is this"
KEPT = "(the recipient) ((the recipient)): what is this"


@dataclass
class Server:
    """A transport that says one thing."""

    failure: type[MailFailed | ValueError] | None = None

    def send(self, message: EmailMessage) -> Handed:
        if self.failure is not None:
            raise self.failure(SAID)
        return Handed(message_id=str(message["Message-ID"]), answer=SAID)


def message() -> EmailMessage:
    return build_message(
        MailContent(subject="Reamintire", text="Bună ziua\n", html="<p>Bună ziua</p>\n"),
        effect_key="reminder:0193:7",
        sender=mailbox("facturi@example.ro"),
        to=mailbox("ion.popescu@client.example", "Ion Popescu"),
        at=AT,
    )


@pytest.mark.parametrize(
    ("failure", "answer"),
    [
        (MailRefused, Dead(KEPT)),
        (ValueError, Dead(KEPT)),
        (MailUnavailable, Later(KEPT)),
        (MailInDoubt, Unknown(KEPT)),
    ],
)
def test_a_failure_is_kept_without_the_reader(
    failure: type[MailFailed | ValueError], answer: Dead | Later | Unknown
) -> None:
    assert hand_over(Server(failure), message(), AT) == answer


def test_an_acceptance_is_kept_without_the_reader() -> None:
    mail = message()
    done = Done({"message_id": str(mail["Message-ID"]), "answer": KEPT, "at": AT.isoformat()})
    assert hand_over(Server(), mail, AT) == done

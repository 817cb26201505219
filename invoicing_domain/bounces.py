"""Reading the notices by which mail servers say what became of a mail: delivery status notifications (RFC 3464).

What they say is a stranger's word. It counts for a mail only where it names the mail's Message-ID and its reader; of it
only a status and one line without addresses is kept.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser, HeaderParser
from hashlib import sha256
from itertools import chain
from typing import Final, Literal, get_args

from invoicing_domain.discretion import ADDRESS, discreet
from invoicing_domain.wording import one_line

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]
"""What became of a mail; the first is for good, the others are news of a mail that is on its way or has arrived."""

LONGEST_NOTICE: Final = 1 << 20

_LONGEST_FIELD: Final = 1_000
"""So much of a field is looked at: looking for addresses takes the square of it."""

_MOST_FIELDS: Final = 10
_FAILED_SOMEHOW: Final = "5.0.0"
_MESSAGE_ID: Final = re.compile(r"<([0-9a-f]{32})@[A-Za-z0-9.-]{1,255}>")
_STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_TYPED: Final = re.compile(r"^\s*[A-Za-z0-9-]+\s*;\s*")
_HEADERS: Final = frozenset({"text/rfc822-headers", "message/rfc822-headers"})


class NotABounce(ValueError):  # noqa: N818 - reads as what is wrong
    """It is no notice about a mail of ours; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceNotice:
    """What became of which mail. `status` is that of RFC 3463, `diagnostic` the server's words without addresses."""

    message_id: str
    action: Action
    recipients: frozenset[str]
    """Whom it names, in small letters: not to be kept."""
    status: str
    diagnostic: str


def mail_digest(effect_key: str) -> str:
    """What a mail is known by on its way and when it comes back; its cause is nobody's business there."""
    return sha256(effect_key.encode()).hexdigest()[:32]


def digest_of(message_id: str) -> str:
    return message_id.lstrip("<").partition("@")[0]


def read_notice(raw: bytes) -> BounceNotice:
    """Raises NotABounce."""
    if len(raw) > LONGEST_NOTICE:
        raise NotABounce(f"a notice has at most {LONGEST_NOTICE} bytes")
    try:
        return _notice(BytesParser(policy=policy.compat32).parsebytes(raw))
    except NotABounce:
        raise
    except (RecursionError, ValueError, LookupError):
        # The library stumbles over parts nested too deeply, numbers of too many digits, characters no charset has.
        raise NotABounce("it cannot be read") from None


def _notice(message: Message) -> BounceNotice:
    if message.get_content_type() != "multipart/report" or _parameter(message, "report-type") != "delivery-status":
        raise NotABounce("this is no delivery status notification (multipart/report, RFC 3464)")
    parts = _parts(message)
    original = _original(parts)
    found = _MESSAGE_ID.search(" ".join(chain(_given(original, "Message-ID"), _given(message, "References"))))
    if found is None:
        raise NotABounce("it names no mail of this house by its Message-ID")
    action, about = _worst(parts)
    recipients = _recipients(about, original)
    status = _STATUS.search(next(iter(_given(about, "Status")), ""))
    return BounceNotice(
        message_id=found.group(),
        action=action,
        recipients=recipients,
        status=status.group() if status else _FAILED_SOMEHOW,
        diagnostic=_diagnostic(about, recipients),
    )


def _parameter(message: Message, name: str) -> str:
    value = message.get_param(name)
    return value.lower() if isinstance(value, str) else ""


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _original(parts: list[Message]) -> Message:
    """The headers of the mail that the notice is about; some servers give back no more than them."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            return next(iter(_parts(part)), Message())
        if part.get_content_type() in _HEADERS:
            text = part.get_payload(decode=True)
            return HeaderParser().parsestr(text.decode("utf-8", "replace") if isinstance(text, bytes) else "")
    return Message()


def _worst(parts: list[Message]) -> tuple[Action, Message]:
    """What became of the mail, and the fields that say so; one failure counts for all (we write to one reader)."""
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), Message())
    said = [(action, one) for one in _parts(status) if (action := _action(one)) is not None]
    if not said:
        raise NotABounce("it does not say what became of the mail (Action)")
    return next((one for one in said if one[0] == "failed"), said[0])


def _action(fields: Message) -> Action | None:
    word = next(iter(_given(fields, "Action")), "").lower()
    known: tuple[Action, ...] = get_args(Action)
    return next((action for action in known if action == word), None)


def _recipients(about: Message, original: Message) -> frozenset[str]:
    """Forwarding changes the last of them, never the one that the mail itself names."""
    named = (_given(about, "Final-Recipient"), _given(about, "Original-Recipient"), _given(original, "To"))
    return frozenset(one.strip("<>").lower() for text in chain(*named) for one in ADDRESS.findall(text))


def _diagnostic(about: Message, recipients: Iterable[str]) -> str:
    """The server's words, of one line and without the reader's address, which is personal."""
    return discreet(_TYPED.sub("", next(iter(_given(about, "Diagnostic-Code")), "")), recipients)


def _given(message: Message, name: str) -> list[str]:
    """The first values of a header, each on one line of printable characters."""
    lines = (one_line(str(value)[:_LONGEST_FIELD]) for value in message.get_all(name, [])[:_MOST_FIELDS])
    return ["".join(char if char.isprintable() else "?" for char in line) for line in lines]

"""The envelope of a mail: who, to whom, when, under which identity; nothing a header could be tricked with.

The same effect key gives the same Message-ID and the same bytes, so that a repeated hand-over is recognizable as the
same mail by servers, by readers' programs and by us when a bounce comes back.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address, HeaderRegistry, UniqueAddressHeader, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, getaddresses
from typing import Final

from invoicing_domain.bounces import mail_digest
from invoicing_domain.letters.writing import MailContent
from invoicing_domain.model.mail_address import wire_domain
from invoicing_domain.wording import TURNING

MAX_ADDRESS_CHARS: Final = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
MAX_LOCAL_CHARS: Final = 64
MAX_HEADER_CHARS: Final = 300
MAX_EFFECT_KEY_CHARS: Final = 500

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"localhost|{_LABEL}(\.{_LABEL})+")
_LOOKS_LIKE_ADDRESS = re.compile(r"[<>]|\S@\S")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 ,.&'()/+-]{1,50}")


class UnfitHeader(ValueError):  # noqa: N818  # reads as what is wrong
    """A value that must not become a header: it would start a second one, or pass for somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a mail; `name` is what the reader's program saves it as."""

    name: str
    media_type: str
    content: bytes


def mailbox(address: str, name: str = "") -> Address:
    """One checked address with the name to show; a domain with letters beyond ASCII takes its wire form."""
    shown = " ".join(header_text(name, "name").split())
    if _LOOKS_LIKE_ADDRESS.search(shown):
        raise UnfitHeader("a name that looks like an address passes for somebody else")
    local, at, domain = header_text(address, "address").rpartition("@")
    host = _wire_domain(domain)
    fits = len(local) <= MAX_LOCAL_CHARS and len(local) + 1 + len(host) <= MAX_ADDRESS_CHARS
    if not (at and fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(host)):
        raise UnfitHeader("not an e-mail address")
    return Address(shown, local, host)


def parse_mailbox(text: str) -> Address:
    """Read `Name <user@host>` or `user@host`, as settings write it."""
    found = getaddresses([header_text(text.strip(), "address")])
    if len(found) != 1:
        raise UnfitHeader("one address is wanted, not a list")
    name, address = found[0]
    return mailbox(address, name)


def header_text(value: str, header: str) -> str:
    """Give back the value if it is one line that reads as written; refuse it otherwise."""
    if len(value) > MAX_HEADER_CHARS:
        raise UnfitHeader(f"{header}: longer than {MAX_HEADER_CHARS} characters")
    if "=?" in value:
        raise UnfitHeader(f"{header}: text in the dress of an encoded word is not allowed")
    for char in value:
        if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or char in TURNING:
            raise UnfitHeader(f"{header}: character U+{ord(char):04X} is not allowed")
    return value


def message_id(effect_key: str, domain: str) -> str:
    """Derive the Message-ID of an effect; a hash, since the key's parts are nobody's business on the way."""
    if not effect_key or len(effect_key) > MAX_EFFECT_KEY_CHARS:
        raise ValueError(f"an effect key has 1 to {MAX_EFFECT_KEY_CHARS} characters")
    return f"<{mail_digest(effect_key)}@{domain}>"


def build_message(
    content: MailContent,
    *,
    effect_key: str,
    sender: Address,
    to: Address,
    at: datetime,
    reply_to: Address | None = None,
    attachment: Attachment | None = None,
    unsubscribe: str | None = None,
) -> EmailMessage:
    """Put the content into its envelope. Addresses come from `mailbox`; `at` is the caller's clock, with its zone."""
    if at.tzinfo is None:
        raise ValueError("the time of a mail needs its zone")
    if not content.subject.strip():
        raise UnfitHeader("Subject: says nothing")
    message = EmailMessage(policy=_policy())
    message["Message-ID"] = message_id(effect_key, sender.domain)
    message["Date"] = format_datetime(at.astimezone(UTC))
    message["From"] = _checked(sender)
    message["To"] = _checked(to)
    if reply_to is not None:
        message["Reply-To"] = _checked(reply_to)
    message["Subject"] = header_text(content.subject.strip(" "), "Subject")
    # RFC 3834: a machine wrote this, so absence notes and other machines do not answer it; the second is Exchange's.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if unsubscribe is not None:
        # RFC 8058: one click in the reader's program declines further mails of this kind.
        message["List-Unsubscribe"] = header_text(f"<{unsubscribe}>", "List-Unsubscribe")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Quoted-printable passes every relay unchanged, also those without 8BITMIME.
    message.set_content(content.text, cte="quoted-printable")
    message.add_alternative(content.html, subtype="html", cte="quoted-printable")
    if attachment is not None:
        kind, _, subtype = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=kind, subtype=subtype, filename=attachment.name)
    _set_boundaries(message, effect_key)
    return message


def _set_boundaries(message: EmailMessage, effect_key: str) -> None:
    """Not random: the same mail is the same bytes. "=_" occurs neither in quoted-printable text nor in base64."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{mail_digest(f'boundary {number} {effect_key}')}")


def _checked(address: Address) -> Address:
    return mailbox(address.addr_spec, address.display_name)


def _wire_domain(domain: str) -> str:
    try:
        return wire_domain(domain)
    except UnicodeError:
        raise UnfitHeader("not an e-mail address") from None


def _encoded(text: str, header: str) -> str:
    """Write text as RFC 2047 encoded words on lines of at most 76 characters."""
    return Header(text, "utf-8", maxlinelen=75, header_name=header).encode(linesep="\r\n")


class _AddressLine(UniqueAddressHeader):
    """An address header that survives folding.

    The library's own folding forgets the quotes of a long name with a comma, and one recipient becomes two.
    """

    name: str  # the registry adds it

    def fold(self, *, policy: Policy) -> str:
        """Give the header as it goes over the wire, the address always on its own line."""
        lines = [self._one(address) for address in self.addresses]
        return f"{self.name}: " + f",{policy.linesep} ".join(lines) + policy.linesep

    def _one(self, address: Address) -> str:
        name = address.display_name
        if not name:
            return f"<{address.addr_spec}>"
        shown = f'"{name}"' if _PLAIN_NAME.fullmatch(name) else _encoded(name, self.name)
        return f"{shown}\r\n <{address.addr_spec}>"


class _SubjectLine(UniqueUnstructuredHeader):
    """A subject whose blanks survive folding."""

    name: str  # the registry adds it

    def fold(self, *, policy: Policy) -> str:
        """Give the header as it goes over the wire."""
        text = str(self)
        shown = text if _PLAIN_NAME.fullmatch(text) else _encoded(text, self.name)
        return f"{self.name}: {shown}{policy.linesep}"


def _policy() -> Policy:
    headers = HeaderRegistry()
    kinds = {"from": _AddressLine, "to": _AddressLine, "reply-to": _AddressLine, "subject": _SubjectLine}
    for name, kind in kinds.items():
        headers.map_to_type(name, kind)  # type: ignore[arg-type]  # the registry makes it a BaseHeader
    return SMTP.clone(header_factory=headers)

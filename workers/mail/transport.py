"""The hand-over of a mail: to a server by SMTP, or into a folder where no server is configured.

SMTP cannot do anything exactly once, so the one thing a transport must tell honestly is *how* a hand-over failed:
surely not accepted (and whether another try makes sense), or nobody knows.
"""

import os
import re
import smtplib
import socket
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final, Protocol

from workers.mail.server import SmtpServer

TIMEOUT_SECONDS: Final = 30.0
START_CONTENT: Final = 354
PERMANENT_FROM: Final = 500
# The server wants a login or TLS: a setting to mend, and no fault of the mail that happened to come along.
LOGIN_WANTED: Final = frozenset({530, 534, 535, 538})


class MailFailed(Exception):  # noqa: N818  # its children are named for what happened to the mail
    """The mail was not handed over, or nobody knows."""


class MailRefused(MailFailed):
    """The server said no for good: trying again the same way is pointless."""


class MailUnavailable(MailFailed):
    """The mail was surely not accepted, and a later try may go through."""


class MailInDoubt(MailFailed):
    """The content went out and no answer came back: the mail may or may not be under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Accepted by the next hop, which is not the same as delivered."""

    message_id: str
    answer: str  # the server's words, mostly its queue id; for files the path


class MailTransport(Protocol):
    """Takes one message with one Message-ID to the next hop."""

    def send(self, message: EmailMessage) -> Handed:
        """Hand the message over, or raise one of the three failures."""
        ...


class SmtpTransport:
    """One connection a mail: reminders are few, and a connection kept open is one more thing that is found dead."""

    def __init__(
        self,
        url: str,
        *,
        returns: Address | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        """`returns`: where mails come back to that cannot be delivered; None: to their sender."""
        self._server = SmtpServer.parse(url)
        self._returns = returns
        self._timeout_seconds = timeout_seconds
        self._tls_context = tls_context or self._server.tls_context()

    def __repr__(self) -> str:
        return f"SmtpTransport({self._server!r})"

    def send(self, message: EmailMessage) -> Handed:
        """Talk to the server up to the word DATA, where every failure is sure; then send the content."""
        sender, recipient, content = _sender(message), _recipient(message), message.as_bytes()
        with self._connected(sender.domain) as client:
            with _before_content():
                _expect(client.mail((self._returns or sender).addr_spec), 200)
                _expect(client.rcpt(recipient.addr_spec), 200)
                _expect(client.docmd("DATA"), START_CONTENT)
            code, answer = _send_content(client, content)
            _expect((code, answer), 200)
            return Handed(message_id=str(message["Message-ID"]), answer=_readable(code, answer))

    @contextmanager
    def _connected(self, local_name: str) -> Iterator[smtplib.SMTP]:
        with _before_content():
            client = self._connect(local_name)
        try:
            with _before_content():
                client.ehlo_or_helo_if_needed()
                self._secure(client)
                self._log_in(client)
            yield client
        finally:
            # Whatever the server thinks of our goodbye, the mail's fate is known or in doubt already.
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()

    def _connect(self, local_name: str) -> smtplib.SMTP:
        # The local name is given, because the default asks the DNS for it and may hang there.
        server, timeout = self._server, self._timeout_seconds
        if server.implicit_tls:
            return smtplib.SMTP_SSL(server.host, server.port, local_name, timeout=timeout, context=self._tls_context)
        return smtplib.SMTP(server.host, server.port, local_name, timeout=timeout)

    def _secure(self, client: smtplib.SMTP) -> None:
        if not self._server.implicit_tls and client.has_extn("starttls"):
            client.starttls(context=self._tls_context)
            client.ehlo()

    def _log_in(self, client: smtplib.SMTP) -> None:
        server = self._server
        if server.user is None or server.password is None:
            return
        if not (isinstance(client.sock, ssl.SSLSocket) or server.is_local):
            raise MailUnavailable("the server offers no STARTTLS: the password was not sent in the clear")
        client.login(server.user, server.password)


class OutboxTransport:
    """Mails as `.eml` files in a folder: for trying things out, and for systems without a mail server.

    A Message-ID that is there already is not written again. The files hold personal data: owner only.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def __repr__(self) -> str:
        return f"OutboxTransport({str(self._directory)!r})"

    def send(self, message: EmailMessage) -> Handed:
        """Write the message to its file, whole or not at all."""
        _sender(message)
        _recipient(message)
        identity = str(message["Message-ID"])
        name = re.sub(r"[^A-Za-z0-9.-]", "_", identity.strip("<>"))[:120]
        moment = parsedate_to_datetime(str(message["Date"])).strftime("%Y%m%dT%H%M%SZ")
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            there = next(self._directory.glob(f"*-{name}.eml"), None)
            path = there or self._write(f"{moment}-{name}.eml", message.as_bytes())
        except OSError as error:
            raise MailUnavailable(f"the outbox cannot be written: {error.strerror}") from error
        return Handed(message_id=identity, answer=str(path))

    def _write(self, name: str, content: bytes) -> Path:
        path = self._directory / name
        with tempfile.NamedTemporaryFile(dir=self._directory, prefix=".", suffix=".part", delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # "handed over" outlives a power cut
        return Path(file.name).replace(path)


def transport_from_url(url: str | None, outbox: Path, returns: Address | None = None) -> MailTransport:
    """Give the transport that the settings ask for: SMTP where a server is named, files where none is."""
    return SmtpTransport(url, returns=returns) if url else OutboxTransport(outbox)


def _send_content(client: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
    """Send the content and hear the verdict; anything but a clear verdict leaves the mail in doubt."""
    stuffed = re.sub(rb"(?m)^\.", b"..", content)
    try:
        client.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, answer = client.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise MailInDoubt(f"the connection was lost after the content was sent: {_words(error)}") from error
    if code // 100 not in {2, 4, 5}:
        raise MailInDoubt(f"the server's verdict cannot be read: {_readable(code, answer)}")
    return code, answer


@contextmanager
def _before_content() -> Iterator[None]:
    """Up to the content every failure is a sure "not accepted"; a login or TLS that fails is ours to mend and retry."""
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        raise MailUnavailable(f"the mail server cannot be used: {_words(error)}") from error


def _expect(reply: tuple[int, bytes], wanted: int) -> None:
    code, answer = reply
    if code // 100 == wanted // 100:
        return
    if code in LOGIN_WANTED:
        raise MailUnavailable(_readable(code, answer))
    if PERMANENT_FROM <= code < PERMANENT_FROM + 100:
        raise MailRefused(_readable(code, answer))
    raise MailUnavailable(_readable(code, answer))


def _sender(message: EmailMessage) -> Address:
    return _only_address(message, "From")


def _recipient(message: EmailMessage) -> Address:
    """One message, one recipient: with two, a half-accepted mail could be neither repeated nor forgotten."""
    return _only_address(message, "To")


def _only_address(message: EmailMessage, header: str) -> Address:
    addresses = list(getattr(message[header], "addresses", ()))
    if len(addresses) != 1 or not message["Message-ID"] or not message["Date"]:
        raise ValueError(f"a message has one Message-ID, one Date and one address in {header}")
    address: Address = addresses[0]
    return address


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        raw = error.smtp_error
        return _readable(error.smtp_code, raw if isinstance(raw, bytes) else str(raw).encode())
    if isinstance(error, socket.gaierror):
        return "its name is not known"
    return str(error) or type(error).__name__


def _readable(code: int, answer: bytes) -> str:
    """Give the server's words as one printable line, whole: cut, a name in them might not be known as one."""
    text = " ".join(answer.decode("utf-8", "replace").split())
    return f"{code} {''.join(char for char in text if char.isprintable())}"

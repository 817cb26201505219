"""What every transport keeps, on a real SMTP server and on the outbox; then what each does alone."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from invoicing_domain.letters.writing import MailContent
from workers.mail.envelope import build_message, mailbox
from workers.mail.transport import MailRefused, MailTransport, MailUnavailable, OutboxTransport, SmtpTransport

CERTIFICATE = Path(__file__).with_name("localhost.pem")
TEXT = "Bună ziua,\n.\n..două puncte\n" + "rând foarte lung " * 100 + "\nSfârșit\n"


def mail(effect_key: str = "reminder:0193:7", day: int = 24) -> EmailMessage:
    return build_message(
        MailContent(subject="Reamintire de plată: ș ț ă", text=TEXT, html="<p>Bună ziua</p>\n"),
        effect_key=effect_key,
        sender=mailbox("facturi@example.ro", "Atelierul Ștefan, SRL"),
        to=mailbox("ion@client.ro", "Ion, Țăranu"),
        at=datetime(2026, 12, day, 8, 0, tzinfo=UTC),
    )


@dataclass
class Mailroom:
    """A handler of the SMTP server that keeps what it was given."""

    delivered: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[bytes | None] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # the server's name
        del server
        self.delivered.append(envelope.content)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        self.encrypted.append(session.ssl is not None)
        self.logins.append(session.auth_data.login if session.authenticated else None)
        return "250 2.0.0 queued as 4711"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword) -> AuthResult:
    right = given == LoginPassword(b"izvor", b"p@ss/word")
    return AuthResult(success=right, handled=right, auth_data=given)


@contextmanager
def smtp_server(room: Mailroom, **options: Any) -> Iterator[int]:
    controller = Controller(room, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


class Door(Protocol):
    """A transport, and the way to see what it handed over."""

    transport: MailTransport

    def delivered(self) -> list[bytes]: ...


@dataclass
class SmtpDoor:
    transport: MailTransport
    room: Mailroom

    def delivered(self) -> list[bytes]:
        return self.room.delivered


@dataclass
class OutboxDoor:
    transport: MailTransport
    directory: Path

    def delivered(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.directory.iterdir())]


@pytest.fixture(params=["smtp", "outbox"])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    if request.param == "outbox":
        outbox = tmp_path / "data" / "outbox"
        yield OutboxDoor(OutboxTransport(outbox), outbox)
        return
    room = Mailroom()
    with smtp_server(room) as port:
        yield SmtpDoor(SmtpTransport(f"smtp://127.0.0.1:{port}"), room)


# What both keep


def test_a_mail_arrives_as_it_was_built(door: Door) -> None:
    door.transport.send(mail())
    (arrived,) = door.delivered()
    assert arrived == mail().as_bytes()
    read = message_from_bytes(arrived, policy=policy.default)
    body = read.get_body(("plain",))
    assert read["Subject"] == "Reamintire de plată: ș ț ă"
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == TEXT


def test_the_hand_over_names_the_mail_and_what_the_next_hop_said(door: Door) -> None:
    handed = door.transport.send(mail())
    assert handed.message_id == mail()["Message-ID"]
    assert handed.answer


def test_each_mail_is_handed_over_for_itself(door: Door) -> None:
    keys = ["reminder:1:7", "reminder:1:14", "reminder:2:7"]
    handed = [door.transport.send(mail(key)).message_id for key in keys]
    arrived = {message_from_bytes(one)["Message-ID"] for one in door.delivered()}
    assert arrived == set(handed)
    assert len(arrived) == len(keys)


@pytest.mark.parametrize("missing", ["To", "From", "Message-ID", "Date"])
def test_a_mail_without_its_envelope_is_a_mistake_of_the_program(door: Door, missing: str) -> None:
    door.transport.send(mail("reminder:0:7"))
    incomplete = mail()
    del incomplete[missing]
    with pytest.raises(ValueError, match="a message has one"):
        door.transport.send(incomplete)
    assert len(door.delivered()) == 1


# SMTP alone


def test_the_server_is_told_bare_addresses_and_its_queue_id_is_kept() -> None:
    room = Mailroom()
    with smtp_server(room) as port:
        handed = SmtpTransport(f"smtp://127.0.0.1:{port}").send(mail())
    assert room.envelopes == [("facturi@example.ro", ["ion@client.ro"])]
    assert handed.answer == "250 2.0.0 queued as 4711"


def test_mails_come_back_to_the_address_that_is_named_for_it_and_show_their_sender_all_the_same() -> None:
    room = Mailroom()
    with smtp_server(room) as port:
        SmtpTransport(f"smtp://127.0.0.1:{port}", returns=mailbox("bounces@example.ro")).send(mail())
    assert room.envelopes == [("bounces@example.ro", ["ion@client.ro"])]
    assert room.delivered == [mail().as_bytes()]


def test_starttls_is_used_when_offered_and_the_login_goes_through_it() -> None:
    room = Mailroom()
    with smtp_server(room, tls_context=server_tls(), authenticator=knows) as port:
        SmtpTransport(f"smtp://izvor:p%40ss%2Fword@127.0.0.1:{port}").send(mail())
    assert (room.encrypted, room.logins) == ([True], [b"izvor"])


def test_smtps_is_encrypted_from_the_first_byte_and_the_certificate_is_checked() -> None:
    room = Mailroom()
    trusting = ssl.create_default_context(cafile=str(CERTIFICATE))
    with smtp_server(room, ssl_context=server_tls()) as port:
        SmtpTransport(f"smtps://localhost:{port}", tls_context=trusting).send(mail())
    assert len(room.delivered) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_gets_no_mail(scheme: str) -> None:
    room = Mailroom()
    options = {"tls_context" if scheme == "smtp" else "ssl_context": server_tls()}
    with smtp_server(room, **options) as port, pytest.raises(MailUnavailable, match="certificate"):
        # Another way to write 127.0.0.1, which does not count as this very machine.
        SmtpTransport(f"{scheme}://127.1:{port}").send(mail())
    assert room.delivered == []


def test_a_password_is_not_sent_in_the_clear_to_another_machine() -> None:
    room = Mailroom()
    with smtp_server(room) as port, pytest.raises(MailUnavailable, match="in the clear"):
        SmtpTransport(f"smtp://izvor:secret@127.1:{port}").send(mail())
    assert room.delivered == []


def test_a_wrong_password_blames_the_setting_and_not_the_mail() -> None:
    room = Mailroom()
    with (
        smtp_server(room, tls_context=server_tls(), authenticator=knows) as port,
        pytest.raises(MailUnavailable, match="535") as failed,
    ):
        SmtpTransport(f"smtp://izvor:hunter2@127.0.0.1:{port}").send(mail())
    assert "hunter2" not in str(failed.value)
    assert room.delivered == []


def test_a_mail_larger_than_the_server_takes_is_refused() -> None:
    with smtp_server(Mailroom(), data_size_limit=1000) as port, pytest.raises(MailRefused, match="552"):
        SmtpTransport(f"smtp://127.0.0.1:{port}").send(mail())


# The outbox alone


def test_the_outbox_keeps_a_mail_once_under_its_identity_for_its_owner_alone(tmp_path: Path) -> None:
    transport = OutboxTransport(tmp_path / "outbox")
    first, second = transport.send(mail()), transport.send(mail(day=27))
    (path,) = (tmp_path / "outbox").iterdir()
    assert first == second
    assert first.answer == str(path)
    assert path.name.startswith("20261224T080000Z-")
    assert path.suffix == ".eml"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_an_outbox_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MailUnavailable, match="outbox"):
        OutboxTransport(tmp_path / "file").send(mail())

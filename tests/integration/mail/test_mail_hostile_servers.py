"""Servers that say no, fall silent or hang up: each failure must be told for what it is."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import Final

import pytest

from invoicing_domain.letters.writing import MailContent
from workers.mail.envelope import build_message, mailbox
from workers.mail.transport import Handed, MailFailed, MailInDoubt, MailRefused, MailUnavailable, SmtpTransport

HANG_UP: Final = b""
SILENCE: Final = b"..."
POLITE: Final = {
    "BANNER": b"220 ready",
    "EHLO": b"250 me",
    "HELO": b"250 me",
    "MAIL": b"250 ok",
    "RCPT": b"250 ok",
    "DATA": b"354 go on",
    "CONTENT": b"250 queued as 1",
    "QUIT": b"221 bye",
}


def converse(listener: socket.socket, replies: dict[str, bytes]) -> None:
    """Play the server for one connection, up to the reply that ends it."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as lines:
        step = "BANNER"
        while replies[step] != HANG_UP:
            if replies[step] != SILENCE:
                connection.sendall(replies[step] + b"\r\n")
            if step == "DATA" and replies[step].startswith(b"354"):
                step = "CONTENT" if b".\r\n" in iter(lines.readline, b"") else "QUIT"
                continue
            line = lines.readline()
            if not line:
                return
            step = line[:4].decode().strip().upper()


@contextmanager
def server(**differing: bytes) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        player = Thread(target=converse, args=(listener, POLITE | differing))
        player.start()
        try:
            yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            player.join()


def send(url: str, timeout_seconds: float = 20.0) -> Handed:
    message = build_message(
        MailContent(subject="Reamintire", text="Bună ziua\n", html="<p>Bună ziua</p>\n"),
        effect_key="reminder:0193:7",
        sender=mailbox("facturi@example.ro"),
        to=mailbox("ion@client.ro"),
        at=datetime(2026, 12, 24, 8, 0, tzinfo=UTC),
    )
    return SmtpTransport(url, timeout_seconds=timeout_seconds).send(message)


def test_a_polite_server_takes_the_mail() -> None:
    with server() as url:
        assert send(url).answer == "250 queued as 1"


def test_a_server_that_hangs_up_after_its_yes_has_taken_the_mail() -> None:
    with server(QUIT=HANG_UP) as url:
        assert send(url).answer == "250 queued as 1"


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "CONTENT"])
def test_a_permanent_no_is_a_refusal_in_the_servers_words(step: str) -> None:
    with server(**{step: b"550-5.1.1 no such\x07\r\n550 5.1.1 user"}) as url, pytest.raises(MailRefused) as refused:
        send(url)
    assert str(refused.value) == "550 5.1.1 no such 5.1.1 user"


def test_a_long_no_is_told_whole_so_that_nobody_s_name_is_cut_in_two() -> None:
    said = "550 " + "x" * 290 + " ion@client.ro is unknown"
    with server(RCPT=said.encode()) as url, pytest.raises(MailRefused) as refused:
        send(url)
    assert str(refused.value) == said


@pytest.mark.parametrize("step", ["BANNER", "MAIL", "RCPT", "DATA", "CONTENT"])
@pytest.mark.parametrize("reply", [b"451 try later", b"421 closing"])
def test_a_passing_no_leaves_the_mail_with_us(step: str, reply: bytes) -> None:
    with server(**{step: reply}) as url, pytest.raises(MailUnavailable):
        send(url)


@pytest.mark.parametrize("step", ["BANNER", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", [HANG_UP, b"gibberish", b"x" * 9000])
def test_a_connection_lost_before_the_content_leaves_the_mail_with_us(step: str, reply: bytes) -> None:
    differing = {step: reply, "HELO": reply} if step == "EHLO" else {step: reply}
    with server(**differing) as url, pytest.raises(MailUnavailable):
        send(url)


@pytest.mark.parametrize("reply", [HANG_UP, b"gibberish", b"x" * 9000, b"354 more", b"999 what"])
def test_without_a_clear_verdict_on_the_content_the_mail_is_in_doubt(reply: bytes) -> None:
    with server(CONTENT=reply) as url, pytest.raises(MailInDoubt):
        send(url)


@pytest.mark.parametrize(("step", "failure"), [("RCPT", MailUnavailable), ("CONTENT", MailInDoubt)])
def test_silence_means_what_a_lost_connection_means(step: str, failure: type[MailFailed]) -> None:
    with server(**{step: SILENCE}) as url, pytest.raises(failure):
        send(url, timeout_seconds=2.0)  # enough for what is said before, on any machine


@pytest.mark.parametrize("reply", [b"530 5.7.0 authentication required", b"535 5.7.8 who are you"])
def test_a_server_that_wants_a_login_blames_the_setting_and_not_the_mail(reply: bytes) -> None:
    with server(MAIL=reply) as url, pytest.raises(MailUnavailable):
        send(url)


def test_a_server_that_is_not_there_leaves_the_mail_with_us() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(MailUnavailable, match="refused"):
        send(f"smtp://127.0.0.1:{port}")


def test_a_server_whose_name_nobody_knows_leaves_the_mail_with_us() -> None:
    with pytest.raises(MailUnavailable, match="name is not known"):
        send("smtp://mail.invalid")

"""The mail server as settings write it."""

from dataclasses import astuple
from pathlib import Path

import pytest

from workers.mail.server import SmtpServer
from workers.mail.transport import OutboxTransport, SmtpTransport, transport_from_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.ro", ("mail.example.ro", 25, False, None, None)),
        ("smtp://u:p@mail.example.ro", ("mail.example.ro", 587, False, "u", "p")),
        ("smtps://u:p@mail.example.ro", ("mail.example.ro", 465, True, "u", "p")),
        ("smtp://a%40example.ro:p%2Fq%40r%3A@10.0.0.1:2525/", ("10.0.0.1", 2525, False, "a@example.ro", "p/q@r:")),
        ("smtp://[::1]:1025", ("::1", 1025, False, None, None)),
    ],
)
def test_an_address_names_server_login_and_protection(
    url: str, server: tuple[str, int, bool, str | None, str | None]
) -> None:
    assert astuple(SmtpServer.parse(url)) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.ro",
        "http://u:hunter2@mail.example.ro",
        "smtp://",
        "smtp://u:hunter2/x@mail.example.ro",
        "smtp://u:hunter2#x@mail.example.ro",
        "smtp://u:hunter2@mail.example.ro:99999",
        "smtp://u:hunter2@mail.example.ro/path",
        "smtp://u:hunter2@mail.example.ro?tls=off",
        "smtp://u:hunter2@..example.ro",
        "smtp://u:hunter2@[::1",
    ],
)
def test_what_cannot_be_read_is_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(ValueError, match="mail server") as refused:
        SmtpServer.parse(url)
    assert "hunter2" not in str(refused.value)


def test_the_password_is_never_shown() -> None:
    assert "hunter2" not in repr(SmtpTransport("smtp://u:hunter2@mail.example.ro"))


@pytest.mark.parametrize(
    ("host", "local"),
    [("localhost", True), ("127.0.0.1", True), ("[::1]", True), ("10.0.0.1", False), ("mail.example.ro", False)],
)
def test_only_this_very_machine_is_local(host: str, local: bool) -> None:
    assert SmtpServer.parse(f"smtp://{host}").is_local is local


@pytest.mark.parametrize("url", [None, ""])
def test_without_a_server_mails_go_to_files(url: str | None, tmp_path: Path) -> None:
    assert isinstance(transport_from_url(url, tmp_path), OutboxTransport)
    assert isinstance(transport_from_url("smtp://mail.example.ro", tmp_path), SmtpTransport)

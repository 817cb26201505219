"""Where the mail server is and what protects the way to it, read from one setting."""

import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import SplitResult, unquote, urlsplit

SUBMISSION_PORT: Final = 587
RELAY_PORT: Final = 25
IMPLICIT_TLS_PORT: Final = 465


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where the server is and how to log in, read from `smtp://user:pass@host:port` or `smtps://...`."""

    host: str
    port: int
    implicit_tls: bool
    user: str | None
    password: str | None = field(repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read the setting; complaints never repeat it, since it holds a password."""
        parts, port = _split(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("a mail server is written as smtp://user:pass@host:port or smtps://...")
        if parts.path not in {"", "/"} or parts.query or parts.fragment:
            raise ValueError("nothing follows the port in the address of a mail server")
        implicit_tls = parts.scheme == "smtps"
        usual = SUBMISSION_PORT if parts.username else RELAY_PORT
        return cls(
            host=parts.hostname,
            port=port or (IMPLICIT_TLS_PORT if implicit_tls else usual),
            implicit_tls=implicit_tls,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or "") if parts.username else None,
        )

    @property
    def is_local(self) -> bool:
        """Whether the server runs on this very machine, so that nobody listens on the way."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    def tls_context(self) -> ssl.SSLContext:
        """Check certificates, save on this very machine, where mail servers come with a self-signed one."""
        context = ssl.create_default_context()
        if self.is_local:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
        (parts.hostname or "").encode("idna")  # what no resolver could be asked for
    except ValueError:  # its words quote the part that it could not read, which may be of the password
        raise ValueError("the address of the mail server cannot be read: is a sign in it not %-encoded?") from None
    return parts, port

"""One POST to a receiver that may be hostile: bounded in time and size, to the addresses that were looked at.

http.client follows no redirects and reads no proxies from the environment. It is given a socket that is connected
already: nobody resolves the name a second time. TLS asks for the name, and checks the certificate against it.
"""

import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Timer
from typing import Final

from invoicing_domain.outside import Outside, Target, Unfit

SECONDS: Final = 15.0
"""For everything together: a receiver that sends a byte now and then does not get more."""

KEPT_BYTES: Final = 1024
_SHOWN_REASON: Final = 300


class NotDelivered(Exception):  # noqa: N818 - names what was met
    """No answer; the message says why, fit to be shown and stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was answered: `excerpt` is the beginning of the body, as text without control characters."""

    status: int
    retry_after: str | None
    excerpt: str


class Poster:
    """`context` says which certificates count; those of the system when it is not given."""

    def __init__(self, outside: Outside, *, context: ssl.SSLContext | None = None, seconds: float = SECONDS) -> None:
        self._outside = outside
        self._context = context or ssl.create_default_context()
        self._seconds = seconds

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Raises NotDelivered."""
        try:
            target = self._outside.target(url)
            addresses = self._outside.addresses(target)
        except Unfit as error:
            raise NotDelivered(_one_line(f"the URL {error}")) from None
        deadline = time.monotonic() + self._seconds
        try:
            with closing(_connected(addresses, target.port, deadline)) as raw, _cut_off(raw, deadline):
                return self._exchange(raw, target, headers, body, deadline)
        except (OSError, HTTPException, ValueError) as error:
            if time.monotonic() >= deadline:
                raise NotDelivered(f"no answer within {self._seconds:g} seconds") from None
            raise NotDelivered(_one_line(f"{type(error).__name__}: {error}")) from None

    def _exchange(
        self, raw: socket.socket, target: Target, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> Reply:
        connection = HTTPConnection(target.host, target.port)
        secured = self._context.wrap_socket(raw, server_hostname=target.host) if target.is_encrypted else raw
        connection.sock = secured
        with closing(connection):
            sent = {"Host": target.authority, "User-Agent": "Izvor", "Connection": "close", **headers}
            connection.request("POST", target.path, body=body, headers=sent)
            response = connection.getresponse()
            if time.monotonic() >= deadline:
                raise TimeoutError  # cut off among the headers, which http.client takes for their end
            return Reply(
                status=response.status, retry_after=response.getheader("Retry-After"), excerpt=_beginning(response)
            )


def shown(text: str, most: int) -> str:
    """A text of somebody else's making, as it may stand in a log and a database."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text[:most])


def _one_line(text: str) -> str:
    return shown(" ".join(text.split()), _SHOWN_REASON)


def _beginning(response: HTTPResponse) -> str:
    """The verdict is in the status: whatever becomes of the body does not change it."""
    beginning = b""
    with suppress(OSError, HTTPException, ValueError):
        beginning = response.read(KEPT_BYTES)
    return shown(beginning.decode("utf-8", "replace"), KEPT_BYTES)


def _connected(addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
    """A connection to the first address that takes one."""
    refusal: OSError = TimeoutError("no address answers")
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((address, port), timeout=left)
        except OSError as error:
            refusal = error
    raise refusal


@contextmanager
def _cut_off(raw: socket.socket, deadline: float) -> Iterator[None]:
    """End a connection at the deadline, whatever it is busy with: a limit for each read does not bound them all."""
    with closing(raw.dup()) as handle:  # TLS takes the descriptor of the other one away
        timer = Timer(max(deadline - time.monotonic(), 0), _shut, [handle])
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


def _shut(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)

"""One POST to receivers that do what they like: bounded, pinned, and never led elsewhere."""

import socket
import ssl
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from invoicing_domain.outside import Outside
from tests.support.receiver import raw_receiver, receiver
from workers.webhooks.post import KEPT_BYTES, NotDelivered, Poster, Reply

HERE = Outside(allow_private=True)
CERTIFICATE = Path(__file__).parents[1] / "mail" / "localhost.pem"


def post(url: str, *, seconds: float = 10, outside: Outside = HERE) -> Reply:
    return Poster(outside, seconds=seconds).post(url, {"webhook-id": "1"}, b"{}")


def says(answer: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(answer)


def test_a_good_receiver_gets_the_body_and_is_heard() -> None:
    with receiver() as good:
        good.status, good.body, good.headers = 201, "mulțumesc".encode(), {"Retry-After": "7"}
        assert post(f"{good.url}?key=1") == Reply(status=201, retry_after="7", excerpt="mulțumesc")
        (got,) = good.received
        assert (got.path, got.body) == ("/hooks?key=1", b"{}")
        assert got.headers["Host"] == good.url.split("/")[2]
        assert got.headers["webhook-id"] == "1"


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with receiver() as elsewhere, receiver() as sly:
        for status in (301, 302, 303, 307, 308):
            sly.status, sly.headers = status, {"Location": elsewhere.url}
            assert post(sly.url).status == status
        sly.headers = {"Location": "http://169.254.169.254/latest/meta-data/"}
        assert post(sly.url).status == 308
        assert elsewhere.received == []


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with receiver() as good:
        assert post(good.url).status == 204


def test_of_a_huge_answer_only_the_beginning_is_read() -> None:
    sent = 0

    def flood(connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while sent < 1 << 30:
            sent += connection.send(b"x" * 65_536)

    with raw_receiver(flood) as port:
        assert post(f"http://127.0.0.1:{port}/").excerpt == "x" * KEPT_BYTES
    assert sent < 1 << 26


def test_control_characters_of_an_answer_are_not_kept() -> None:
    with receiver() as odd:
        odd.status, odd.body = 200, b"a\x00b\x1b[31m\xffc\nd"
        assert post(odd.url).excerpt == "a\ufffdb\ufffd[31m\ufffdc\nd"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"\x00\x01\x02 garbage\r\n\r\n", "BadStatusLine"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "BadStatusLine"),
        (b"", "RemoteDisconnected"),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200, "HTTPException"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 70_000, "LineTooLong"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "BadStatusLine"),
    ],
)
def test_what_is_no_answer_is_none_and_fit_to_be_stored(answer: bytes, why: str) -> None:
    with raw_receiver(says(answer)) as port, pytest.raises(NotDelivered, match=why) as refusal:
        post(f"http://127.0.0.1:{port}/")
    assert str(refusal.value).isprintable()


def test_an_answer_that_breaks_off_after_its_status_counts() -> None:
    with raw_receiver(says(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf")) as port:
        assert post(f"http://127.0.0.1:{port}/").status == 200
    with raw_receiver(says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")) as port:
        assert post(f"http://127.0.0.1:{port}/").status == 200


def dripping(data: bytes, ended: Event) -> Callable[[socket.socket], None]:
    def drip(connection: socket.socket) -> None:
        while not ended.wait(0.05):
            connection.sendall(data)

    return drip


@pytest.mark.parametrize("data", [b"", b"H", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_a_receiver_that_takes_its_time_is_cut_off(data: bytes) -> None:
    ended = Event()

    def behave(connection: socket.socket) -> None:
        if data == b"H":
            connection.sendall(b"HTTP/1.1 200 OK\r\nx: ")
        dripping(data, ended)(connection)

    with raw_receiver(behave) as port:
        try:
            with pytest.raises(NotDelivered, match=r"no answer within 0\.5 seconds"):
                post(f"http://127.0.0.1:{port}/", seconds=0.5)
        finally:
            ended.set()


def test_a_body_that_drips_after_a_good_status_is_an_answer() -> None:
    ended = Event()

    def behave(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        dripping(b"x", ended)(connection)

    with raw_receiver(behave) as port:
        try:
            assert post(f"http://127.0.0.1:{port}/", seconds=2).status == 200
        finally:
            ended.set()


def test_nobody_there_is_told_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotDelivered, match="ConnectionRefusedError"):
        post(f"http://127.0.0.1:{port}/")


def test_a_name_that_leads_home_by_now_is_not_called() -> None:
    """DNS rebinding: public when it was saved, private when it is called."""
    with receiver() as home:
        port = int(home.url.split(":")[2].split("/")[0])
        answers = [("93.184.216.34",), ("127.0.0.1",)]
        asked: list[str] = []

        def rebinding(host: str, _: int) -> Sequence[str]:
            asked.append(host)
            return answers[min(len(asked), len(answers)) - 1]

        outside = Outside(resolve=rebinding)
        outside.addresses(outside.target("https://erp.example/"))
        with pytest.raises(NotDelivered, match="not public"):
            post("https://erp.example/", outside=outside)
        assert home.received == []
        assert port


def test_the_name_is_resolved_once_and_the_connection_goes_where_it_led() -> None:
    asked: list[str] = []
    with receiver() as home:
        port = int(home.url.split(":")[2].split("/")[0])

        def once(host: str, _: int) -> Sequence[str]:
            asked.append(host)
            return ("127.0.0.1",)

        assert post(f"http://erp.example:{port}/", outside=Outside(allow_private=True, resolve=once)).status == 204
        assert asked == ["erp.example"]
        assert home.received[0].headers["Host"] == f"erp.example:{port}"


class _Thanks(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("host", "trusted", "why"),
    [
        ("localhost", True, None),
        ("localhost", False, "certificate verify failed"),
        ("erp.example", True, "Hostname mismatch|not valid for"),
    ],
)
def test_the_certificate_has_to_be_that_of_the_name(host: str, trusted: bool, why: str | None) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(CERTIFICATE)
    server = HTTPServer(("127.0.0.1", 0), _Thanks)
    server.socket = serving.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    outside = Outside(allow_private=True, resolve=lambda *_: ("127.0.0.1",))
    context = ssl.create_default_context(cafile=str(CERTIFICATE) if trusted else None)
    poster = Poster(outside, context=context)
    url = f"https://{host}:{server.server_port}/"
    try:
        if why is None:
            assert poster.post(url, {}, b"{}").status == 204
        else:
            with pytest.raises(NotDelivered, match=why):
                poster.post(url, {}, b"{}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""The server around the API: its threads stay with their clients for a moment, and nobody suffers from it."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection

import pytest

from tests.support.processes import finish, python, wait_until
from tests.support.stack import quiet_port

SERVE = """
import sys
from deploy.http import Server
from deploy.settings import Settings

def echo(environ, start_response):
    body = environ["PATH_INFO"].encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]

class Echo(Server):
    def load(self):
        return echo

Echo(Settings(bind=sys.argv[1], http_workers=1, http_threads=2)).run()
"""


@pytest.fixture
def serving() -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = quiet_port()
    process = python(SERVE, f"127.0.0.1:{port}")
    try:
        wait_until(lambda: _answers(port))
        yield process, port
    finally:
        process.terminate()
        process.wait()
        finish(process)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def test_more_clients_than_threads_that_stay_connected_are_all_answered(
    serving: tuple[subprocess.Popen[str], int],
) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(closing(HTTPConnection("127.0.0.1", serving[1]))) for _ in range(5)]
        for turn in range(3):
            for number, client in enumerate(clients):
                client.request("GET", f"/{turn}/{number}")
            assert [client.getresponse().read().decode() for client in clients] == [f"/{turn}/{n}" for n in range(5)]


def test_requests_that_are_sent_before_the_answer_is_there_are_answered_in_turn(
    serving: tuple[subprocess.Popen[str], int],
) -> None:
    with socket.create_connection(("127.0.0.1", serving[1])) as client, client.makefile("rb") as answers:
        client.sendall(b"GET /one HTTP/1.1\r\nHost: here\r\n\r\nGET /two HTTP/1.1\r\nHost: here\r\n\r\n")
        for path in (b"/one", b"/two"):
            while answers.readline() != b"\r\n":
                pass
            assert answers.read(len(path)) == path


def test_a_body_that_nobody_reads_ends_the_connection_only_when_that_is_said(
    serving: tuple[subprocess.Popen[str], int],
) -> None:
    with closing(HTTPConnection("127.0.0.1", serving[1])) as client:
        for body, told in (
            (bytes(60_000), "keep-alive"),
            (bytes(70_000), "close"),
            (bytes(10), "keep-alive"),
            (iter([bytes(40_000)] * 2), "close"),
        ):
            client.request("POST", "/refused", body=body)
            answer = client.getresponse()
            assert (answer.read(), answer.headers["Connection"]) == (b"/refused", told)


def test_a_client_that_stays_connected_keeps_no_server_from_ending(
    serving: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = serving
    with closing(HTTPConnection("127.0.0.1", port)) as client:
        client.request("GET", "/last")
        assert client.getresponse().read() == b"/last"
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
        assert client.sock.recv(1) == b""

"""A door between a client and PostgreSQL that fails on command: at which byte, the test says.

It listens on a UNIX socket in a directory of its own and passes everything on to the server's. `arm` prepares one
failure for the next request that contains a marker: some bytes of its arguments, which travel as they are.
"""

import socket
import time
from pathlib import Path
from select import select
from threading import Lock, Thread
from types import TracebackType
from typing import Final, Literal, Self
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

Fault = Literal["request lost", "answer lost", "answer torn", "cut while it works"]

_SOCKET: Final = ".s.PGSQL.5432"
_CHUNK_BYTES: Final = 1 << 20


class Proxy:
    """A context manager; `url` leads through it."""

    def __init__(self, url: str, directory: Path) -> None:
        target = conninfo_to_dict(url)
        self.url = f"postgresql://{target['user']}@/{target['dbname']}?host={quote(str(directory), safe='')}&port=5432"
        self.delay_seconds = 0.0
        self.requests = 0
        """How often clients have sent something: each time somebody waited for the database."""
        self._target = str(Path(str(target["host"])) / _SOCKET)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(directory / _SOCKET))
        self._listener.listen()
        self._lock = Lock()
        self._armed: list[tuple[Fault, bytes]] = []
        self._open: set[socket.socket] = set()
        self._threads = [Thread(target=self._accept, daemon=True)]

    def arm(self, fault: Fault, marker: bytes, times: int = 1) -> None:
        """The next `times` requests that contain `marker` meet this fault."""
        with self._lock:
            self._armed += [(fault, marker)] * times

    @property
    def armed(self) -> int:
        """How many faults were not met yet."""
        return len(self._armed)

    def cut_all(self) -> None:
        """Cut every connection as it is, like a switch that loses power; new ones are welcome."""
        with self._lock:
            for one in self._open:
                one.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listener.close()
        self.cut_all()
        for thread in self._threads[1:]:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # shut down
            thread = Thread(target=self._carry, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _carry(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        with client, server:
            try:
                server.connect(self._target)
                with self._lock:
                    self._open |= {client, server}
                while self._pass_on(client, server):
                    pass
            except OSError:
                pass  # one side is gone: closing the other tells it
            finally:
                with self._lock:
                    self._open -= {client, server}

    def _pass_on(self, client: socket.socket, server: socket.socket) -> bool:
        """Carry one chunk; False when the connection is to end."""
        readable, _, _ = select([client, server], [], [])
        source = readable[0]
        chunk = source.recv(_CHUNK_BYTES)
        if not chunk:
            return False
        time.sleep(self.delay_seconds)
        fault = self._take(chunk) if source is client else None
        self.requests += source is client
        if fault == "request lost":
            return False
        (server if source is client else client).sendall(chunk)
        if fault is None:
            return True
        if fault != "cut while it works":
            answer = server.recv(_CHUNK_BYTES)  # the server has done its work and said so
            client.sendall(answer[: len(answer) // 2] if fault == "answer torn" else b"")
        return False

    def _take(self, chunk: bytes) -> Fault | None:
        with self._lock:
            for position, (fault, marker) in enumerate(self._armed):
                if marker in chunk:
                    del self._armed[position]
                    return fault
        return None

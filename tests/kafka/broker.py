"""A real broker of Apache Kafka as a child process, which tests stop, kill and start again on its port and its data."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Final, Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.children import spawn
from tests.kafka.entrance import Entrance
from tests.kafka.jars import filled, java, prepared
from tests.support.reminders import free_port

START_SECONDS: Final = 180
STOP_SECONDS: Final = 20


class Broker:
    """One node on this machine; the folder `data` keeps its log over restarts."""

    def __init__(self, data: Path, *, port: int | None = None, guarded: bool = False) -> None:
        """`guarded`: it has an `entrance` for those who speak TLS and log in, too."""
        self.port = port or free_port()
        self.entrance = Entrance(data / "entrance", free_port()) if guarded else None
        self._controller_port = free_port()
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and return when it answers."""
        home = prepared(_dump_classes)
        self._launch(home, f"-XX:SharedArchiveFile={home}/classes.jsa")

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def dump_classes(self, home: Path) -> None:
        """Live once for the class archive, which the virtual machine writes when it ends."""
        self._launch(home, f"-XX:ArchiveClassesAtExit={home}/classes.jsa")
        self.stop()

    def _launch(self, home: Path, flag: str) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
        log = self._data / "log"
        if not log.exists():
            shutil.copytree(home / "formatted", log)
        properties = self._data / "server.properties"
        properties.write_text(self._properties(log))
        with (self._data / "broker.out").open("ab") as out:
            self._process = spawn(
                java(home, flag, "kafka.Kafka", str(properties)),
                environment=os.environ,
                death_signal=signal.SIGKILL,
                output=out,
            )
        self._wait(self._process)

    def _properties(self, log: Path) -> str:
        text = filled(port=self.port, controller_port=self._controller_port, data=log)
        if self.entrance is not None:
            text += self.entrance.properties(port=self.port, controller_port=self._controller_port)
        return text

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the broker does not start: {(self._data / 'broker.out').read_text()[-2000:]}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        """It listens some time before it does."""
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
            with closing(KafkaAdminClient(bootstrap_servers=self.address)) as admin:
                return bool(admin.describe_cluster()["brokers"])
        except (OSError, KafkaError):
            return False

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _dump_classes(home: Path) -> None:
    first = home / "first"
    first.mkdir()
    Broker(first).dump_classes(home)
    shutil.rmtree(first)

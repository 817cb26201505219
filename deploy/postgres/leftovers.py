"""What an earlier run may have left in a data directory: a server nobody owns, its backends, its lock files.

After kill -9 PostgreSQL refuses to start while anything of the old server lives ("pre-existing shared memory block"),
or when an unrelated process has got the number written in postmaster.pid. The caller holds the directory's lock, so
whatever still runs here has no owner: it is stopped, in order, and only then are its lock files removed.

The number in postmaster.pid is never trusted. Processes are recognised by the cluster name that every process of the
server carries in its command line, and by their user.
"""

import fcntl
import os
import signal
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import IO

from deploy.errors import OperatorError, RefusedError

LOCK_FILES = ("postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock")

_POLL_SECONDS = 0.05


def hold_lock(data_dir: Path) -> IO[str]:
    """Own the data directory for as long as this process lives and keeps the file open."""
    path = data_dir.with_name(f"{data_dir.name}.lock")
    lock = path.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        owner = lock.read().strip() or "unknown"
        lock.close()
        raise RefusedError(
            f"{data_dir} is in use by another Izvor (process {owner}): stop it, or choose another --data"
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def is_held(data_dir: Path) -> bool:
    """Whether some living process owns the data directory."""
    try:
        lock = data_dir.with_name(f"{data_dir.name}.lock").open()
    except OSError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def cluster_name(data_dir: Path) -> str:
    """The mark by which every process of the server in this directory can be told from all others."""
    return f"izvor-{sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]}"


def clear_leftovers(data_dir: Path, uid: int) -> None:
    """Stop an orphaned server of this data directory, wait until all of it is gone, then remove its lock files."""
    mark = cluster_name(data_dir)
    # Fast shutdown; then immediate; then what a power cut does. Recovery replays the log after the last two.
    for number, patience_seconds in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        found = server_processes(mark, uid)
        if not found:
            break
        # Backends without a postmaster leave by themselves in an instant: SIGINT would only cancel their query.
        chosen = [pid for pid, is_head in found if is_head or number != signal.SIGINT]
        _signal(chosen, number)
        _wait_gone(mark, uid, patience_seconds if chosen else 2.0)
    if server_processes(mark, uid):
        raise OperatorError(f"an old PostgreSQL server of {data_dir} does not end: stop it by hand")
    for name in LOCK_FILES:
        (data_dir / name).unlink(missing_ok=True)


def server_processes(mark: str, uid: int) -> list[tuple[int, bool]]:
    """The processes of the marked server: number, and whether it is the head (postmaster) of the others."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if entry.stat().st_uid != uid:
                continue
            arguments = (entry / "cmdline").read_bytes()
        except OSError:  # it has just ended
            continue
        program = arguments.partition(b"\0")[0]
        if mark.encode() not in arguments:
            continue
        if program.startswith(b"postgres:"):
            found.append((int(entry.name), False))
        elif program.endswith(b"/postgres"):
            found.append((int(entry.name), True))
    return found


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _wait_gone(mark: str, uid: int, patience_seconds: float) -> None:
    deadline = time.monotonic() + patience_seconds
    while server_processes(mark, uid) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)

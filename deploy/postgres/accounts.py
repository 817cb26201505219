"""Which user of the operating system the embedded PostgreSQL runs as, and how that user reaches its files.

PostgreSQL refuses to run as root, and rightly so. When root starts Izvor, the server runs as the system user
`izvor-postgres`; otherwise as the user who starts it. A server user must be able to *pass through* the directories
above its data and its binaries (often /root, mode 0700). We grant exactly that, to exactly that user, with an access
control entry; the mode for everybody else stays as it was.
"""

import errno
import logging
import os
import pwd
import shutil
import struct
import subprocess
import time
from pathlib import Path

from deploy.children import Account
from deploy.errors import OperatorError

SERVER_USER = "izvor-postgres"

_log = logging.getLogger(__name__)

_ACL_NAME = "system.posix_acl_access"
_ACL_HEADER = struct.Struct("<I")
_ACL_ENTRY = struct.Struct("<HHI")
_ACL_VERSION = 2
_USER_OBJ, _USER, _GROUP_OBJ, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_NO_ID = 0xFFFFFFFF
_PASS = 1


def current_account() -> Account:
    return _account(os.geteuid())


def server_account(data_dir: Path) -> Account | None:
    """Whom the server must run as; None when that is simply the user we are."""
    owner = data_dir.stat().st_uid if (data_dir / "PG_VERSION").exists() else None
    if os.geteuid() != 0:
        if owner not in {None, os.geteuid()}:
            name = _account(data_dir.stat().st_uid).name
            raise OperatorError(f"{data_dir} belongs to user {name}: start Izvor as {name}, or choose another --data")
        return None
    if owner == 0:
        raise OperatorError(f"{data_dir} belongs to root, as whom PostgreSQL does not run: chown -R {SERVER_USER} it")
    return _ensure_server_user() if owner is None else _account(owner)


def let_pass(target: Path, account: Account) -> None:
    """Make sure that `account` can reach `target` through all directories above it (we are root)."""
    for directory in reversed(target.resolve().parents):
        if _may_pass(directory, account):
            continue
        try:
            _grant_passage(directory, account)
        except OSError as error:
            raise OperatorError(
                f"user {account.name} cannot pass through {directory} ({error.strerror}): "
                f"chmod o+x {directory}, or choose a place outside it",
            ) from error
        _log.warning("user %s may now pass through %s (not read it)", account.name, directory)


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise OperatorError(f"user id {uid} has no name on this machine: PostgreSQL needs one (useradd)") from None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _ensure_server_user() -> Account:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    reason = "useradd is not installed"
    for _attempt in range(5):  # two processes may be adding it at the same moment
        try:
            return _account(pwd.getpwnam(SERVER_USER).pw_uid)
        except KeyError:
            if useradd is None:
                break
        argv = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        argv += ["--shell", "/usr/sbin/nologin", SERVER_USER]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 - constants only
        reason = done.stderr
        if done.returncode != 0:
            time.sleep(0.2)
    raise OperatorError(f"PostgreSQL cannot run as root and the user {SERVER_USER} could not be added: {reason}")


def _may_pass(directory: Path, account: Account) -> bool:
    """Ask the kernel in the account's name: modes, access lists and mounts all count, and it knows them best."""
    argv = ["/usr/bin/test", "-x", str(directory)]
    asked = subprocess.run(  # noqa: S603 - constants and a directory
        argv, user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False
    )
    return asked.returncode == 0


def _grant_passage(directory: Path, account: Account) -> None:
    entries = _access_entries(directory)
    entries[_USER, account.uid] = entries.get((_USER, account.uid), 0) | _PASS
    mask = entries.get((_MASK, _NO_ID), entries[_GROUP_OBJ, _NO_ID])
    entries[_MASK, _NO_ID] = mask | _PASS
    packed = b"".join(_ACL_ENTRY.pack(tag, bits, who) for (tag, who), bits in sorted(entries.items(), key=_acl_order))
    os.setxattr(directory, _ACL_NAME, _ACL_HEADER.pack(_ACL_VERSION) + packed)


def _acl_order(entry: tuple[tuple[int, int], int]) -> tuple[int, int]:
    return entry[0]


def _access_entries(directory: Path) -> dict[tuple[int, int], int]:
    try:
        raw = os.getxattr(directory, _ACL_NAME)
    except OSError as error:
        if error.errno != errno.ENODATA:
            raise
        mode = directory.stat().st_mode
        return {
            (_USER_OBJ, _NO_ID): mode >> 6 & 7,
            (_GROUP_OBJ, _NO_ID): mode >> 3 & 7,
            (_OTHER, _NO_ID): mode & 7,
        }
    entries = _ACL_ENTRY.iter_unpack(raw[_ACL_HEADER.size :])
    return {(tag, who): bits for tag, bits, who in entries}

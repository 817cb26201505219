"""Child processes that never outlive their parent, whatever kills it.

A stack that is killed with -9 must not leave a server behind that nobody owns. The kernel is asked (PR_SET_PDEATHSIG)
to send each child a signal of our choice when its parent dies.
"""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

_PR_SET_PDEATHSIG = 1
_PARENT_ALREADY_GONE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The user of the operating system that a child runs as."""

    name: str
    uid: int
    gid: int


def spawn(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str],
    death_signal: signal.Signals,
    account: Account | None = None,
    output: IO[bytes] | None = None,
    directory: str | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only us and we decide the order of the stop.

    The kernel ties the child to the *thread* that calls this: call it from the main thread. `account` needs root.
    """
    return subprocess.Popen(  # noqa: S603 - argv comes from our own composition roots, never from a request
        list(argv),
        env=dict(environment),
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        umask=0o077 if account else -1,
        # Runs after the switch of user, which would clear the death signal again.
        preexec_fn=_tied_to_parent(death_signal),  # noqa: PLW1509 - there is no other door to prctl; see the docstring
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def die_with_parent(parent: int, death_signal: signal.Signals) -> None:
    """For a child that somebody else forked: end when `parent` ends, or at once when it has ended already."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(_PARENT_ALREADY_GONE)


def _tied_to_parent(death_signal: signal.Signals) -> Callable[[], None]:
    # Everything is prepared before the fork: between fork and exec only plain system calls are safe.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()
    number = int(death_signal)

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it died before the kernel knew about us
            os._exit(_PARENT_ALREADY_GONE)

    return tie

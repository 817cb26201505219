"""What every log line says without being told: for whom, on behalf of which request, job or message a thread works.

Kept beside the thread and not in the calls, so that a rule deep inside need not know who asked.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_NOTHING: Final[Mapping[str, object]] = {}
_mentioned: Final[ContextVar[Mapping[str, object]]] = ContextVar("mentioned", default=_NOTHING)


def mentioned() -> Mapping[str, object]:
    return _mentioned.get()


def begin(**facts: object) -> None:
    """Something new: nothing of what this thread did before belongs to it."""
    _mentioned.set(facts)


def mention(**facts: object) -> None:
    """Known from here on."""
    _mentioned.set({**_mentioned.get(), **facts})


@contextmanager
def mentioning(**facts: object) -> Iterator[None]:
    """Known within."""
    before = _mentioned.set({**_mentioned.get(), **facts})
    try:
        yield
    finally:
        _mentioned.reset(before)

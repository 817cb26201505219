"""Callers who were here before: to whom their tokens belonged then. A guess, and no more, until it is proved anew."""

from collections import OrderedDict
from hashlib import sha256
from threading import Lock
from typing import Final

from api.entrance.access import Access

_MOST_KEPT: Final = 10_000


class Acquaintances:
    """Knows tokens by their digest; who was not met for long makes room."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._met: OrderedDict[bytes, Access] = OrderedDict()

    def meet(self, text: str, access: Access) -> None:
        with self._lock:
            key = _key(text)
            self._met[key] = access
            self._met.move_to_end(key)
            if len(self._met) > _MOST_KEPT:
                self._met.popitem(last=False)

    def forget(self, text: str) -> None:
        with self._lock:
            self._met.pop(_key(text), None)

    def holder(self, text: str) -> Access | None:
        return self._met.get(_key(text))


def _key(text: str) -> bytes:
    return sha256(text.encode()).digest()

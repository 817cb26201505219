"""Two ways to answer: with the status codes that the original documents, or with those that its code gives. Pure."""

from collections.abc import Mapping
from typing import Final

_CODED: Final[Mapping[tuple[str, int], int]] = {
    ("POST", 201): 200,
    ("POST", 409): 404,
    ("POST", 422): 404,
    ("PUT", 404): 409,
    ("PUT", 422): 409,
    ("DELETE", 409): 404,
}
"""Method and documented status to what the original's code answers; what is not here is the same in both."""

_OURS: Final = frozenset({"idempotency_key_reused"})
"""Problems that the original does not know: they keep their status."""


def coded(method: str, status: int, code: str = "") -> int:
    return status if code in _OURS else _CODED.get((method, status), status)

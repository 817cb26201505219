"""Which facts an endpoint is sent: by their wire names."""

from collections.abc import Sequence
from typing import Final

_OWN: Final = "webhook_endpoint."
_FAMILY: Final = ".*"


def is_told(name: str) -> bool:
    """Facts about endpoints are sent to none: a test would lead to more of them."""
    return not name.startswith(_OWN)


def is_matched(patterns: Sequence[str], name: str) -> bool:
    """`invoice.sent` is that fact, `invoice.*` every fact about invoices; no pattern at all: everything."""
    return not patterns or any(
        name.startswith(one.removesuffix("*")) if one.endswith(_FAMILY) else name == one for one in patterns
    )

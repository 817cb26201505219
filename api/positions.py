"""Positions in answers: worded before the facts are recorded, filled in afterwards."""

import re
from typing import Final

_PENDING: Final = re.compile(rb'"position":-(\d+)')


def with_position(body: bytes, last: int) -> bytes:
    """Fill in positions that were not given yet when the answer was worded: -1 is the `last` fact, -2 the one before.

    No text of a client can contain the mark: its quotes are escaped.
    """
    return _PENDING.sub(lambda found: b'"position":%d' % (last + 1 - int(found[1])), body)

"""Upcasters: how an older version of a stored fact reads as the next one. Rows are never rewritten.

To change a fact: prefer an optional field with a default; else raise its version in the catalogue and add a function
from the old JSON to the new one here, keyed by the topic it reads.
"""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

UPCASTERS: dict[str, Callable[[Json], Json]] = {}

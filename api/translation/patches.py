"""What a patch says: the fields that were sent, with their texts made into values."""

from collections.abc import Callable
from typing import Any

import msgspec


def given_fields(body: msgspec.Struct) -> dict[str, Any]:
    """The fields of a patch that were sent, as they were sent."""
    return {name: value for name in body.__struct_fields__ if (value := getattr(body, name)) is not msgspec.UNSET}


def converted(body: msgspec.Struct, **convert: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: convert[name](value) if name in convert else value for name, value in given_fields(body).items()}

"""Types of bodies keep clear of what their decoder cannot bear."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from api.seed_dialect import forms, lists
from api.seed_dialect.forms import is_set
from api.shapes import bodies, queries, views

_STRUCTS = sorted(
    {
        kind
        for module in (bodies, queries, views, forms, lists)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    },
    key=lambda kind: (kind.__module__, kind.__name__),
)
_CONTAINERS = (
    inspect.CollectionType,
    inspect.TupleType,
    inspect.DictType,
    inspect.StructType,
    inspect.TypedDictType,
    inspect.NamedTupleType,
    inspect.DataclassType,
)


def unions(found: Any) -> Iterator[inspect.UnionType]:
    """All unions below a type."""
    if isinstance(found, inspect.UnionType):
        yield found
    for name in getattr(found, "__struct_fields__", ()):
        below = getattr(found, name)
        for one in below if isinstance(below, tuple) else (below,):
            if isinstance(one, inspect.Type | inspect.Field):
                yield from unions(one)


@pytest.mark.parametrize("kind", _STRUCTS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_no_text_with_a_pattern_stands_beside_a_container(kind: type[msgspec.Struct]) -> None:
    for union in unions(inspect.type_info(kind)):
        has_pattern = any(isinstance(one, inspect.StrType) and one.pattern for one in union.types)
        assert not (has_pattern and any(isinstance(one, _CONTAINERS) for one in union.types)), union


def test_a_flag_is_up_by_any_value_that_does_not_say_no() -> None:
    assert [
        flag for flag in ("1", "on", "yes", "2", "0", "off", "No", "FALSE", None, msgspec.UNSET) if is_set(flag)
    ] == [
        "1",
        "on",
        "yes",
        "2",
    ]

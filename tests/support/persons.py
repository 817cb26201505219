"""Facts about companies, told about natural persons."""

import dataclasses
from typing import Any


def as_person(fact: Any) -> Any:
    """The fact with every buyer and profile in it a natural person."""
    if not dataclasses.is_dataclass(fact) or isinstance(fact, type):
        return fact
    changes = {field.name: as_person(getattr(fact, field.name)) for field in dataclasses.fields(fact)}
    if "kind" in changes and "tax_id" in changes:
        changes["kind"] = "person"
    return dataclasses.replace(fact, **changes)

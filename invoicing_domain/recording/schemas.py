"""JSON Schemas of everything that is recorded, made from the types that read it: for consumers of the facts."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from invoicing_domain.recording.catalogue import CATALOGUE

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def fact_schemas() -> Mapping[str, Mapping[str, Any]]:
    """The schema of each fact, whole in itself, by its topic such as `invoice.sent/1`."""
    return {
        str(name): {"$schema": DIALECT, "$id": urn_of(str(name)), **msgspec.json.schema(fact)}
        for fact, name in CATALOGUE.items()
    }


def urn_of(topic: str) -> str:
    """The name of the schema of a topic: `ce_dataschema` in Kafka."""
    name, _, version = topic.rpartition("/")
    return f"urn:izvor:event:{name}:{version}"

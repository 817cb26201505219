"""The description of the topics says what is in them."""

from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest

from invoicing_domain.recording.catalogue import CATALOGUE
from invoicing_domain.recording.schemas import fact_schemas, urn_of
from tests.support.golden import Golden, all_golden
from workers.bridge.asyncapi import document, schemas
from workers.bridge.messages import KINDS
from workers.kafka.cluster import LAYOUTS, Cluster

META = Path(__file__).parents[1] / "golden" / "asyncapi-3.0.0.schema.json"
CLUSTER = Cluster(servers="", prefix="izvor")


@pytest.mark.parametrize("golden", list(all_golden()), ids=lambda golden: golden.topic)
def test_every_fact_ever_written_fits_its_schema(golden: Golden) -> None:
    jsonschema.validate(orjson.loads(golden.state)["fact"], fact_schemas()[golden.topic])


def test_every_fact_has_a_schema_under_the_name_that_its_records_bear() -> None:
    assert {topic: one["$id"] for topic, one in fact_schemas().items()} == {
        str(name): urn_of(str(name)) for name in CATALOGUE.values()
    }


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas()[name])


def test_a_schema_turns_down_what_the_program_would_turn_down() -> None:
    order = {
        "order": {"id": "SO-1", "date": "2026-11-23"},
        "customer": {"name": "Client SRL"},
        "lines": [{"description": "A", "quantity": "2", "unit_price": "1.00", "vat": {}}],
    }
    schema = schemas()["commands/invoice.from_order.json"]
    jsonschema.validate(order, schema)
    for wrong in ({**order, "unknown": 1}, {**order, "order": {}}, {**order, "lines": [{"quantity": 2}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(orjson.dumps(document(CLUSTER)))
    return found


def test_the_document_is_asyncapi_3_by_its_own_schema(described: dict[str, Any]) -> None:
    jsonschema.Draft7Validator(orjson.loads(META.read_bytes())).validate(described)


def test_the_document_knows_every_topic_command_and_fact(described: dict[str, Any]) -> None:
    channels = described["channels"]
    assert {one["address"] for one in channels.values()} == {CLUSTER.topic(name) for name in LAYOUTS}
    assert set(channels["commands"]["messages"]) == set(KINDS)
    assert {one["name"] for one in channels["events"]["messages"].values()} == {one.name for one in CATALOGUE.values()}


def test_every_reference_in_the_document_leads_somewhere(described: dict[str, Any]) -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [one for value in node.values() for one in references(value)]
        return [one for value in node for one in references(value)] if isinstance(node, list) else []

    for reference in references(described):
        found = described
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found

"""The description of our topics: an AsyncAPI 3 document, and JSON Schemas of what is in them, made from the program."""

from collections.abc import Container, Mapping
from importlib.metadata import version
from typing import Any, Final

import msgspec

from invoicing_domain.recording.catalogue import CATALOGUE
from invoicing_domain.recording.schemas import DIALECT, fact_schemas
from workers.bridge.messages import KINDS, Accepted, Refused
from workers.kafka.cluster import Cluster, TopicName

Json = dict[str, Any]

_REF: Final = "#/components/schemas/{name}"
_TEXT: Final[Json] = {"type": "string"}
_UUID: Final[Json] = {"type": "string", "format": "uuid"}
_TRACE: Final[Json] = {"traceparent": {"type": "string", "description": "W3C trace context of what led here"}}
_CLOUD_EVENT: Final[Json] = {"ce_specversion": {"const": "1.0"}, "ce_id": _TEXT, "ce_type": _TEXT, "ce_source": _TEXT}

_HEADERS: Final[Mapping[TopicName, Json]] = {
    "events": {
        **_CLOUD_EVENT,
        "ce_id": {**_UUID, "description": "the same however often the fact is published"},
        "ce_subject": {**_UUID, "description": "the stream"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_dataschema": {"type": "string", "description": "urn:izvor:event:NAME:VERSION"},
        "izvor_position": {"type": "string", "description": "place in the store; only grows within a partition"},
        "izvor_version": {"type": "string", "description": "1, 2, 3 ... within the stream"},
        "izvor_organization": _UUID,
        "izvor_meta": {
            "type": "string",
            "description": "JSON: actor, command, correlation, cause, reason",
        },
        **_TRACE,
    },
    "commands": {
        **_CLOUD_EVENT,
        "ce_id": {"type": "string", "minLength": 1, "maxLength": 200, "description": "idempotency key"},
        "izvor_organization": _UUID,
        **_TRACE,
    },
    "command-results": {
        **_CLOUD_EVENT,
        "ce_subject": {"type": "string", "description": "ce_id of the command"},
        "izvor_organization": _UUID,
        **_TRACE,
    },
    "dead-letters": {
        f"izvor_dead_{name}": _TEXT
        for name in (
            *("topic", "topic_id", "partition", "offset", "timestamp", "consumer"),
            *("reason", "error", "release", "value"),
        )
    },
}
_OPTIONAL: Final[Mapping[TopicName, Container[str]]] = {
    "events": _TRACE,
    "commands": {"ce_specversion", "ce_source", *_TRACE},
    "command-results": _TRACE,
    "dead-letters": {"izvor_dead_value"},
}
"""What a message may leave out."""

_SUMMARIES: Final[Mapping[TopicName, str]] = {
    "events": "Every recorded fact, at least once, each stream in its order. The value is the fact as JSON; a text that"
    " says [erased] is sealed in izvor_sealed under the key of a customer.",
    "commands": "What other systems ask for. The key keeps messages about one thing in order.",
    "command-results": "One answer to each command, under its key; the same again when the command comes again.",
    "dead-letters": "Messages that can never succeed: original key, value and headers, and why. One that is too large"
    " for the topic has an empty value, and says so in izvor_dead_value.",
}


def schemas() -> Mapping[str, Json]:
    """Schemas whole in themselves, by file name."""
    files = {f"events/{topic.replace('/', '.v')}.json": dict(one) for topic, one in fact_schemas().items()}
    files |= {f"commands/{name}.json": _schema(kind.body) for name, kind in KINDS.items()}
    return {**files, "results/accepted.json": _schema(Accepted), "results/refused.json": _schema(Refused)}


def document(cluster: Cluster) -> Json:
    facts = {str(name).replace("/", ".v"): (name.name, fact) for fact, name in CATALOGUE.items()}
    commands = {name: (name, kind.body) for name, kind in KINDS.items()}
    results = {"command.accepted": ("command.accepted", Accepted), "command.refused": ("command.refused", Refused)}
    payloads: Mapping[TopicName, Mapping[str, tuple[str, type]]] = {
        "events": facts,
        "commands": commands,
        "command-results": results,
    }
    types = [kind for messages in payloads.values() for _, kind in messages.values()]
    references, components = msgspec.json.schema_components(types, ref_template=_REF)
    of_type = dict(zip(types, references, strict=True))
    messages = {
        topic: {key: _message(topic, name, of_type[kind]) for key, (name, kind) in payloads.get(topic, {}).items()}
        for topic in _SUMMARIES
    }
    messages["dead-letters"] = {"dead_letter": _message("dead-letters", "dead_letter", {})}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Izvor", "version": version("izvor"), "license": {"name": "MIT"}},
        "defaultContentType": "application/json",
        "channels": {topic: _channel(cluster, topic, messages[topic]) for topic in _SUMMARIES},
        "operations": {
            topic: {"action": "receive" if topic == "commands" else "send", "channel": {"$ref": f"#/channels/{topic}"}}
            for topic in _SUMMARIES
        },
        "components": {"schemas": dict(components)},
    }


def _channel(cluster: Cluster, topic: TopicName, messages: Mapping[str, Json]) -> Json:
    return {"address": cluster.topic(topic), "description": _SUMMARIES[topic], "messages": dict(messages)}


def _message(topic: TopicName, name: str, payload: Mapping[str, Any]) -> Json:
    headers = _HEADERS[topic]
    required = [one for one in headers if one not in _OPTIONAL[topic]]
    message: Json = {"name": name, "headers": {"type": "object", "properties": headers, "required": required}}
    return {**message, "payload": dict(payload)} if payload else message


def _schema(kind: type) -> Json:
    return {"$schema": DIALECT, **msgspec.json.schema(kind)}

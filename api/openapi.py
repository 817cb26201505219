"""The OpenAPI 3.1 document, made from the operations of the routes: it cannot say anything that the code does not."""

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

import falcon
import msgspec

from api.entrance.operations import Operation, operation, operations_of
from api.entrance.problems import STATUS_OF_REFUSAL, ProblemView
from api.openapi_links import links_of, operation_id
from api.openapi_webhooks import WEBHOOKS

PREFIX: Final = "/api/v1"
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_REFERENCES: Final = "#/components/schemas/{name}"

_HEADERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "Idempotency-Key": (
        "Any unique text of printable characters: the same key gets the same answer for ever.",
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": '^([!#-~][!-~]*|"[!-~]{2,})$'},
    ),
    "If-Match": (
        "The ETag last read, or its version alone; 412 when the document has changed since.",
        {"type": "string", "pattern": '^("[0-9]{1,18}(-[0-9a-f]{8})?"|[*])$'},
    ),
    "Audit-Reason": (
        "Why this is done; kept with every fact.",
        {"type": "string", "maxLength": 500, "pattern": r"^[^\x00-\x1f\x7f-\xa0\xad]*$"},
    ),
}
_AFTER: Final = (
    "A position (Izvor-Position of a command): the answer waits, bounded, until the lists have reached it.",
    {"type": "string", "pattern": "^[0-9]{1,18}$"},
)
_NONE_MATCH: Final = (
    "ETags of answers that the caller has: 304, without a body, when this would be one of them.",
    {"type": "string"},
)
_ETAG: Final = {
    "ETag": {"description": "version of the document, and what this says of it", "schema": {"type": "string"}}
}
_PREFER: Final = (
    "`respond-async`: do not wait for the answer (RFC 7240).",
    {"type": "string"},
)
_TOO_LONG: Final = {
    "414": {"description": "the first line of the request is too long: more than 8190 bytes"},
    "431": {"description": "the headers of the request are too large"},
}
"""Answered before anything is read, also without a token, and not in JSON."""


class OpenApi:
    def __init__(self, routes: Mapping[str, object]) -> None:
        self._document = msgspec.json.encode(document(routes))

    @operation(Operation(summary="This document", permission=None))
    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.content_type = falcon.MEDIA_JSON
        resp.data = self._document


def document(served: Mapping[str, object]) -> dict[str, Any]:
    """The whole document for a table of routes."""
    routes = {path.replace("{document}", "{id}"): resource for path, resource in served.items()}
    operations = [op for resource in routes.values() for op in operations_of(resource).values()]
    types = {kind for op in operations for kind in (op.body, op.answer, op.query) if kind is not None}
    ordered = sorted(types | {ProblemView}, key=lambda kind: kind.__name__)
    schemas, components = msgspec.json.schema_components(ordered, ref_template=_REFERENCES)
    named = dict(zip(ordered, schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Izvor",
            "version": version("izvor"),
            "summary": "Event-sourced invoicing",
            "description": (
                "Amounts, quantities and rates travel as text. Every write may be repeated safely with the same "
                "Idempotency-Key, also after a timeout or a 5xx, which do not mean that nothing happened. "
                "A sent invoice is never edited: credit it, with `reissue` for a corrected draft. Every answer has a "
                "`Request-Id`, which stands in the facts that it led to; a page of a list has a `Link` to the next."
                + WEBHOOKS
            ),
        },
        "paths": {path: _path(path, resource, named, components, routes) for path, resource in routes.items()},
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "authtoken": {"type": "apiKey", "in": "header", "name": "authtoken"},
            },
        },
    }


def _path(
    path: str,
    resource: object,
    named: Mapping[type, Any],
    components: Mapping[str, Any],
    routes: Mapping[str, object],
) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": "UUID or reference" if name == "id" else name.replace("_", " "),
            "schema": {"type": "string"},
        }
        for name in _PARAMETER.findall(path)
    ]
    methods = {
        method: _operation(operation_id(method, path), op, named, components)
        for method, op in operations_of(resource).items()
    }
    made = methods.get("post", {"responses": {}})["responses"].get("201")
    if made is not None and (links := links_of(path, PREFIX, routes)):
        methods["post"]["responses"]["201"] = {**made, "links": links}
    return {"parameters": parameters, **methods} if parameters else methods


def _operation(name: str, op: Operation, named: Mapping[type, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": name,
        "summary": op.summary,
        "parameters": _parameters(op, named, components),
        "responses": _responses(op, named),
    }
    if op.permission is None:
        described["security"] = []
    else:
        described["security"] = [{"token": []}, {"authtoken": []}]
    if op.body is not None:
        content = {"application/json": {"schema": named[op.body]}}
        described["requestBody"] = {"required": not op.body_optional, "content": content}
    elif op.raw_body is not None:
        described["requestBody"] = {"required": True, "content": _files(op.raw_body)}
    return described


def _parameters(op: Operation, named: Mapping[type, Any], components: Mapping[str, Any]) -> list[dict[str, Any]]:
    schema = components[named[op.query]["$ref"].rsplit("/", 1)[1]]
    required = schema.get("required", [])
    found = [
        {"name": name, "in": "query", "required": name in required, "schema": kind}
        for name, kind in schema["properties"].items()
    ]
    headers = dict(_HEADERS) if op.writes else {}
    if op.many:
        del headers["If-Match"]
        headers["Prefer"] = _PREFER
    if op.waits_for:
        headers["Izvor-After"] = _AFTER
    if op.tagged:
        headers["If-None-Match"] = _NONE_MATCH
    found += [
        {"name": name, "in": "header", "required": False, "description": text, "schema": schema}
        for name, (text, schema) in headers.items()
    ]
    return found


def _files(media_types: str) -> dict[str, Any]:
    return {media_type: {"schema": {"type": "string"}} for media_type in media_types.split(", ")}


def _responses(op: Operation, named: Mapping[type, Any]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": op.summary}
    if op.answer is not None:
        good["content"] = {op.media_type: {"schema": named[op.answer]}}
    elif op.media_type != "application/json":
        good["content"] = _files(op.media_type)
    if op.writes:
        good["headers"] = {
            "ETag": {"description": "version of the document", "schema": {"type": "string"}},
            "Izvor-Position": {"description": "position of the last fact", "schema": {"type": "integer"}},
        }
        if op.many:
            del good["headers"]["ETag"]
    elif op.tagged:
        good["headers"] = _ETAG
    statuses = {STATUS_OF_REFUSAL.get(code, 422) for code in op.refusals} | {500, 503}
    if op.permission is not None:
        statuses |= {400, 401, 403, 413, 422, 429}
    if op.writes:
        statuses |= {409, 412}
    problem = {"application/problem+json": {"schema": named[ProblemView]}}
    refused = {str(s): {"description": "a problem (RFC 9457)", "content": problem} for s in sorted(statuses)}
    if "429" in refused:
        wait = {"description": "seconds until it is worth asking again", "schema": {"type": "integer"}}
        refused["429"]["headers"] = {"Retry-After": wait}
    had = {"304": {"description": "the caller has it already", "headers": _ETAG}} if op.tagged else {}
    return {**had, **refused, **_TOO_LONG, **{str(status): good for status in sorted({op.status, *op.also})}}

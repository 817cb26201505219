"""The OpenAPI document: valid, and about the very routes that there are."""

from typing import Any

import falcon.inspect
import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.app import create_app
from api.openapi import document
from api.resources.listing import STATUSES
from api.routes import native_routes
from projections.invoice_list.query import SORTS
from tests.support.routes import NoDoors, routes

PAGES = {"/", "/docs", "/metrics", "/openapi.json"}
FREE = {"HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    doors: Any = NoDoors()
    served: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document(native_routes(doors))))
    return served


def test_it_is_valid_by_the_specification(described: dict[str, Any]) -> None:
    errors = [f"{list(error.path)}: {error.message}" for error in OpenAPIV31SpecValidator(described).iter_errors()]
    assert errors == []


def test_it_describes_every_native_route_and_method_of_the_router_and_no_other(described: dict[str, Any]) -> None:
    doors: Any = NoDoors()
    routed = {
        (route.path.replace("{document}", "{id}"), method.method)
        for route in falcon.inspect.inspect_app(create_app(doors)).routes
        for method in route.methods
        if not method.internal and method.method not in FREE
    }
    seed = {(path, method) for path, method in routed if path.startswith("/api/") and not path.startswith("/api/v1/")}
    pages = {(path, method) for path, method in routed if path in PAGES}
    said = {
        (path, method.upper())
        for path, methods in described["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert said == routed - seed - pages


def test_every_operation_has_a_name_of_its_own_and_says_what_it_is_for(described: dict[str, Any]) -> None:
    operations = [
        operation
        for methods in described["paths"].values()
        for name, operation in methods.items()
        if name != "parameters"
    ]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(operation["summary"] for operation in operations)


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name)
def test_it_says_who_must_show_a_token_and_which_headers_count(described: dict[str, Any], route: Any) -> None:
    operation = described["paths"][route.template.replace("{document}", "{id}")][route.method.lower()]
    is_open = route.operation.permission is None
    assert (operation["security"] == []) == is_open
    assert ("401" in operation["responses"]) == (not is_open)
    headers = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
    assert ({"Idempotency-Key", "Audit-Reason"} <= headers) == route.operation.writes
    assert ("Izvor-After" in headers) == bool(route.operation.waits_for)


def test_amounts_are_texts_everywhere(described: dict[str, Any]) -> None:
    """No field of any shape is a number that could lose digits."""
    for name, schema in described["components"]["schemas"].items():
        for field, kind in schema.get("properties", {}).items():
            assert "number" not in str(kind.get("type")), f"{name}.{field}"
            assert {"type": "number"} not in kind.get("anyOf", []), f"{name}.{field}"


def test_what_is_made_links_to_what_can_be_done_with_it(described: dict[str, Any]) -> None:
    def links(path: str) -> dict[str, Any]:
        found: dict[str, Any] = described["paths"][path]["post"]["responses"]["201"].get("links", {})
        return found

    sending = "post_api_v1_invoices_id_send"
    by_id = {"operationId": sending, "parameters": {"id": "$response.body#/id"}}
    assert links("/api/v1/invoices")[sending] == links("/api/v1/invoices/from-order")[sending] == by_id
    assert sending in links("/api/v1/proformas/{id}/invoice")
    (told,) = {link["parameters"]["id"] for link in links("/api/v1/invoices/{id}/credit-notes").values()}
    assert told == "$response.body#/credit_note/id"
    assert links("/api/v1/invoices/{id}/lines") == {}


def test_a_list_says_which_statuses_and_orders_it_knows(described: dict[str, Any]) -> None:
    for path in ("/api/v1/invoices", "/api/v1/exports/invoices.csv"):
        parameters = described["paths"][path]["get"]["parameters"]
        schemas = {one["name"]: one["schema"] for one in parameters}
        for name, known in (("status", STATUSES), ("sort", SORTS)):
            told = schemas[name]["anyOf"][0].get("description", "")
            assert [word for word in known if word not in told] == []

"""Links of the OpenAPI document: where the id of what was made may be used next, for those who explore."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.entrance.operations import operations_of

_ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = {
    "/invoices/from-order": ("/invoices", "/id"),
    "/proformas/{id}/invoice": ("/invoices", "/id"),
    "/invoices/{id}/payments": ("/payments", "/payments/0/payment_id"),
    "/invoices/{id}/credit-notes": ("/credit-notes", "/credit_note/id"),
}
"""What is made by a request to one path and lives under another, and where the answer has its id."""


def operation_id(method: str, path: str) -> str:
    return re.sub(r"\W+", "_", f"{method} {path}").strip("_")


def links_of(path: str, prefix: str, routes: Mapping[str, object]) -> dict[str, Any]:
    """The links of an answer to making something at `path`; none when it has no path of its own."""
    home, pointer = _ELSEWHERE.get(path.removeprefix(prefix), (path.removeprefix(prefix), "/id"))
    return dict(_links(f"{prefix}{home}", pointer, routes))


def _links(home: str, pointer: str, routes: Mapping[str, object]) -> Iterable[tuple[str, Any]]:
    if "{" in home:
        return  # a part of a document, whose answer is the document
    for path, resource in routes.items():
        used = re.fullmatch(rf"{re.escape(home)}/\{{(\w+)\}}(/[\w/-]+)?", path)
        for method in operations_of(resource) if used else ():
            name = operation_id(method, path)
            parameters = {used[1]: f"$response.body#{pointer}"} if used else {}
            yield name, {"operationId": name, "parameters": parameters}

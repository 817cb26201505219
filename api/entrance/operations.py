"""Operations: what a route's method takes, gives and demands, said once beside its code.

The gate reads it to authorise and to parse; the OpenAPI document is made from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from msgspec import Struct

from api.entrance.access import Permission

F = TypeVar("F", bound=Callable[..., None])

_MARK: Final = "izvor_operation"


class NoQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A route without parameters in its query string."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`permission` None means open to everybody; `answer` None means no JSON body."""

    summary: str
    permission: Permission | None
    body: type[Struct] | None = None
    body_optional: bool = False
    query: type[Struct] = NoQuery
    answer: type[Struct] | None = None
    status: int = 200
    also: tuple[int, ...] = ()
    """Other statuses with the same answer."""
    raw_body: str | None = None
    """Media type (or several: `image/png, image/jpeg`) of a body that is not JSON: the resource gets its bytes."""
    media_type: str = "application/json"
    """Of the answer; a file may have several too."""
    refusals: tuple[str, ...] = ()
    writes: bool = False
    many: bool = False
    """It writes to many documents: there is no one version to match or to tell."""
    tagged: bool = False
    """Its answer has an ETag, and 304 says that the caller has it already (`If-None-Match`)."""
    waits_for: tuple[str, ...] = ()
    """Read models that must have reached `Izvor-After` before the method runs."""


def operation(description: Operation) -> Callable[[F], F]:
    def mark(responder: F) -> F:
        setattr(responder, _MARK, description)
        return responder

    return mark


def operation_of(resource: object, method: str) -> Operation | None:
    """The operation behind a method of a resource; None when there is none."""
    responder = getattr(resource, f"on_{method.lower()}", None)
    return cast("Operation | None", getattr(responder, _MARK, None))


def operations_of(resource: object) -> dict[str, Operation]:
    methods = ("get", "post", "put", "patch", "delete")
    found: dict[str, Any] = {method: operation_of(resource, method) for method in methods}
    return {method: op for method, op in found.items() if op is not None}

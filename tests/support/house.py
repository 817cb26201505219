"""A whole house for tests of the doors: the API on a real database, read models kept up to date, companies in it.

Every test registers a company of its own, so that many share one database without seeing each other.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Event, Thread
from typing import Any, Final
from uuid import uuid4

import orjson
import psycopg
from falcon.testing import Result, TestClient

from api.entrance import tokens
from api.entrance.access import ROLES, Compat, Role
from api.wiring import wire
from deploy.first_start import operator_context
from deploy.roles import ONE, acting_as
from invoicing_domain.clock import SystemClock
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.organization.commands import RegisterOrganization
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.party import Address
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from projections.runner import Runner
from tests.support import days
from tests.support.contract import Contract

API: Final = "/api/v1"

_names = itertools.count(1)


@dataclass
class House:
    """An API and its database; `database` may lead through something that fails."""

    database: str
    client: TestClient
    ledger: Ledger
    contract: Contract

    def company(self, **profile: Any) -> "Company":
        """A new organization with a token for every role."""
        organization_id = StreamId(str(uuid4()))
        given = {
            "name": f"Izvor Demo {next(_names)} SRL",
            "tax_id": "RO14399840",
            "ibans": ("RO49AAAA1B31007593840000",),
            "address": Address(street="Str. Izvorului 1", city="Cluj-Napoca", county="RO-CJ", postal_code="400001"),
            **profile,
        }
        command = RegisterOrganization(organization_id=organization_id, profile=OrganizationProfile(**given))
        InvoicingService(self.ledger).execute(command, operator_context(organization_id))
        people = {role: self.person(organization_id, role) for role in ROLES}
        return Company(self, organization_id, people)

    def token(
        self, organization_id: str, role: Role, *, valid_days: int | None = None, compat: Compat | None = None
    ) -> str:
        with psycopg.connect(self.database, autocommit=True) as connection:
            return tokens.create(
                connection,
                organization_id=organization_id,
                role=role,
                name=f"the {role}",
                now=SystemClock().now(),
                valid_days=valid_days,
                compat=compat,
            )

    def person(self, organization_id: str, role: Role) -> "Person":
        return self.visitor({"Authorization": f"Bearer {self.token(organization_id, role)}"})

    def visitor(self, headers: dict[str, str] | None = None) -> "Person":
        """Somebody with these headers, or none."""
        return Person(self.client, self.contract, headers or {})

    def facts(self) -> int:
        """How many facts there are in the whole house."""
        with psycopg.connect(self.database) as connection:
            row = connection.execute("SELECT count(*) FROM izvor.events").fetchone()
        assert row is not None
        return int(row[0])


@dataclass(frozen=True)
class Person:
    """Somebody who calls the API with the same headers every time, and holds every answer against its contract."""

    client: TestClient
    contract: Contract
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        query: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Result:
        content = raw if raw is not None else (None if body is None else orjson.dumps(body))
        whole = path if path.startswith(("/api", "/health", "/openapi", "/docs")) or path == "/" else f"{API}{path}"
        result = self.client.simulate_request(
            method,
            whole,
            body=content,
            query_string=query,
            headers={"Content-Type": "application/json", **self.headers, **(headers or {})},
        )
        self.contract.check(method, whole, content, result)
        return result

    def get(self, path: str, query: str | None = None, **headers: str) -> Result:
        return self.ask("GET", path, query=query, headers=named(headers))

    def post(self, path: str, body: object = None, **headers: str) -> Result:
        return self.ask("POST", path, body, headers=named(headers))

    def patch(self, path: str, body: object = None, **headers: str) -> Result:
        return self.ask("PATCH", path, body, headers=named(headers))

    def put(self, path: str, body: object = None, **headers: str) -> Result:
        return self.ask("PUT", path, body, headers=named(headers))

    def delete(self, path: str, **headers: str) -> Result:
        return self.ask("DELETE", path, headers=named(headers))


_HEADERS: Final = {
    "key": "Idempotency-Key",
    "match": "If-Match",
    "after": "Izvor-After",
    "reason": "Audit-Reason",
}


def named(headers: dict[str, str]) -> dict[str, str]:
    return {_HEADERS[name]: value for name, value in headers.items()}


@dataclass(frozen=True)
class Company:
    """An organization as its admin sees it, with shortcuts for what most tests need first."""

    house: House
    organization_id: str
    people: dict[Role, Person]
    today: date = field(default_factory=days.today)
    """The same for as long as a test lives, also where others have the company in common."""

    @property
    def admin(self) -> Person:
        return self.people["admin"]

    def days_ago(self, days: int) -> str:
        return (self.today - timedelta(days=days)).isoformat()

    def customer(self, name: str = "Atelierul Ștefănescu SRL", **more: Any) -> dict[str, Any]:
        return good(self.admin.post("/customers", {"name": name, **more}), 201)

    def draft(self, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
        body: dict[str, Any] = {"lines": list(lines) or [line()], **more}
        if "customer" not in body and "customer_id" not in body:
            body["customer"] = {"name": "Atelierul Ștefănescu SRL", "tax_id": "RO18547290", "email": "a@example.ro"}
        return good(self.admin.post("/invoices", body), 201)

    def sent(self, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
        return good(self.admin.post(f"/invoices/{self.draft(*lines, **more)['id']}/send"))

    def pay(self, invoice: dict[str, Any], amount: str, on: str | None = None) -> dict[str, Any]:
        body = {"amount": amount, "date": on or self.today.isoformat(), "method": "bank_transfer", "reference": "OP 12"}
        return good(self.admin.post(f"/invoices/{invoice['id']}/payments", body), 201)

    def credit(self, invoice: dict[str, Any], **more: Any) -> dict[str, Any]:
        body = {"full": True, "reason": "wrong price", **more}
        return good(self.admin.post(f"/invoices/{invoice['id']}/credit-notes", body), 201)


def line(quantity: str = "2", unit_price: str = "100.00", rate: str = "21", **more: Any) -> dict[str, Any]:
    """A line; as it stands, 242.00 with VAT."""
    return {
        "description": "Consultanță tehnică",
        "quantity": quantity,
        "unit_price": unit_price,
        "vat": {"category": "S", "rate": rate},
        **more,
    }


def good(result: Result, status: int = 200) -> dict[str, Any]:
    """The body of an answer that must be of this status."""
    assert result.status_code == status, f"{result.status_code}: {result.text}"
    body: dict[str, Any] = result.json
    return body


def refused(result: Result, status: int, code: str, pointer: str | None = None) -> dict[str, Any]:
    """The problem in an answer, checked in its general form too."""
    assert result.status_code == status, f"{result.status_code}: {result.text}"
    assert result.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = result.json
    assert problem["status"] == status
    assert problem["code"] == code, problem
    assert problem["type"] == f"urn:izvor:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == result.headers["request-id"]
    if pointer is not None:
        assert [error["pointer"] for error in problem["errors"]] == [pointer], problem
    return problem


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@contextmanager
def open_house(
    database: str, *, through: str | None = None, projecting: bool = True, **options: Any
) -> Iterator[House]:
    """The API wired on a database (or `through` another way to it), and a runner that follows it in a thread."""
    stop = Event()
    runner = Thread(target=Runner(database).run, args=(stop,))
    api = wire(acting_as(through or database, ONE), **options)
    ledger = Ledger(database)
    if projecting:
        runner.start()
    try:
        client = TestClient(api.app)
        yield House(database, client, ledger, Contract(client.simulate_get("/openapi.json").json))
    finally:
        stop.set()
        if projecting:
            runner.join()
        ledger.close()
        api.close()

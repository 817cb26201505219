"""A client of the old dialect, as its users wrote them: forms with bracket keys, and the header `authtoken`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson
from falcon.testing import Result, TestClient

from tests.support.house import Company, House

BOUNDARY = "----izvor"

FORM: Mapping[str, str] = {
    "currency": "1",
    "date": "2026-11-02",
    "billing_street": "Str. Fabricii 12",
    "allowed_payment_modes[0]": "1",
    "newitems[0][description]": "Consultanță tehnică",
    "newitems[0][qty]": "2",
    "newitems[0][rate]": "100.00",
    "newitems[0][taxname][]": "TVA|21.00",
}
"""An invoice of 242.00, but for `clientid`."""


@dataclass(frozen=True)
class OldClient:
    client: TestClient
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        method: str,
        path: str,
        raw: bytes | None = None,
        kind: str | None = None,
        query: str | None = None,
        **headers: str,
    ) -> Result:
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if kind is not None:
            sent["Content-Type"] = kind
        return self.client.simulate_request(method, f"/api{path}", body=raw, query_string=query, headers=sent)

    def get(self, path: str, query: str | None = None, **headers: str) -> Result:
        return self.ask("GET", path, None, None, query, **headers)

    def delete(self, path: str, **headers: str) -> Result:
        return self.ask("DELETE", path, None, None, None, **headers)

    def form(self, method: str, path: str, fields: Mapping[str, str], **headers: str) -> Result:
        return self.ask(method, path, urlencoded(fields), "application/x-www-form-urlencoded", None, **headers)

    def multipart(self, method: str, path: str, fields: Mapping[str, str], **headers: str) -> Result:
        return self.ask(method, path, multipart(fields), f"multipart/form-data; boundary={BOUNDARY}", None, **headers)

    def json(self, method: str, path: str, body: object, **headers: str) -> Result:
        return self.ask(method, path, orjson.dumps(body), "application/json", None, **headers)


def urlencoded(fields: Mapping[str, str]) -> bytes:
    return urlencode(fields).encode()


def multipart(fields: Mapping[str, str]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


@dataclass(frozen=True)
class OldCompany:
    """A company whose clients speak the old dialect; it has one customer to begin with."""

    company: Company
    clientid: str

    def person(self, role: str = "clerk") -> OldClient:
        person = self.company.people[role]  # type: ignore[index]  # a role
        token = person.headers["Authorization"].removeprefix("Bearer ")
        return OldClient(person.client, {"authtoken": token})

    def compatible(self) -> OldClient:
        """A clerk whose client expects the codes of the original's code."""
        house = self.company.house
        token = house.token(self.company.organization_id, "clerk", compat="perfex")
        return OldClient(house.client, {"authtoken": token})

    @property
    def clerk(self) -> OldClient:
        return self.person()

    def fields(self, **changes: str) -> dict[str, str]:
        return {**FORM, "clientid": self.clientid, **changes}

    def add(self, **changes: str) -> int:
        """Add an invoice; its id."""
        added = self.clerk.form("POST", "/invoices", self.fields(**changes))
        assert added.status_code == 201, added.text
        record_id: int = added.json["record_id"]
        return record_id

    def one(self, record_id: int) -> dict[str, Any]:
        found = self.clerk.get(f"/invoices/{record_id}")
        assert found.status_code == 200, found.text
        row: dict[str, Any] = found.json
        return row


def old_company(house: House, **profile: Any) -> OldCompany:
    """A new company with its one customer."""
    company = house.company(**profile)
    customer = company.customer(
        "Atelierul Ștefănescu SRL",
        tax_id="RO18547290",
        email="contabilitate@stefanescu.example",
        phone="+40 264 123 456",
        address={"street": "Str. Lungă 3", "city": "Turda", "county": "RO-CJ", "postal_code": "401001"},
    )
    return OldCompany(company, str(customer["reference"]))


def refused(result: Result, status: int, field_name: str | None = None) -> dict[str, Any]:
    """The body of a refusal, checked in its general form; `field_name` is the key that it names."""
    assert result.status_code == status, f"{result.status_code}: {result.text}"
    assert result.headers["content-type"] == "application/json"
    body: dict[str, Any] = result.json
    assert body["status"] is False
    assert body["message"]
    if field_name is not None:
        assert list(body["error"]) == [field_name], body
    return body

"""A seller seen from outside: an organization of its own on a running stack, and HTTP in its name."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

import httpx

from tests.support.stack import Stack, one, read_after

API = "/api/v1"
BUCHAREST = ZoneInfo("Europe/Bucharest")

T = TypeVar("T")


class Seller:
    """Speaks HTTP with one token. Reads wait for everything that this seller was told before."""

    def __init__(self, stack: Stack, client: httpx.Client, organization_id: str) -> None:
        self.stack = stack
        self.client = client
        self.organization_id = organization_id
        self._position = 0

    @classmethod
    @contextmanager
    def registered(cls, stack: Stack, name: str, *options: str) -> Iterator[Self]:
        """A new organization, made at the keyboard as an operator does it."""
        made = stack.izvor("organization", "create", "--name", name, "--tax-id", "RO14399840", *options)
        assert made.returncode == 0, made.stderr
        organization_id = made.stdout.split()[-1]
        token = stack.izvor("token", "create", "--role", "admin", "--organization", organization_id)
        assert token.returncode == 0, token.stderr
        with stack.client(token.stdout.split()[-1]) as client:
            yield cls(stack, client, organization_id)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """One request, whatever the answer."""
        answer = self.client.request(method, f"{API}{path}", json=body, headers=headers)
        self._position = max(self._position, int(answer.headers.get("izvor-position", 0)))
        return answer

    def post(self, path: str, body: object = None, status: int = 201) -> Any:
        return one(self.ask("POST", path, body), status)

    def read(self, path: str, status: int = 200, /, **query: object) -> Any:
        return one(self.fetch(path, **query), status)

    def fetch(self, path: str, **query: object) -> httpx.Response:
        params = {name.rstrip("_"): str(value) for name, value in query.items()}
        return read_after(self.client, self._position, f"{API}{path}", **params)

    def refused(self, method: str, path: str, body: object, status: int, code: str) -> Any:
        problem = one(self.ask(method, path, body), status)
        assert problem["code"] == code, problem
        return problem

    def all_pages(self, path: str, **query: object) -> list[Any]:
        """A whole list, page after page."""
        page = self.read(path, **query)
        found = list(page["data"])
        while page["has_more"]:
            page = self.read(path, **query, after=page["next"])
            found += page["data"]
        return found

    @property
    def today(self) -> date:
        now = datetime.fromisoformat(self.read("/test-clock")["now"])
        return now.astimezone(BUCHAREST).date()

    def day(self, days: int) -> str:
        """The day so many days from today."""
        return (self.today + timedelta(days=days)).isoformat()

    def live_until(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """Wind the clock of the whole stack to an hour of that day in Bucharest."""
        moment = datetime.combine(day, time(hour, minute), BUCHAREST).astimezone(UTC)
        one(self.ask("PUT", "/test-clock", {"now": moment.isoformat()}))

    def customer(self, name: str = "Atelierul Ștefănescu SRL", **more: Any) -> Any:
        return self.post("/customers", {"name": name, **more})

    def draft(self, *lines: dict[str, Any], **more: Any) -> Any:
        buyer = {} if "customer_id" in more else {"customer": {"name": "Atelierul Ștefănescu SRL"}}
        return self.post("/invoices", {"lines": list(lines) or [line()], **buyer, **more})

    def sent(self, *lines: dict[str, Any], **more: Any) -> Any:
        return self.send(self.draft(*lines, **more))

    def send(self, draft: Any, **how: Any) -> Any:
        return self.post(f"/invoices/{draft['id']}/send", how or None, 200)

    def pay(self, invoice: Any, amount: str, on: str | None = None, **more: Any) -> Any:
        body = {"amount": amount, "date": on or self.day(0), **more}
        return self.post(f"/invoices/{invoice['id']}/payments", body)

    def credit(self, invoice: Any, **more: Any) -> Any:
        return self.post(
            f"/invoices/{invoice['id']}/credit-notes", {"reason": "preț greșit", **(more or {"full": True})}
        )

    def invoice(self, invoice: Any, **query: object) -> Any:
        return self.read(f"/invoices/{invoice['id']}", **query)

    def history(self, invoice: Any) -> list[Any]:
        found: list[Any] = self.read(f"/invoices/{invoice['id']}/history")["data"]
        return found

    def at_once(self, act: Callable[[Any], T], inputs: Iterable[Any], hands: int = 16) -> list[T]:
        """The same deed by many hands at the same time."""
        with ThreadPoolExecutor(hands) as pool:
            return list(pool.map(act, inputs))


def line(quantity: str = "2", unit_price: str = "100.00", rate: str = "21", **more: Any) -> dict[str, Any]:
    """A line; as it stands, 242.00 with VAT."""
    return {
        "description": "Consultanță tehnică",
        "quantity": quantity,
        "unit_price": unit_price,
        "vat": {"category": "S", "rate": rate},
        **more,
    }


def rates(*days: tuple[str, str]) -> bytes:
    """Rates of the euro, as BNR writes them."""
    cubes = "".join(f'<Cube date="{day}"><Rate currency="EUR">{rate}</Rate></Cube>' for day, rate in days)
    return f"<DataSet><Body><OrigCurrency>RON</OrigCurrency>{cubes}</Body></DataSet>".encode()

"""Every native route and method of the API as the router knows them, with something to send to each."""

from dataclasses import dataclass
from typing import Any

from api.entrance.operations import Operation, operations_of
from api.routes import PREFIX, native_routes
from tests.support.house import Company, line


@dataclass(frozen=True)
class Route:
    method: str
    template: str
    operation: Operation

    @property
    def name(self) -> str:
        return f"{self.method} {self.template.removeprefix(PREFIX)}"

    @property
    def kind(self) -> str:
        """What `{document}` stands for: invoices, payments, customers or credit-notes."""
        return self.template.removeprefix(PREFIX).split("/")[1]

    def path(self, document: str) -> str:
        return (
            self.template.replace("{document}", document)
            .replace("{line_id}", "1")
            .replace("{series}", document)
            .replace("{delivery}", document)
        )


class NoDoors:
    """Enough of the doors to list the routes, the sandbox's among them: whatever is asked for, there is one."""

    def __getattr__(self, _: str) -> "NoDoors":
        return self


def routes() -> list[Route]:
    doors: Any = NoDoors()
    return [
        Route(method.upper(), template, operation)
        for template, resource in native_routes(doors).items()
        for method, operation in operations_of(resource).items()
    ]


def bodies(company: Company, *, customer_id: str, invoice_id: str) -> dict[str, object]:
    """A good body for every method that takes one, by the name of its route."""
    today = company.today.isoformat()
    return {
        "POST /customers": {"name": "Ana"},
        "PATCH /customers/{document}": {"name": "Ana"},
        "POST /customers/{document}/erasure": {"reason": "x"},
        "POST /invoices": {"customer_id": customer_id, "lines": [line()]},
        "PATCH /invoices/{document}": {"notes": "x"},
        "POST /invoices/{document}/lines": line(),
        "PATCH /invoices/{document}/lines/{line_id}": {"quantity": "5"},
        "POST /invoices/{document}/send": {"deliver": "none"},
        "POST /invoices/{document}/payments": {"amount": "1.00", "date": today},
        "POST /invoices/{document}/credit-notes": {"full": True, "reason": "x"},
        "PUT /invoices/{document}/reminders/hold": {"reason": "x"},
        "POST /payments": {
            "customer_id": customer_id,
            "amount": "1.00",
            "date": today,
            "allocations": [{"invoice_id": invoice_id}],
        },
        "POST /payments/{document}/allocations": {"date": today, "allocations": [{"invoice_id": invoice_id}]},
        "POST /payments/{document}/reversal": {"date": today, "reason": "x"},
        "POST /payments/{document}/deallocations": {
            "date": today,
            "reason": "x",
            "allocations": [{"invoice_id": invoice_id}],
        },
        "POST /payments/{document}/refunds": {"date": today, "reason": "x"},
        "POST /credit-notes/{document}/applications": {"date": today, "allocations": [{"invoice_id": invoice_id}]},
        "POST /credit-notes/{document}/deallocations": {
            "date": today,
            "reason": "x",
            "allocations": [{"invoice_id": invoice_id}],
        },
        "POST /credit-notes/{document}/refunds": {"date": today, "reason": "x"},
        "POST /invoices/{document}/cancel": {"reason": "x"},
        "POST /invoices/{document}/due-date": {"due_date": company.days_ago(-60), "reason": "x"},
        "POST /invoices/{document}/notes": {"text": "x"},
        "POST /proformas/{document}/send": {},
        "POST /proformas/{document}/cancel": {"reason": "x"},
        "PATCH /recurring-invoices/{document}": {"name": "x"},
        "POST /recurring-invoices/{document}/pause": {"reason": "x"},
        "POST /recurring-invoices/{document}/resume": {"reason": "x"},
        "PATCH /webhook-endpoints/{document}": {"description": "x"},
        "PATCH /organization": {"name": "Ana SRL"},
        "PUT /test-clock": {"now": "2100-01-01T00:00:00Z"},
    }

"""A sandbox: the user moves the clock, days pass for all processes, and reminders appear as files."""

from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import httpx

from invoicing_domain.clock import SystemClock
from tests.support.processes import wait_until
from tests.support.stack import Stack, one, quiet_port

LINE = {"description": "Abonament", "quantity": "1", "unit_price": "100.00", "vat": {"rate": "21"}}


def sent(client: httpx.Client, email: str, terms: int) -> Any:
    body = {"customer": {"name": "Datornic SRL", "email": email}, "payment_terms_days": terms, "lines": [LINE]}
    draft = one(client.post("/api/v1/invoices", json=body), 201)
    return one(client.post(f"/api/v1/invoices/{draft['id']}/send"))


def steps(client: httpx.Client, invoice: Any) -> list[int]:
    reminders = one(client.get(f"/api/v1/invoices/{invoice['id']}"))["reminders"]
    return [reminder["step"] for reminder in reminders]


def receivers(stack: Stack) -> list[str]:
    mails = [path.read_bytes() for path in (stack.data / "outbox").glob("*.eml")]
    addresses = [message_from_bytes(mail, policy=policy.default)["To"].addresses for mail in mails]
    return sorted(address.addr_spec for one_mail in addresses for address in one_mail)


def test_reminders_come_once_a_step_and_stop_with_the_payment(tmp_path: Path) -> None:
    start = datetime.combine((SystemClock().now() + timedelta(days=1)).date(), time(9), UTC)
    with Stack(tmp_path, quiet_port(), "--test-clock") as stack, stack.client() as client:

        def live_until(day: int, hour: int = 9) -> None:
            now = start + timedelta(days=day, hours=hour - 9)
            one(client.put("/api/v1/test-clock", json={"now": now.isoformat()}))

        live_until(0)
        silent = sent(client, "silent@example.com", 10)
        paying = sent(client, "paying@example.com", 10)
        later = sent(client, "later@example.com", 11)
        assert silent["due_date"] == (start + timedelta(days=10)).date().isoformat()

        live_until(17)
        wait_until(lambda: steps(client, silent) == steps(client, paying) == [7])
        live_until(18)
        wait_until(lambda: steps(client, later) == [7])
        live_until(24)
        wait_until(lambda: steps(client, silent) == steps(client, paying) == [7, 14])
        payment = {"amount": "121.00", "date": (start + timedelta(days=24)).date().isoformat()}
        paid = one(client.post(f"/api/v1/invoices/{paying['id']}/payments", json=payment), 201)
        assert paid["status"] == "paid"
        live_until(25)
        wait_until(lambda: steps(client, later) == [7, 14])
        live_until(40)
        wait_until(lambda: steps(client, silent) == [7, 14, 30])
        live_until(41)  # the pass that reminds of the later one began when the pass before it had looked at all
        wait_until(lambda: steps(client, later) == [7, 14, 30])

        refused = client.put("/api/v1/test-clock", json={"now": start.isoformat()})
        assert one(refused, 409)["code"] == "clock_backwards"
        assert steps(client, paying) == [7, 14]
        assert stack.stop() == 0
        assert receivers(stack) == ["later@example.com"] * 3 + ["paying@example.com"] * 2 + ["silent@example.com"] * 3

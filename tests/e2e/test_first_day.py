"""A stranger's first day: `izvor up` in an empty folder, then HTTP only, from draft to paid."""

import stat
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.days import today
from tests.support.processes import is_alive, wait_until
from tests.support.stack import Stack, lines, one, quiet_port, read_after

PAPER = "invoice.document_produced"
"""A worker makes it beside what people do, sooner or later."""
LINE = {"description": "Consultanță", "quantity": "2", "unit_price": "100.00", "vat": {"rate": "21"}}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("first day"), quiet_port()) as running:
        yield running


@pytest.fixture
def client(stack: Stack) -> Iterator[httpx.Client]:
    with stack.client() as opened:
        yield opened


def sent(client: httpx.Client, name: str, *invoice_lines: Any) -> Any:
    body = {"customer": {"name": name}, "lines": list(invoice_lines or [LINE])}
    draft = one(client.post("/api/v1/invoices", json=body), 201)
    return one(client.post(f"/api/v1/invoices/{draft['id']}/send"))


def pay(client: httpx.Client, invoice: Any, amount: str, status: int = 201) -> Any:
    body = {"amount": amount, "date": today().isoformat(), "method": "bank_transfer", "reference": "OP 12"}
    return one(client.post(f"/api/v1/invoices/{invoice['id']}/payments", json=body), status)


def test_the_start_says_where_things_are_and_keeps_the_token_for_its_owner(stack: Stack) -> None:
    wait_until(lambda: "Stop   Ctrl-C" in stack.log.read_text())
    said = stack.log.read_text()
    assert "Izvor is ready" in said
    assert f"starting PostgreSQL in {stack.data}/postgres\n" in said
    assert stack.url in said
    assert stack.token in said
    assert stat.S_IMODE((stack.data / "admin.token").stat().st_mode) == 0o600
    assert stat.S_IMODE((stack.data / "secret.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_browser_finds_its_way(stack: Stack, path: str) -> None:
    page = httpx.get(f"{stack.url}{path}", trust_env=False, timeout=30)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "/openapi.json" in page.text


def test_machines_find_the_description_and_the_health(stack: Stack) -> None:
    with httpx.Client(base_url=stack.url, trust_env=False, timeout=30) as anybody:
        assert one(anybody.get("/openapi.json"))["openapi"].startswith("3.")
        assert one(anybody.get("/health/live"))["status"] == "ok"
        checks = one(anybody.get("/health/ready"))["checks"]
        assert checks == dict.fromkeys(("doors", "store", "schema", "projections"), "ok")


def test_without_a_token_nothing_is_told(stack: Stack) -> None:
    answer = httpx.get(f"{stack.url}/api/v1/invoices", trust_env=False, timeout=30)
    assert one(answer, 401)["code"] == "unauthorized"


def test_an_invoice_lives_from_draft_to_paid(stack: Stack, client: httpx.Client) -> None:
    body = {"customer": {"name": "Atelierul de Mobilă Turda SRL", "tax_id": "RO18547290"}, "lines": [LINE]}
    created = client.post("/api/v1/invoices", json=body)
    draft = one(created, 201)
    assert created.headers["location"] == f"/api/v1/invoices/{draft['id']}"
    assert (draft["status"], draft["number"], draft["totals"]["gross"]) == ("draft", None, "242.00")
    more = {**LINE, "description": "Montaj", "quantity": "1.5", "unit_price": "40.00"}
    draft = one(client.post(f"/api/v1/invoices/{draft['reference']}/lines", json=more), 201)
    assert draft["totals"]["gross"] == "314.60"
    invoice = one(client.post(f"/api/v1/invoices/{draft['id']}/send"))
    assert (invoice["status"], invoice["number"][:3], len(invoice["number"])) == ("sent", "IZV", 9)
    assert one(client.patch(f"/api/v1/invoices/{invoice['id']}", json={"notes": "x"}), 409)["code"] == (
        "invoice_already_sent"
    )
    part = pay(client, invoice, "100.00")
    assert (part["status"], part["totals"]["balance"]) == ("partially_paid", "214.60")
    rest = pay(client, invoice, "214.60")
    assert (rest["status"], rest["totals"]["balance"]) == ("paid", "0.00")
    history = one(client.get(f"/api/v1/invoices/{invoice['id']}/history"))["data"]
    kinds = [entry["type"] for entry in history if entry["type"] != PAPER]
    assert kinds == ["invoice.drafted", "invoice.line_added", "invoice.line_added", "invoice.sent"] + 2 * [
        "invoice.payment_received"
    ]
    told = lines(stack.izvor("replay", invoice["number"], "--json").stdout)
    states = [entry["state"]["status"] for entry in told if not entry["type"].startswith(PAPER)]
    assert states == 3 * ["draft"] + ["sent", "partially_paid", "paid"]


def test_a_credit_note_takes_back_and_starts_again(client: httpx.Client) -> None:
    invoice = sent(client, "Construct Țărm SA")
    body = {"full": True, "reason": "Cantitate greșită", "reissue": True}
    answer = one(client.post(f"/api/v1/invoices/{invoice['id']}/credit-notes", json=body), 201)
    assert answer["credit_note"]["number"].startswith("IZC")
    assert answer["invoice"]["status"] == "credited"
    assert answer["reissued"]["status"] == "draft"
    assert one(client.get(f"/api/v1/credit-notes/{answer['credit_note']['id']}"))["number"].startswith("IZC")


def test_lists_and_reports_show_what_was_just_done(client: httpx.Client) -> None:
    invoice = sent(client, "Brutăria Țăndărică")
    body = {"amount": "42.00", "date": today().isoformat(), "reference": "OP 77"}
    paid = client.post(f"/api/v1/invoices/{invoice['id']}/payments", json=body)
    position = paid.headers["izvor-position"]
    found = one(read_after(client, position, "/api/v1/invoices", q="tandarica"))["data"]
    assert [(row["number"], row["status"]) for row in found] == [(invoice["number"], "partially_paid")]
    aging = one(read_after(client, position, "/api/v1/reports/aging"))
    row = next(row for row in aging["rows"] if row["customer_name"] == "Brutăria Țăndărică")
    assert (row["not_due"], row["balance"]) == ("200.00", "200.00")


def test_the_old_dialect_takes_a_form_and_finds_it_again(client: httpx.Client, stack: Stack) -> None:
    customer = one(client.post("/api/v1/customers", json={"name": "Vechi Client SRL", "kind": "business"}), 201)
    form = {
        "clientid": str(customer["reference"]),
        "number": "000777",
        "date": today().isoformat(),
        "currency": "1",
        "newitems[0][description]": "Produs vechi",
        "newitems[0][qty]": "1",
        "newitems[0][rate]": "100.00",
        "newitems[0][taxname][]": "TVA|21.00",
        "subtotal": "100.00",
        "total": "121.00",
        "billing_street": "Str. Lungă 1",
        "allowed_payment_modes[0]": "1",
    }
    with httpx.Client(base_url=stack.url, headers={"authtoken": stack.token}, trust_env=False, timeout=30) as old:
        created = one(old.post("/api/invoices", data=form), 201)
        assert created["status"] is True
        one(old.get(f"/api/invoices/{created['record_id']}"))
        found = one(old.get("/api/invoices/search/Vechi"))
        assert str(created["record_id"]) in {str(row["id"]) for row in found}


def test_it_stops_in_order_and_goes_on_with_the_same_token_and_numbers(stack: Stack) -> None:
    with stack.client() as client:
        before = sent(client, "Ultimul Client SRL")
    token, running = stack.token, stack.processes()
    assert stack.stop() == 0
    assert [pid for pid in running if is_alive(pid)] == []
    assert stack.left_behind() == []
    assert stack.izvor("check").returncode == 0  # starts the database for the moment
    assert stack.left_behind() == []
    stack.start()
    assert stack.token == token
    with stack.client() as client:
        assert one(client.get(f"/api/v1/invoices/{before['id']}"))["number"] == before["number"]
        after = sent(client, "Primul Client SRL")
    assert int(after["number"][3:]) == int(before["number"][3:]) + 1

"""Erasing a customer: what is gone everywhere, what the law keeps, and what goes on working."""

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql

from api import doors
from deploy.first_start import operator_context
from deploy.postgres.embedded import EmbeddedPostgres, wheel_binaries
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.commands import RecordReminder
from invoicing_domain.service import InvoicingService
from projections.catalogue import MODELS
from projections.check import check
from projections.rebuild import rebuild
from projections.runner import Runner
from tests.support.databases import fresh_database
from tests.support.house import Company, House, good, line, open_house, refused

ERASED: Final = "[erased]"

PERSON: Final = {
    "name": "Ileana Cosânzeana",
    "kind": "person",
    "tax_id": "2960707120012",
    "email": "ileana@zmeu.example",
    "phone": "+40 722 111 222",
    "contact_name": "Făt-Frumos",
    "ibans": ["RO66BACX0000001234567890"],
    "identifier": "CLI-ILEANA-7",
    "address": {"street": "Aleea Mărului de Aur 3", "city": "Brașov", "county": "RO-BV", "postal_code": "500123"},
}
OF_PERSON: Final = ("ileana@zmeu", "722 111 222", "Frumos", "RO66BACX0000001234567890")
IDENTITY: Final = ("Cosânzeana", "2960707120012", "Mărului", "CLI-ILEANA")
BUSINESS: Final = {
    "name": "Zmeul Zmeilor SRL",
    "tax_id": "RO18547290",
    "email": "zmeu@taramul.example",
    "phone": "+40 733 444 555",
    "contact_name": "Muma Pădurii",
    "address": {"street": "Str. Peșterii 9", "city": "Turda", "county": "RO-CJ", "postal_code": "401001"},
}
OF_BUSINESS: Final = ("zmeu@taramul", "733 444 555", "Pădurii")

REASON: Final = {"reason": "asked for on 2026-11-20"}
KEEPING_WHO_IT_IS: Final = {
    *("invoice_list", "invoice_detail", "invoice_search", "invoice_word", "credit_note_list"),
    *("receivable_document", "receivable_movement"),
}


@pytest.fixture
def alone(template: EmbeddedPostgres) -> Iterator[House]:
    """A house in which nobody else's facts are."""
    with fresh_database(template) as database, open_house(database) as running:
        yield running


def erase(company: Company, customer: dict[str, Any], **headers: str) -> dict[str, Any]:
    return good(company.admin.post(f"/customers/{customer['id']}/erasure", REASON, **headers))


def live_a_life(company: Company, customer: dict[str, Any]) -> dict[str, Any]:
    """Every kind of document, each asked for under a key; returns the invoice that was sent."""
    admin, buyer = company.admin, {"customer_id": customer["id"], "lines": [line()]}
    name = customer["reference"]
    draft = good(admin.post("/invoices", buyer, key=f"draft-{name}"), 201)
    good(admin.patch(f"/invoices/{draft['id']}", {"notes": "la termen"}, key=f"patch-{name}"))
    invoice = good(admin.post("/invoices", {**buyer, "issue_date": company.today.isoformat()}), 201)
    sent = good(admin.post(f"/invoices/{invoice['id']}/send", {}, key=f"send-{name}"))
    payment = {
        "customer_id": customer["id"],
        "amount": "50.00",
        "currency": "RON",
        "date": company.today.isoformat(),
        "method": "bank_transfer",
        "reference": "OP 7",
        "allocations": [{"invoice_id": sent["id"], "amount": "40.00"}],
    }
    good(admin.post("/payments", payment, key=f"payment-{name}"), 201)
    good(admin.post("/proformas", buyer, key=f"proforma-{name}"), 201)
    plan = {**buyer, "name": "abonament", "rhythm": {"unit": "month", "starts_on": company.today.isoformat()}}
    good(admin.post("/recurring-invoices", plan, key=f"plan-{name}"), 201)
    company.credit(sent, full=False, lines=[{"line_id": sent["lines"][0]["id"], "quantity": "1"}])
    remind(company, sent["id"], customer["email"])
    return sent


def remind(company: Company, invoice_id: str, to: str) -> None:
    command = RecordReminder(invoice_id=StreamId(invoice_id), step=7, date=date(2026, 12, 1), to=to, message_id="<m>")
    InvoicingService(company.house.ledger).execute(command, operator_context(company.organization_id))


def wait_for_lists(company: Company, position: int) -> None:
    for path in ("/customers", "/invoices", "/payments", "/proformas", "/recurring-invoices"):
        good(company.admin.get(path, after=str(position)))


def dump(database: str) -> str:
    """All that pg_dump finds in a database, with what it writes in hexadecimal digits as the text that it is."""
    done = subprocess.run(
        [wheel_binaries() / "pg_dump", "--dbname", database], capture_output=True, check=True, timeout=60
    )
    said = done.stdout.decode()
    hidden = [bytes.fromhex(digits).decode(errors="replace") for digits in re.findall(r"\\\\x((?:[0-9a-f]{2})+)", said)]
    return "\n".join((said, *hidden))


def found_in(text: str, secrets: tuple[str, ...]) -> list[str]:
    return [secret for secret in secrets if secret.casefold() in text.casefold()]


def tables_with(database: str, text: str) -> set[str]:
    """Tables of read models in which some row holds a text."""
    found = set()
    with psycopg.connect(database) as connection:
        for table in (table for model in MODELS for table in model.tables):
            query = sql.SQL("SELECT 1 FROM {} t WHERE to_jsonb(t)::text ILIKE %s LIMIT 1").format(
                sql.Identifier("read", table)
            )
            if connection.execute(query, (f"%{text}%",)).fetchone():
                found.add(table)
    return found


def facts_with(database: str, text: str) -> set[str]:
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT DISTINCT topic FROM izvor.events WHERE convert_from(state, 'UTF8') LIKE %s", (f"%{text}%",)
        ).fetchall()
    return {topic for (topic,) in rows}


def test_nothing_personal_is_left_of_a_person_but_whom_the_law_wants_named(alone: House) -> None:
    company = alone.company()
    customer = good(company.admin.post("/customers", PERSON, key="person"), 201)
    sent = live_a_life(company, customer)
    wait_for_lists(company, company.house.facts())
    assert {"customer_list", "payment_list", "proforma_list", "recurring_list"} <= tables_with(
        alone.database, "Cosânzeana"
    )

    wait_for_lists(company, erase(company, customer)["position"])

    assert found_in(dump(alone.database), OF_PERSON) == []
    assert tables_with(alone.database, "Cosânzeana") <= KEEPING_WHO_IT_IS
    for text in IDENTITY:
        assert facts_with(alone.database, text) == {"invoice.sent/1", "credit_note.issued/1"}
    shown = good(company.admin.get(f"/invoices/{sent['id']}"))["customer"]
    assert (shown["name"], shown["tax_id"], shown["email"]) == (PERSON["name"], PERSON["tax_id"], None)
    assert shown["address"]["street"] == "Aleea Mărului de Aur 3"
    assert good(company.admin.get(f"/customers/{customer['id']}"))["name"] == ERASED


def test_of_a_business_only_the_ways_to_reach_it_are_gone(alone: House) -> None:
    company = alone.company()
    customer = good(company.admin.post("/customers", BUSINESS, key="business"), 201)
    live_a_life(company, customer)
    assert found_in(dump(alone.database), (BUSINESS["name"], BUSINESS["tax_id"])) != []  # type: ignore[arg-type]

    wait_for_lists(company, erase(company, customer)["position"])

    assert found_in(dump(alone.database), OF_BUSINESS) == []
    shown = good(company.admin.get(f"/customers/{customer['id']}"))
    assert (shown["name"], shown["tax_id"]) == (BUSINESS["name"], BUSINESS["tax_id"])
    assert (shown["email"], shown["phone"], shown["contact_name"]) == (None, None, None)


def test_lists_equal_a_rebuild_and_the_check_is_content(alone: House) -> None:
    company = alone.company()
    for profile in (PERSON, BUSINESS):
        customer = good(company.admin.post("/customers", profile), 201)
        live_a_life(company, customer)
        wait_for_lists(company, company.house.facts())
        wait_for_lists(company, erase(company, customer)["position"])
    assert list(check(alone.database)) == []
    for _ in rebuild(alone.database):
        pass
    assert list(check(alone.database)) == []
    assert good(company.admin.get("/invoices", "q=ileana@zmeu.example"))["data"] == []


def test_history_feed_and_the_past_are_read_on(company: Company) -> None:
    customer = good(company.admin.post("/customers", PERSON), 201)
    sent = live_a_life(company, customer)
    first = sent["position"]
    position = erase(company, customer)["position"]
    history = good(company.admin.get(f"/invoices/{sent['id']}/history"))["data"]
    assert history[0]["summary"].startswith(f"Drafted for {ERASED}")
    assert history[0]["data"]["header"]["customer"]["address"]["city"] == ""
    reminder = next(entry for entry in history if entry["type"] == "invoice.reminder_sent")
    assert reminder["data"]["to"] == ERASED
    feed = good(company.admin.get("/events", f"after={first - 5}&limit=100"))["data"]
    assert feed[-1]["type"] == "customer.personal_data_erased/1"
    assert feed[-1]["position"] == position
    then = good(company.admin.get(f"/invoices/{sent['id']}", "version=1"))
    assert then["customer"]["name"] == ERASED


def test_what_was_answered_before_is_answered_again_without_names(company: Company) -> None:
    admin = company.admin
    made = good(admin.post("/customers", PERSON, key="registered"), 201)
    body = {"customer_id": made["id"], "lines": [line()]}
    drafted = good(admin.post("/invoices", body, key="drafted"), 201)
    assert good(admin.post("/customers", PERSON, key="registered"), 201) == made
    assert good(admin.post("/invoices", body, key="drafted"), 201) == drafted

    erase(company, made)

    again = good(admin.post("/customers", PERSON, key="registered"), 201)
    assert again["name"] == ERASED
    assert again["email"] is None
    assert {name: again[name] for name in ("id", "reference", "version", "kind", "position")} == {
        name: made[name] for name in ("id", "reference", "version", "kind", "position")
    }
    once_more = good(admin.post("/invoices", body, key="drafted"), 201)
    assert once_more["customer"]["name"] == ERASED
    assert {**once_more, "customer": None} == {**drafted, "customer": None}


def test_the_old_dialect_shows_that_a_customer_was_erased(company: Company) -> None:
    customer = good(company.admin.post("/customers", PERSON), 201)
    wait_for_lists(company, erase(company, customer)["position"])
    shown = good(company.admin.get(f"/api/customers/{customer['reference']}"))
    assert shown["company"] == ERASED
    assert found_in(str(shown), (*OF_PERSON, *IDENTITY)) == []


def test_the_answer_says_what_is_gone_what_is_kept_on_which_ground_and_until_when(company: Company) -> None:
    customer = good(company.admin.post("/customers", PERSON), 201)
    live_a_life(company, customer)
    wait_for_lists(company, company.house.facts())
    said = erase(company, customer)
    assert {"email", "phone", "ibans", "reminders.to", "name", "address", "tax_id"} <= set(said["erased"])
    assert [(one["what"], one["documents"]) for one in said["kept"]] == [("invoices", 1), ("credit_notes", 1)]
    for one in said["kept"]:
        assert one["until"] == f"{company.today.year + 6}-07-01"
        assert "82/1991" in one["legal_ground"]
    business = good(company.admin.post("/customers", BUSINESS), 201)
    assert "name" not in erase(company, business)["erased"]


def test_erasing_twice_changes_nothing(company: Company) -> None:
    customer = good(company.admin.post("/customers", PERSON), 201)
    first = erase(company, customer, key="erase")
    facts = company.house.facts()
    assert erase(company, customer, key="erase") == first
    assert erase(company, customer) == first
    assert company.house.facts() == facts
    assert good(company.admin.get(f"/customers/{customer['id']}"))["erased_at"] == first["erased_at"]


def test_nothing_new_is_made_for_an_erased_customer(company: Company) -> None:
    admin = company.admin
    customer = good(admin.post("/customers", PERSON), 201)
    buyer = {"customer_id": customer["id"], "lines": [line()]}
    draft = good(admin.post("/invoices", buyer), 201)
    proforma = good(admin.post("/proformas", buyer), 201)
    other = good(admin.post("/invoices", {"customer": {"name": "Altul SRL"}, "lines": [line()]}), 201)
    erase(company, customer)
    plan = {**buyer, "name": "abonament", "rhythm": {"unit": "month", "starts_on": company.today.isoformat()}}
    for refusal in (
        admin.post("/invoices", buyer),
        admin.post("/proformas", buyer),
        admin.post("/recurring-invoices", plan),
        admin.patch(f"/invoices/{other['id']}", {"customer_id": customer["id"]}),
        admin.post(f"/invoices/{draft['id']}/send", {}),
        admin.post(f"/proformas/{proforma['id']}/send", {}),
        admin.patch(f"/customers/{customer['id']}", {"email": "new@zmeu.example"}),
    ):
        assert "register the customer anew" in refused(refusal, 409, "customer_erased")["detail"]


def test_money_for_invoices_that_there_are_moves_on(company: Company) -> None:
    customer = good(company.admin.post("/customers", PERSON), 201)
    sent = live_a_life(company, customer)
    erase(company, customer)
    paid = company.pay(sent, "10.00")
    assert paid["totals"]["paid"] == "50.00"
    company.credit(sent, full=False, lines=[{"line_id": sent["lines"][0]["id"], "quantity": "0.5"}])
    remind(company, sent["id"], "ileana@zmeu.example")
    assert facts_with(company.house.database, "ileana@zmeu") == set()


def test_a_schedule_of_an_erased_customer_is_paused_and_says_why(company: Company) -> None:
    customer = good(company.admin.post("/customers", PERSON), 201)
    plan = {
        "customer_id": customer["id"],
        "lines": [line()],
        "name": "abonament",
        "send": True,
        "rhythm": {"unit": "month", "starts_on": company.today.isoformat()},
    }
    schedule = good(company.admin.post("/recurring-invoices", plan), 201)
    erase(company, customer)
    good(company.admin.post(f"/recurring-invoices/{schedule['id']}/run"))
    shown = good(company.admin.get(f"/recurring-invoices/{schedule['id']}"))
    assert (shown["status"], shown["generated"]) == ("paused", 0)


def test_whoever_erases_says_why(company: Company) -> None:
    customer = company.customer()
    refused(company.admin.post(f"/customers/{customer['id']}/erasure", {}), 422, "validation_failed", "/reason")
    blank = company.admin.post(f"/customers/{customer['id']}/erasure", {"reason": " "})
    assert blank.status_code == 422


def test_nothing_is_erased_before_it_can_be_told_what_is_kept(
    template: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "WAIT_SECONDS", 0.05)
    with fresh_database(template) as database, open_house(database, projecting=False) as house:
        company = house.company()
        customer = good(company.admin.post("/customers", PERSON), 201)
        company.sent(customer_id=customer["id"])
        path = f"/customers/{customer['id']}/erasure"
        refused(company.admin.post(path, REASON, key="erase"), 503, "read_model_behind")
        assert good(company.admin.get(f"/customers/{customer['id']}"))["erased_at"] is None
        Runner(database).catch_up()
        (kept,) = good(company.admin.post(path, REASON, key="erase"))["kept"]
        assert (kept["what"], kept["documents"]) == ("invoices", 1)


def test_nobody_erases_what_belongs_to_another_organization(house: House, company: Company) -> None:
    customer = company.customer()
    stranger = house.company()
    path = f"/customers/{customer['id']}/erasure"
    refused(stranger.admin.post(path, REASON), 404, "not_found")
    refused(company.admin.post("/customers/999/erasure", REASON), 404, "not_found")
    assert good(company.admin.get(f"/customers/{customer['id']}"))["erased_at"] is None


def test_the_key_ends_with_the_fact_or_not_at_all(company: Company) -> None:
    customer = good(company.admin.post("/customers", PERSON), 201)
    with psycopg.connect(company.house.database) as connection:
        connection.execute(
            "INSERT INTO izvor.events SELECT originator_id, 2, 'customer.personal_data_erased/1', state,"
            " izvor.head() + 1, organization_id FROM izvor.events WHERE originator_id = %s",
            (customer["id"],),
        )
        assert keys_of(connection, customer) == 0
        connection.rollback()
        assert keys_of(connection, customer) == 1
    assert good(company.admin.get(f"/customers/{customer['id']}"))["name"] == PERSON["name"]


def keys_of(connection: psycopg.Connection, customer: dict[str, Any]) -> int:
    query = "SELECT count(*) FROM izvor_keys.customer_key WHERE customer_id = %s"
    row = connection.execute(query, (customer["id"],)).fetchone()
    return int(row[0]) if row else 0

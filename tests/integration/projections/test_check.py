import psycopg
import pytest

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from projections.check import check
from projections.runner import Runner
from tests.support.commands import ORGANIZATION
from tests.support.histories import random_history


@pytest.fixture
def lived(database: str) -> str:
    ledger = Ledger(database)
    random_history(InvoicingService(ledger), ORGANIZATION, seed=13, steps=150)
    ledger.close()
    Runner(database).catch_up()
    return database


def found(database: str, *damage: str) -> set[tuple[str, str]]:
    """Damage the database; which checks complain about what."""
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in damage:
            connection.execute(statement.encode())
    return {(finding.check, finding.detail) for finding in check(database)}


def test_an_honest_history_has_no_findings(lived: str) -> None:
    assert found(lived) == set()


def test_a_changed_amount_is_found_and_named(lived: str) -> None:
    findings = found(lived, "UPDATE read.invoice_list SET paid = paid + 100 WHERE number = 'IZV000002'")
    assert "paid and credited and balance" in {name for name, _ in findings}
    detail = next(detail for name, detail in findings if name == "read model invoice_list")
    assert detail.startswith("paid is ")
    assert ", by the facts " in detail


def test_a_missing_row_is_found(lived: str) -> None:
    assert ("read model payment_list", "is missing") in found(
        lived, "DELETE FROM read.payment_list WHERE reference = 1"
    )


def test_a_row_from_nowhere_is_found(lived: str) -> None:
    invented = (
        "INSERT INTO read.receivable_movement SELECT position + 1000000, line, organization_id, customer_id,"
        " customer_name, invoice_id, subject_id, document_id, document_number, kind, currency, amount_minor,"
        " effective_date, recorded_at, due_date FROM read.receivable_movement WHERE kind = 'invoice' LIMIT 1"
    )
    findings = found(lived, invented)
    assert ("read model receivable_movements", "is there, but no fact says so") in findings
    assert "movements and balances" in {name for name, _ in findings}


def test_a_halted_read_model_is_found(lived: str) -> None:
    findings = found(lived, "UPDATE read.position SET error = 'cannot go on' WHERE model = 'customer_list'")
    assert ("read models", "is halted: cannot go on") in findings


OPEN = "ALTER TABLE izvor.events DISABLE TRIGGER events_are_final"


def test_a_hole_in_a_number_series_is_found(lived: str) -> None:
    pushed = (
        "UPDATE izvor.events SET state = convert_to(replace(convert_from(state, 'UTF8'), '\"value\":3,',"
        " '\"value\":4,'), 'UTF8') WHERE topic = 'number_series.number_allocated/1'"
        " AND convert_from(state, 'UTF8') LIKE '%\"value\":3,%' AND convert_from(state, 'UTF8') LIKE '%IZV%'"
    )
    findings = found(lived, OPEN, pushed)
    assert ("number series", "number 4 comes after 2") in findings


def test_a_document_without_its_number_fact_is_found(lived: str) -> None:
    renamed = (
        "UPDATE izvor.events SET state = convert_to(replace(convert_from(state, 'UTF8'), 'IZV000002', 'IZV000902'),"
        " 'UTF8') WHERE topic = 'invoice.sent/1'"
    )
    findings = found(lived, OPEN, renamed)
    assert ("numbers and documents", "was given, but no document has it") in findings
    assert ("numbers and documents", "is on a document, but was never given") in findings


def test_lost_facts_are_found(lived: str) -> None:
    lost = "DELETE FROM izvor.events WHERE topic = 'invoice.draft_changed/1'"
    assert {"positions", "versions"} <= {name for name, _ in found(lived, OPEN, lost)}


def test_a_check_leaves_nothing_behind(lived: str) -> None:
    list(check(lived))
    with psycopg.connect(lived) as connection:
        assert connection.execute("SELECT to_regnamespace('read_check')").fetchone() == (None,)

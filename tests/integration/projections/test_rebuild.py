import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from projections.check import check
from projections.rebuild import rebuild
from projections.runner import Runner
from tests.integration.projections.tables import positions_of, rows_of
from tests.support.commands import ORGANIZATION
from tests.support.histories import Life, random_history


@pytest.fixture
def writing(database: str) -> Iterator[InvoicingService]:
    """A service on a database of its own."""
    ledger = Ledger(database)
    yield InvoicingService(ledger)
    ledger.close()


def run(database: str, *names: str, batch_size: int = 50) -> list[int]:
    """Rebuild to the end; returns the steps of the progress."""
    steps = list(rebuild(database, names, batch_size=batch_size))
    assert [step.switched for step in steps] == [False] * (len(steps) - 1) + [True]
    return [step.done for step in steps]


@pytest.mark.parametrize("seed", range(3))
def test_rebuilt_equals_live_row_for_row(database: str, writing: InvoicingService, seed: int) -> None:
    lived = random_history(writing, ORGANIZATION, seed=seed, steps=250)
    Runner(database, batch_size=23).catch_up()
    live = rows_of(database)
    done = run(database, batch_size=31 + seed)
    assert done == sorted(done)
    assert done[-1] == lived.position
    assert rows_of(database) == live
    assert set(positions_of(database).values()) == {(lived.position, None)}
    assert list(check(database)) == []


def test_rebuilding_takes_along_what_is_recorded_meanwhile(database: str, writing: InvoicingService) -> None:
    life = Life(writing, ORGANIZATION, seed=4)
    life.begin()
    for _ in range(100):
        life.step()
    stop = threading.Event()
    runner = threading.Thread(target=Runner(database).run, args=(stop,))
    runner.start()
    try:
        for _ in rebuild(database, batch_size=25):
            life.step()
    finally:
        stop.set()
        runner.join()
    Runner(database).catch_up()
    assert list(check(database)) == []
    assert {position for position, _ in positions_of(database).values()} == {life.history.position}


def test_a_rebuild_that_was_broken_off_changes_nothing_and_can_be_repeated(
    database: str, writing: InvoicingService
) -> None:
    random_history(writing, ORGANIZATION, seed=6, steps=120)
    Runner(database).catch_up()
    live = rows_of(database)
    for steps_before_the_end in (1, 3):
        progress = rebuild(database, batch_size=40)
        for _ in range(steps_before_the_end):
            next(progress)
        progress.close()  # type: ignore[attr-defined]
        assert rows_of(database) == live
    run(database)
    assert rows_of(database) == live


def test_one_damaged_read_model_is_rebuilt_alone(database: str, writing: InvoicingService) -> None:
    lived = random_history(writing, ORGANIZATION, seed=6, steps=120)
    Runner(database).catch_up()
    live = rows_of(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE read.invoice_list SET gross = gross + 1")
        connection.execute("UPDATE read.position SET error = 'broken', shape = 'old' WHERE model = 'invoice_list'")
        connection.execute("UPDATE read.payment_list SET note = 'untouched'")
    run(database, "invoice_list")
    assert rows_of(database)["invoice_list"] == live["invoice_list"]
    assert positions_of(database)["invoice_list"] == (lived.position, None)
    assert rows_of(database)["payment_list"] != live["payment_list"]


def test_a_rebuilt_read_model_goes_on_by_itself(database: str, writing: InvoicingService) -> None:
    life = Life(writing, ORGANIZATION, seed=8)
    life.begin()
    for _ in range(60):
        life.step()
    run(database)
    for _ in range(60):
        life.step()
    Runner(database).catch_up()
    assert list(check(database)) == []


def test_an_unknown_name_is_refused_with_those_that_there_are(database: str) -> None:
    with pytest.raises(ValueError, match="nonsense is not a read model; there are invoice_list, invoice_detail"):
        next(iter(rebuild(database, ["nonsense"])))


def test_rights_on_tables_and_views_outlive_a_rebuild(database: str, writing: InvoicingService) -> None:
    random_history(writing, ORGANIZATION, seed=1, steps=30)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DO $$ BEGIN CREATE ROLE reader_of_lists; EXCEPTION WHEN duplicate_object THEN END $$")
        connection.execute("GRANT SELECT ON read.invoice_list, bi.payments TO reader_of_lists")
        run(database)
        for table in ("read.invoice_list", "bi.payments", "bi.invoices"):
            assert may_read(connection, "reader_of_lists", table) == (table != "bi.invoices")


def may_read(connection: psycopg.Connection[Any], role: str, table: str) -> bool:
    row = connection.execute("SELECT has_table_privilege(%s, %s, 'SELECT')", (role, table)).fetchone()
    return row == (True,)


def test_a_reader_in_the_way_delays_the_switch_and_loses_nothing(database: str, writing: InvoicingService) -> None:
    random_history(writing, ORGANIZATION, seed=1, steps=30)
    Runner(database).catch_up()
    live = rows_of(database)
    progress = rebuild(database)
    with psycopg.connect(database) as reader:
        before = reader.execute("SELECT count(*) FROM bi.invoices").fetchone()
        rest = threading.Thread(target=lambda: list(progress))
        rest.start()
        rest.join(3)  # at least one attempt meets the reader
        assert reader.execute("SELECT count(*) FROM bi.invoices").fetchone() == before
        assert rest.is_alive()
        reader.rollback()
        rest.join()
    assert rows_of(database) == live

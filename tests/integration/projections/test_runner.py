import logging
import random
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from invoicing_domain.model.invoice.events import LineAdded, Sent
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from projections.catalogue import MODELS
from projections.invoice_list import query as invoice_list
from projections.positions import lag, wait_for
from projections.readmodel import Event, ReadModel
from projections.runner import Runner
from tests.integration.projections.tables import positions_of, rows_of
from tests.support.commands import ORGANIZATION, context, draft, register_organization
from tests.support.histories import Life, random_history
from tests.support.processes import finish, line_of, python, wait_until

Names = list[str]


@pytest.fixture
def writing(database: str) -> Iterator[InvoicingService]:
    """A service on a database of its own."""
    ledger = Ledger(database)
    yield InvoicingService(ledger)
    ledger.close()


@pytest.fixture
def following(database: str) -> Iterator[threading.Event]:
    """A runner at work until the test is over, or sets the signal."""
    stop = threading.Event()
    thread = threading.Thread(target=Runner(database).run, args=(stop,))
    thread.start()
    yield stop
    stop.set()
    thread.join()


def failing_at(model: ReadModel, poison: int) -> ReadModel:
    """The read model, with a bug that shows at one position."""
    keyed = model.keyed
    assert keyed is not None

    def fold(state: Any, event: Event) -> Any:
        if event.position == poison:
            raise ValueError("cannot take this \x00 fact")
        return keyed.fold(state, event)

    return replace(model, keyed=replace(keyed, fold=fold))


def with_bug(poison: int) -> list[ReadModel]:
    return [failing_at(model, poison) if model.name == "invoice_list" else model for model in MODELS]


def position_of(ledger_url: str, fact: type, number: int) -> int:
    ledger = Ledger(ledger_url)
    try:
        return [one.position for one in ledger.feed(0, 10_000) if isinstance(one.fact, fact)][number]
    finally:
        ledger.close()


@pytest.mark.parametrize("seed", range(4))
def test_batches_and_restarts_make_no_difference(database: str, writing: InvoicingService, seed: int) -> None:
    pick = random.Random(seed)  # noqa: S311 - batch sizes, not secrets
    life = Life(writing, ORGANIZATION, seed)
    life.begin()
    for _ in range(12):
        for _ in range(pick.randint(1, 25)):
            life.step()
        Runner(database, batch_size=pick.randint(1, 40)).catch_up()
    piecemeal = rows_of(database)
    with psycopg.connect(database, autocommit=True) as connection:
        for table in piecemeal:
            connection.execute(f"TRUNCATE read.{table}".encode())
        connection.execute("UPDATE read.position SET position = 0")
    Runner(database).catch_up()
    assert rows_of(database) == piecemeal
    assert {position for position, _ in positions_of(database).values()} == {life.history.position}


def test_two_runners_at_once_project_every_fact_once(database: str, writing: InvoicingService) -> None:
    random_history(writing, ORGANIZATION, seed=3, steps=200)
    runners = [threading.Thread(target=Runner(database, batch_size=7).catch_up) for _ in range(3)]
    for one in runners:
        one.start()
    for one in runners:
        one.join()
    together = rows_of(database)
    with psycopg.connect(database, autocommit=True) as connection:
        for table in together:
            connection.execute(f"TRUNCATE read.{table}".encode())
        connection.execute("UPDATE read.position SET position = 0")
    Runner(database).catch_up()
    assert rows_of(database) == together


def test_a_runner_killed_between_batches_is_continued_by_the_next(database: str, writing: InvoicingService) -> None:
    lived = random_history(writing, ORGANIZATION, seed=5, steps=250)
    code = (
        "import sys, time, psycopg\n"
        "from projections.runner import Runner\n"
        "runner = Runner(sys.argv[1], batch_size=40)\n"
        "with psycopg.connect(sys.argv[1], autocommit=True) as connection:\n"
        "    while runner.step(connection):\n"
        "        print('took one', flush=True)\n"
        "        sys.stdin.readline()\n"
    )
    for _ in range(3):
        process = python(code, database)
        assert line_of(process) == "took one"
        process.send_signal(signal.SIGKILL)
        finish(process)
    assert {position for position, _ in positions_of(database).values()} == {120}
    Runner(database).catch_up()
    assert {position for position, _ in positions_of(database).values()} == {lived.position}
    from projections.check import check  # noqa: PLC0415 - what the others need not import

    assert list(check(database)) == []


def test_a_poison_fact_halts_only_the_read_model_that_cannot_take_it(
    database: str, writing: InvoicingService, caplog: pytest.LogCaptureFixture
) -> None:
    lived = random_history(writing, ORGANIZATION, seed=9, steps=120)
    poison = position_of(database, Sent, 4)
    with caplog.at_level(logging.ERROR):
        Runner(database, models=with_bug(poison)).catch_up()
    halted = positions_of(database)
    position, error = halted.pop("invoice_list")
    assert position == poison - 1
    assert error == f"fact {poison}: ValueError: cannot take this  fact"
    assert set(halted.values()) == {(lived.position, None)}
    assert [record for record in caplog.records if record.getMessage().startswith("ALARM: read model invoice_list")]
    with psycopg.connect(database, autocommit=True) as connection:
        behind = lag(connection)
    assert behind.halted == {"invoice_list": error}
    assert behind.behind["invoice_list"] == lived.position - position


def test_a_halted_read_model_goes_on_where_it_stopped_once_the_bug_is_gone(
    database: str, writing: InvoicingService
) -> None:
    lived = random_history(writing, ORGANIZATION, seed=9, steps=120)
    Runner(database, models=with_bug(position_of(database, LineAdded, 7))).catch_up()
    Runner(database).catch_up()
    assert set(positions_of(database).values()) == {(lived.position, None)}
    from projections.check import check  # noqa: PLC0415 - what the others need not import

    assert list(check(database)) == []


def test_a_fact_of_an_unknown_kind_stops_every_read_model_before_it(database: str, writing: InvoicingService) -> None:
    writing.execute(register_organization(), context())
    outcome = writing.execute(draft(1), context())
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO izvor.events SELECT originator_id, originator_version + 1, 'invoice.rhymed/1', state,"
            " notification_id + 1, organization_id FROM izvor.events WHERE notification_id = %s",
            (outcome.position,),
        )
    Runner(database).catch_up()
    for position, error in positions_of(database).values():
        assert position == outcome.position
        assert error == f"fact {position + 1}: UnknownFact: invoice.rhymed/1 is not in the catalogue"


def test_tables_of_another_shape_halt_their_read_model_with_advice(database: str, writing: InvoicingService) -> None:
    random_history(writing, ORGANIZATION, seed=2, steps=20)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE read.position SET shape = 'older' WHERE model = 'payment_list'")
    Runner(database).catch_up()
    position, error = positions_of(database)["payment_list"]
    assert position == 0
    assert error == "its tables were made by another version of Izvor: run izvor rebuild payment_list"


def test_clients_wait_for_what_they_have_written(
    database: str, writing: InvoicingService, following: threading.Event
) -> None:
    assert not following.is_set()
    writing.execute(register_organization(), context())
    with psycopg.connect(database, autocommit=True) as connection:
        for reference in range(1, 6):
            outcome = writing.execute(draft(reference), context())
            assert wait_for(connection, ["invoice_list", "invoice_detail"], outcome.position, 60)
            row = invoice_list.get(connection, ORGANIZATION, invoice_id=outcome.stream_id)
            assert row is not None
            assert row.position == outcome.position
        assert not wait_for(connection, ["invoice_list"], 1_000_000, 0.01)
        assert not wait_for(connection, ["no such model"], 0, 0.01)


def test_the_runner_survives_the_loss_of_its_connections(
    database: str, writing: InvoicingService, following: threading.Event
) -> None:
    assert not following.is_set()
    writing.execute(register_organization(), context())
    with psycopg.connect(database, autocommit=True) as connection:
        for reference in range(1, 4):
            outcome = writing.execute(draft(reference), context())
            assert wait_for(connection, ["invoice_list"], outcome.position, 60)
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND query IN ('LISTEN izvor_events', 'COMMIT') AND pid <> pg_backend_pid()"
            )


def test_another_runner_stands_by_and_takes_over(database: str, writing: InvoicingService) -> None:
    code = (
        "import sys, threading\n"
        "from projections.runner import Runner\n"
        "print('up', flush=True)\n"
        "Runner(sys.argv[1]).run(threading.Event())\n"
    )
    writing.execute(register_organization(), context())
    processes = [python(code, database) for _ in range(2)]
    try:
        assert [line_of(one) for one in processes] == ["up", "up"]
        with psycopg.connect(database, autocommit=True) as connection:
            wait_until(lambda: len(leaders(connection)) == 1)
            outcome = writing.execute(draft(1), context())
            assert wait_for(connection, ["invoice_list"], outcome.position, 60)
            first = leaders(connection)
            connection.execute("SELECT pg_terminate_backend(%s)", (first[0],))
            for process in processes:
                process.send_signal(signal.SIGSTOP)
            for process in processes[:1]:
                process.kill()
            processes[1].send_signal(signal.SIGCONT)
            outcome = writing.execute(draft(2), context())
            assert wait_for(connection, ["invoice_list"], outcome.position, 60)
            wait_until(lambda: leaders(connection) not in ([], first))
    finally:
        for process in processes:
            finish(process)


def leaders(connection: psycopg.Connection[Any]) -> list[int]:
    """Sessions that hold the lock of the working runner."""
    return [
        pid
        for (pid,) in connection.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 1230657104 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchall()
    ]

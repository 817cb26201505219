"""What was acknowledged is on disk: shown in the log itself, and by killing everything in the middle of the work."""

import os
import signal
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext, suppress
from pathlib import Path
from threading import Event, Lock

import psycopg
import pytest

from deploy.migrate import migrate
from deploy.postgres.embedded import EmbeddedPostgres
from deploy.postgres.leftovers import cluster_name, server_processes
from invoicing_domain.handlers.table import HANDLERS
from invoicing_domain.model.invoice.commands import SendInvoice
from invoicing_domain.model.organization.commands import ChangeOrganization
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.patience import StoreUnavailable
from invoicing_domain.service import ClientKey, InvoicingService
from invoicing_domain.work import Work
from tests.support.commands import ORGANIZATION, context, draft, register_organization, send
from tests.support.processes import wait_until

WRITERS = 12
ROUNDS = 3

COMMITTED_ON_DISK = (
    "SELECT count(*) FROM pg_get_wal_records_info(%s, pg_current_wal_flush_lsn()) AS record"
    " WHERE resource_manager = 'Transaction' AND record_type = 'COMMIT'"
    " AND xid = (SELECT xmin FROM izvor.events WHERE notification_id = %s)"
)
WAIT_FOR_DISK = "PERFORM pg_logical_emit_message(true, 'izvor', '');"


@pytest.mark.parametrize("keyed", [False, True])
def test_the_commit_of_an_acknowledged_command_is_in_the_flushed_part_of_the_log(
    ledger: Ledger, database: str, *, keyed: bool
) -> None:
    service = InvoicingService(ledger)
    with psycopg.connect(database, autocommit=True) as hand:
        hand.execute("CREATE EXTENSION pg_walinspect")
        for reference in range(1, 21):
            key = ClientKey(key=f"k{reference}", fingerprint=b"f", render=lambda _: (201, b"")) if keyed else None
            (before,) = hand.execute("SELECT pg_current_wal_flush_lsn()").fetchone() or ()
            position = service.execute(draft(reference), context(), key=key).position
            assert hand.execute(COMMITTED_ON_DISK, [before, position]).fetchone() == (1,)


def test_the_proof_notices_an_append_that_does_not_wait_for_the_disk(ledger: Ledger, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as hand:
        hand.execute("CREATE EXTENSION pg_walinspect")
        (text,) = hand.execute("SELECT pg_get_functiondef('izvor.record'::regproc)").fetchone() or ()
        assert text.count(WAIT_FOR_DISK) == 1
        hand.execute(text.replace(WAIT_FOR_DISK, ""))
        service = InvoicingService(ledger)
        flushed = []
        (before,) = hand.execute("SELECT pg_current_wal_flush_lsn()").fetchone() or ()
        hand.execute("SELECT pg_logical_emit_message(true, 'test', 'a first record to read')")
        for reference in range(1, 21):
            position = service.execute(draft(reference), context()).position
            flushed.append(hand.execute(COMMITTED_ON_DISK, [before, position]).fetchone() == (1,))
    assert not all(flushed)


def test_who_waits_for_a_turn_gets_it_before_the_disk_and_the_sender_is_answered_after_it(
    service: InvoicingService, ledger: Ledger, database: str
) -> None:
    """The next one takes its number from what can be seen; its own wait for the disk covers that."""
    with psycopg.connect(database, autocommit=True) as hand:
        hand.execute("CREATE EXTENSION pg_walinspect")
        (before,) = hand.execute("SELECT pg_current_wal_flush_lsn()").fetchone() or ()
        hand.execute("SELECT pg_logical_emit_message(true, 'test', 'a first record to read')")

        def on_disk(position: int) -> bool:
            return hand.execute(COMMITTED_ON_DISK, [before, position]).fetchone() == (1,)

        early = []
        for number in range(1, 11):
            service.execute(draft(number), context())
            work = Work(ledger, lambda _: nullcontext(), ExitStack())
            HANDLERS[SendInvoice].handle(send(number), context(), work)
            assert work.pass_on is not None
            expected = ledger.recorder.max_notification_id() or 0
            position = ledger.append(
                work.changes,
                context(),
                visible=lambda last=expected + 2: early.append(on_disk(last)),  # type: ignore[misc]
            )
            assert position == expected + 2
            assert on_disk(position)
        assert not all(early)


def test_what_the_feed_hands_out_is_on_disk_although_its_writer_still_waits(ledger: Ledger, database: str) -> None:
    """A fact may be seen before it is flushed, by the bare table; the feed flushes before it tells anybody."""
    with psycopg.connect(database, autocommit=True) as hand:
        hand.execute("CREATE EXTENSION pg_walinspect")
        (before,) = hand.execute("SELECT pg_current_wal_flush_lsn()").fetchone() or ()
        InvoicingService(ledger).execute(draft(1), context())
        hand.execute("SET synchronous_commit = off")
        hand.execute(
            "INSERT INTO izvor.events SELECT gen_random_uuid(), 1, topic, state, 3, organization_id"
            " FROM izvor.events WHERE notification_id = 1"
        )
        assert [one.position for one in ledger.feed(0, 10)] == [1, 2, 3]
        assert hand.execute(COMMITTED_ON_DISK, [before, 3]).fetchone() == (1,)


def test_who_is_told_of_what_was_there_already_is_told_of_what_is_on_disk(ledger: Ledger, database: str) -> None:
    """Nothing is recorded, but what was met instead may be another's, who still waits for the disk."""
    service = InvoicingService(ledger)
    service.execute(register_organization(), context())
    again = ChangeOrganization(organization_id=ORGANIZATION, changes={"currency": "RON"})
    with psycopg.connect(database, autocommit=True) as hand:
        hand.execute("SET synchronous_commit = off")
        for _ in range(20):
            hand.execute("SELECT pg_logical_emit_message(true, 'test', 'what another records')")
            (written,) = hand.execute("SELECT pg_current_wal_insert_lsn()").fetchone() or ()
            before = ledger.recorder.max_notification_id()
            service.execute(again, context())
            assert hand.execute("SELECT pg_current_wal_flush_lsn() >= %s", [written]).fetchone() == (True,)
            assert ledger.recorder.max_notification_id() == before


class Crowd:
    """Writers who note what was acknowledged to them, and go on whatever happens."""

    def __init__(self, url: str) -> None:
        self.acknowledged: list[tuple[int, str]] = []
        self.unknown = 0
        self.stop = Event()
        self._ledger = Ledger(url)
        self._references = iter(range(1, 1_000_000))
        self._lock = Lock()

    def write(self) -> None:
        service = InvoicingService(self._ledger)
        while not self.stop.is_set():
            with self._lock:
                reference = next(self._references)
            asked = context()
            try:
                outcome = service.execute(draft(reference, lines=2), asked)
            except StoreUnavailable:
                self.unknown += 1
            else:
                self.acknowledged.append((outcome.position, asked.command_id))

    def close(self) -> None:
        self._ledger.close()


def kill_everything(data_dir: Path) -> None:
    """SIGKILL to the postmaster and all of its backends, all stopped first, so that none sees another die."""
    pids = [pid for pid, _ in server_processes(cluster_name(data_dir), data_dir.stat().st_uid)]
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in pids:
            with suppress(ProcessLookupError):  # a worker of the server may have done its work
                os.kill(pid, number)


def test_every_acknowledged_command_survives_the_death_of_the_server_and_none_is_half_there(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg")
    crowd = Crowd(server.start())
    migrate(server.url)
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(crowd.write) for _ in range(WRITERS)]
        try:
            for _ in range(ROUNDS):
                enough = len(crowd.acknowledged) + 300
                wait_until(lambda enough=enough: len(crowd.acknowledged) >= enough)  # type: ignore[misc]
                kill_everything(tmp_path / "pg")
                wait_until(lambda: server.pid is None)
                server.start()
        finally:
            crowd.stop.set()
        for writer in writers:
            writer.result()
    crowd.close()
    with psycopg.connect(server.url) as connection:
        rows = connection.execute(
            "SELECT notification_id, convert_from(state, 'UTF8')::json #>> '{meta,command_id}'"
            " FROM izvor.events ORDER BY notification_id"
        ).fetchall()
    server.stop()
    by_command: dict[str, list[int]] = defaultdict(list)
    for position, command in rows:
        by_command[command].append(position)
    assert [position for position, _ in rows] == list(range(1, len(rows) + 1))
    assert {len(positions) for positions in by_command.values()} == {3}
    assert [(by_command[command][-1:], command) for position, command in crowd.acknowledged] == [
        ([position], command) for position, command in crowd.acknowledged
    ]
    assert len(by_command) - len(crowd.acknowledged) <= crowd.unknown

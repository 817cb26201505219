"""Keys of customers while commands run: whatever meets whatever, nothing is kept under a key that was destroyed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from invoicing_domain.categories import CUSTOMER, INVOICE
from invoicing_domain.model.customer.commands import EraseCustomer, RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.invoice import decide as invoices
from invoicing_domain.model.personal import ERASED
from invoicing_domain.recording.application import Change, Ledger
from invoicing_domain.recording.keyring import Keyring
from invoicing_domain.recording.recorder import Conflict
from invoicing_domain.service import ClientKey, InvoicingService, Outcome
from tests.support.commands import ORGANIZATION, context, draft
from tests.support.processes import wait_until

CUSTOMER_ID = stream_id("customer", ORGANIZATION, 1)
EMAIL = "contabilitate@mobila-turda.example"

REGISTER = RegisterCustomer(customer_id=CUSTOMER_ID, reference=1, profile=CustomerProfile(name="Turda", email=EMAIL))
ERASE = EraseCustomer(customer_id=CUSTOMER_ID, reason="asked for")

ERASE_BY_HAND = (
    "INSERT INTO izvor.events SELECT originator_id, 2, 'customer.personal_data_erased/1',"
    ' convert_to(\'{"fact":{"erased_at":"2026-11-24T09:00:00Z","reason":"asked for"},"meta":{}}\', \'UTF8\'),'
    " izvor.head() + 1, organization_id FROM izvor.events WHERE originator_id = %s AND originator_version = 1"
)
SEALED = "SELECT count(*) FROM izvor.events WHERE state LIKE '{\"sealed\":%%'::bytea AND originator_id = %s"
WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7305809 AND objid = 2 AND NOT granted"


@pytest.fixture
def other(database: str) -> Iterator[InvoicingService]:
    """Another process, as far as memory goes."""
    with Ledger(database) as ledger:
        yield InvoicingService(ledger)


@pytest.fixture
def hand(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def known(service: InvoicingService, ledger: Ledger) -> Ledger:
    """A ledger that has seen the key of the customer a moment ago."""
    service.execute(REGISTER, context())
    assert ledger.load(CUSTOMER, CUSTOMER_ID).state is not None
    return ledger


def decided(reference: int) -> Change:
    """The facts of a draft for the customer, decided and not recorded yet."""
    command = draft(reference)
    return Change(command.invoice_id, 0, invoices.draft(None, command, context()))


def email_of(ledger: Ledger, reference: int) -> str | None:
    state = ledger.load(INVOICE, draft(reference).invoice_id).state
    assert state is not None
    return state.header.customer.email


def sealed(hand: psycopg.Connection, reference: int) -> bool:
    return hand.execute(SEALED, (draft(reference).invoice_id,)).fetchone() != (0,)


def keys(hand: psycopg.Connection) -> int:
    (found,) = hand.execute("SELECT count(*) FROM izvor_keys.customer_key").fetchone() or (0,)
    return int(found)


@contextmanager
def waiting_for(hand: psycopg.Connection, act: Callable[[], object]) -> Iterator[None]:
    """`act` in another thread, up to where it waits for keys; it ends after the block."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(act)
        wait_until(lambda: hand.execute(WAITS).fetchone() == (1,))
        yield
        running.result()


def test_what_was_decided_before_an_erasure_and_recorded_after_it_is_written_without_what_was_personal(
    known: Ledger, other: InvoicingService, hand: psycopg.Connection
) -> None:
    other.execute(ERASE, context())
    known.append([decided(1)], context())
    assert not sealed(hand, 1)
    assert email_of(known, 1) is None
    assert keys(hand) == 0


@pytest.mark.parametrize("ends", ["COMMIT", "ROLLBACK"])
def test_a_command_waits_for_an_erasure_that_is_under_way_and_heeds_how_it_ends(
    known: Ledger, hand: psycopg.Connection, database: str, ends: str
) -> None:
    with psycopg.connect(database) as eraser:
        eraser.execute(ERASE_BY_HAND, (CUSTOMER_ID,))
        with waiting_for(hand, lambda: known.append([decided(1)], context())):
            eraser.execute(ends.encode())
    erased = ends == "COMMIT"
    assert sealed(hand, 1) is not erased
    assert email_of(known, 1) == (None if erased else EMAIL)


def test_an_erasure_waits_for_what_is_being_written_under_the_key_and_takes_it_along(
    known: Ledger, hand: psycopg.Connection, database: str
) -> None:
    key = known.vault.keys_to_seal([CUSTOMER_ID])[CUSTOMER_ID]
    eraser = InvoicingService(known)
    with psycopg.connect(database) as writer:
        writer.execute("SELECT izvor_keys.keep(%s, %s::uuid[], %s)", (ORGANIZATION, [CUSTOMER_ID], [key.wrapped]))
        with waiting_for(hand, lambda: eraser.execute(ERASE, context())):
            writer.commit()
    assert keys(hand) == 0


def test_what_a_process_has_just_read_it_reads_no_more_a_moment_after_the_erasure(
    known: Ledger, other: InvoicingService
) -> None:
    known.append([decided(1)], context())
    assert email_of(known, 1) == EMAIL
    other.execute(ERASE, context())
    assert email_of(known, 1) is None
    state = known.load(CUSTOMER, CUSTOMER_ID).state
    assert state is not None
    assert state.profile.email is None


def test_an_answer_that_is_recorded_after_the_erasure_is_kept_without_what_was_personal(
    known: Ledger, other: InvoicingService, hand: psycopg.Connection
) -> None:
    def render(outcome: Outcome) -> tuple[int, bytes]:
        return 201, b'{"email":"%s"}' % str(outcome.state.header.customer.email).encode()

    key = ClientKey(key="k", fingerprint=b"f" * 32, render=render)
    other.execute(ERASE, context())
    outcome = InvoicingService(known).execute(draft(1), context(), key=key)
    assert outcome.answer is not None
    assert EMAIL.encode() in outcome.answer.body  # who asked had just told us
    (answer,) = hand.execute("SELECT answer FROM izvor.idempotency").fetchone() or ()
    assert answer == b'{"email":"None"}'


def test_a_text_is_not_sealed_under_a_destroyed_key_either(known: Ledger, other: InvoicingService) -> None:
    hidden = known.vault.sealed_text(ORGANIZATION, CUSTOMER_ID, EMAIL, about="a reminder")
    assert known.vault.opened_text(hidden) == EMAIL
    other.execute(ERASE, context())
    assert known.vault.sealed_text(ORGANIZATION, CUSTOMER_ID, EMAIL, about="a reminder") == ERASED
    assert known.vault.opened_text(hidden) == ERASED


def test_two_who_make_a_key_for_one_customer_end_with_the_same(
    service: InvoicingService, ledger: Ledger, other: InvoicingService, hand: psycopg.Connection, database: str
) -> None:
    """The customer was never registered here: nobody can tell that there is no key but by looking."""
    with Ledger(database) as late:
        mine = late.vault.keys_to_seal([CUSTOMER_ID])[CUSTOMER_ID]
        service.execute(draft(1), context())
        late.append([decided(2)], context())
        assert late.vault.keys_to_seal([CUSTOMER_ID])[CUSTOMER_ID] != mine
    other.execute(draft(3), context())
    assert keys(hand) == 1
    assert [email_of(ledger, reference) for reference in (1, 2, 3)] == [EMAIL] * 3


def test_a_key_that_was_there_before_its_customer_is_the_customer_s(
    service: InvoicingService, ledger: Ledger, other: InvoicingService
) -> None:
    service.execute(draft(1), context())
    other.execute(REGISTER, context())
    state = ledger.load(CUSTOMER, CUSTOMER_ID).state
    assert state is not None
    assert (state.profile.email, email_of(ledger, 1)) == (EMAIL, EMAIL)


def test_who_is_on_the_list_of_the_erased_is_registered_without_what_is_personal(
    service: InvoicingService, ledger: Ledger, hand: psycopg.Connection
) -> None:
    """After a restore the list may know more than the facts, and small integers are given again."""
    hand.execute("INSERT INTO izvor_keys.erased VALUES (%s, %s, now())", (CUSTOMER_ID, ORGANIZATION))
    service.execute(REGISTER, context())
    state = ledger.load(CUSTOMER, CUSTOMER_ID).state
    assert state is not None
    assert (state.profile.email, keys(hand)) == (None, 0)


def test_a_command_that_comes_to_nothing_leaves_no_key_and_the_next_one_makes_it(
    service: InvoicingService, ledger: Ledger, hand: psycopg.Connection
) -> None:
    taken = draft(1).invoice_id
    hand.execute(
        "INSERT INTO izvor.events SELECT %s, 1, topic, state, izvor.head() + 1, organization_id"
        " FROM izvor.events WHERE notification_id = 1",
        (taken,),
    )
    with pytest.raises(Conflict):
        ledger.append([decided(1)], context())
    assert keys(hand) == 0
    service.execute(draft(2), context())
    assert keys(hand) == 1
    assert email_of(ledger, 2) == EMAIL


def test_a_key_that_was_seen_is_used_for_a_minute_and_not_longer(known: Ledger, hand: psycopg.Connection) -> None:
    now = 1000.0
    keyring = Keyring(clock=lambda: now)
    assert CUSTOMER_ID in keyring.found_or_new(hand, [CUSTOMER_ID])
    now += 59
    assert CUSTOMER_ID in keyring.seen([CUSTOMER_ID])
    now += 2
    assert keyring.seen([CUSTOMER_ID]) == {}
    assert known.vault.keys_to_seal([CUSTOMER_ID]) == keyring.found_or_new(hand, [CUSTOMER_ID])

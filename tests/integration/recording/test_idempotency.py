"""A client's key stands for one answer, for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import psycopg
import pytest

from invoicing_domain.model.identity import series_id
from invoicing_domain.model.invoice.commands import DiscardDraft
from invoicing_domain.model.number_series.commands import OpenSeries
from invoicing_domain.model.number_series.events import Series
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import ClientKey, InvoicingService, Outcome
from tests.support.commands import (
    ORGANIZATION,
    OTHER_ORGANIZATION,
    context,
    draft,
    send,
)

CLIENTS = 50
OPEN_AGAIN = OpenSeries(
    series_id=series_id(ORGANIZATION, "invoice", "IZV"), series=Series(document="invoice", prefix="IZV")
)


def key(text: str = "k-1", fingerprint: bytes = b"f" * 32) -> ClientKey:
    return ClientKey(key=text, fingerprint=fingerprint, render=lambda outcome: (201, outcome.stream_id.encode()))


def at_once(action: Callable[[int], Outcome]) -> list[Outcome]:
    together = Barrier(CLIENTS)

    def one(number: int) -> Outcome:
        together.wait()
        return action(number)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, range(1, CLIENTS + 1)))


def same_answer(outcomes: list[Outcome]) -> bool:
    given = [(one.answer, one) for one in outcomes if one.answer is not None]
    answers = {(answer.status, answer.body, one.stream_id, one.version, one.position) for answer, one in given}
    return len(given) == len(outcomes) and len(answers) == 1


def topics(ledger: Ledger) -> list[str]:
    return [one.topic for one in ledger.recorder.read_feed(3, 1000)]


def test_guesses_about_a_request_cannot_be_tried_on_its_fingerprint(service: InvoicingService, ledger: Ledger) -> None:
    service.execute(draft(1), context(), key=key(fingerprint=b"f" * 32))
    stored = ledger.recorder.find_answer(ORGANIZATION, "k-1")
    assert stored is not None
    assert (len(stored.fingerprint), b"f" * 8 in stored.fingerprint) == (32, False)


def test_the_same_request_again_gets_the_same_answer_and_records_nothing(
    service: InvoicingService, ledger: Ledger
) -> None:
    first = service.execute(draft(1), context(), key=key())
    again = service.execute(draft(2), context(), key=key())
    assert (first.replayed, again.replayed) == (False, True)
    assert first.answer is not None
    assert again.answer is not None
    assert again.answer == replace(first.answer, position=first.position)
    assert (again.version, again.position) == (first.version, first.position)
    assert topics(ledger) == ["invoice.drafted/1", "invoice.line_added/1"]


def test_fifty_clients_with_one_key_get_one_answer_and_one_draft(service: InvoicingService, ledger: Ledger) -> None:
    outcomes = at_once(lambda number: service.execute(draft(number), context(), key=key()))
    assert sum(not one.replayed for one in outcomes) == 1
    assert len({one.answer.body for one in outcomes if one.answer}) == 1
    assert len({one.position for one in outcomes}) == 1
    assert topics(ledger) == ["invoice.drafted/1", "invoice.line_added/1"]


def test_fifty_clients_who_send_one_invoice_under_one_key_all_hear_that_it_was_sent(
    service: InvoicingService, ledger: Ledger
) -> None:
    """Those who come second find it sent already; the key tells that it was their own doing."""
    service.execute(draft(1), context())
    outcomes = at_once(lambda _: service.execute(send(1), context(), key=key(), expected_version=2))
    assert same_answer(outcomes)
    assert topics(ledger)[2:] == ["invoice.sent/1", "number_series.number_allocated/1"]


@pytest.mark.parametrize("command", [send(1), DiscardDraft(invoice_id=draft(1).invoice_id)], ids=["send", "discard"])
def test_who_is_outrun_by_the_same_request_after_looking_for_an_answer_gets_its_answer(
    service: InvoicingService, ledger: Ledger, command: object
) -> None:
    service.execute(draft(1), context())
    assert service.answered(key(), context()) is None
    first = InvoicingService(ledger).execute(command, context(), key=key(), expected_version=2)
    second = service.execute(command, context(), key=key(), expected_version=2)
    assert (first.replayed, second.replayed) == (False, True)
    assert same_answer([first, second])


def test_a_key_used_for_another_request_is_refused(service: InvoicingService, ledger: Ledger) -> None:
    service.execute(draft(1), context(), key=key())
    with pytest.raises(Refusal) as refused:
        service.execute(draft(2), context(), key=key(fingerprint=b"g" * 32))
    assert refused.value.code == "idempotency_key_reused"
    assert len(topics(ledger)) == 2


def test_another_request_in_flight_under_the_same_key_is_refused(service: InvoicingService) -> None:
    """Both look before either has recorded: the loser learns it from the store."""
    codes: list[str] = []

    def one(number: int) -> Outcome | None:
        try:
            return service.execute(draft(number), context(), key=key(fingerprint=bytes([number]) * 32))
        except Refusal as refused:
            codes.append(refused.code)
            return None

    with ThreadPoolExecutor(CLIENTS) as pool:
        answered = [one for one in pool.map(one, range(1, CLIENTS + 1)) if one is not None]
    assert len(answered) == 1
    assert codes == ["idempotency_key_reused"] * (CLIENTS - 1)


def test_another_organization_may_use_the_same_key(service: InvoicingService) -> None:
    ours = service.execute(draft(1), context(), key=key())
    theirs = service.execute(draft(1, organization_id=OTHER_ORGANIZATION), context(OTHER_ORGANIZATION), key=key())
    assert not theirs.replayed
    assert ours.stream_id != theirs.stream_id


def test_a_command_that_changes_nothing_keeps_its_answer_too(service: InvoicingService, ledger: Ledger) -> None:
    before = len(topics(ledger))
    first = service.execute(OPEN_AGAIN, context(), key=key())
    again = service.execute(OPEN_AGAIN, context(), key=key())
    assert (first.replayed, again.replayed) == (False, True)
    assert len(topics(ledger)) == before
    assert first.version == again.version == 1


def test_a_refused_command_leaves_its_key_free(service: InvoicingService) -> None:
    with pytest.raises(Refusal):
        service.execute(send(1), context(), key=key())
    service.execute(draft(1), context())
    assert not service.execute(send(1), context(), key=key()).replayed


def test_a_command_that_met_a_stale_version_leaves_its_key_free(service: InvoicingService) -> None:
    service.execute(draft(1), context())
    with pytest.raises(Refusal) as refused:
        service.execute(send(1), context(), key=key(), expected_version=1)
    assert refused.value.code == "version_conflict"
    assert not service.execute(send(1), context(), key=key(), expected_version=2).replayed


def test_key_and_facts_are_kept_together_or_not_at_all(service: InvoicingService, database: str) -> None:
    service.execute(draft(1), context(), key=key("a"))
    with pytest.raises(Refusal):
        service.execute(draft(1), context(), key=key("b"))
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT key, version, position FROM izvor.idempotency").fetchall()
    assert rows == [("a", 2, 5)]

"""Bulk runs: accepted at once, carried on by a worker, whoever dies meanwhile; each invoice once, with one result."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from deploy.first_start import operator_context
from invoicing_domain.bulk_runs import BATCH, Bulk
from invoicing_domain.clock import SystemClock
from invoicing_domain.model.context import Context
from invoicing_domain.model.identity import StreamId
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import ClientKey, InvoicingService, Outcome
from tests.support.house import Company, good, refused
from tests.support.reminders import work_pool
from workers.bulk import BulkWorker, ListedRuns
from workers.lookout import Lookout


class Killed(BaseException):
    """Nothing catches it: as if the process were gone."""


class Mortal(InvoicingService):
    """A service whose process dies before its n-th command, or after it."""

    def __init__(self, ledger: Ledger, *, lives: int, after: bool) -> None:
        super().__init__(ledger)
        self._lives = lives
        self._after = after

    def execute(
        self,
        command: object,
        context: Context,
        *,
        key: ClientKey | None = None,
        expected_version: int | None = None,
        about: str | None = None,
    ) -> Outcome:
        self._lives -= 1
        if self._lives < 0 and not self._after:
            raise Killed
        outcome = super().execute(command, context, key=key, expected_version=expected_version, about=about)
        if self._lives < 0:
            raise Killed
        return outcome


def started(company: Company, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = company.admin.ask("POST", "/bulk", body, headers={"Prefer": "respond-async", **headers})
    run = good(answer, 202)
    assert answer.headers["location"] == f"/api/v1/bulk/{run['id']}"
    assert answer.headers["preference-applied"] == "respond-async"
    return run


def state_of(company: Company, run: dict[str, Any]) -> dict[str, Any]:
    return good(company.admin.get(f"/bulk/{run['id']}"))


@contextmanager
def ledger_of(company: Company) -> Iterator[Ledger]:
    ledger = Ledger(company.house.database)
    try:
        yield ledger
    finally:
        ledger.close()


def carry_on(company: Company, run: dict[str, Any], service: InvoicingService, ledger: Ledger) -> int:
    context = replace(operator_context(StreamId(company.organization_id)), command_id=str(uuid4()))
    return Bulk(ledger, service).advance(StreamId(run["id"]), context)


def test_a_run_is_accepted_at_once_and_shows_its_progress(company: Company) -> None:
    drafts = [company.draft() for _ in range(3)]
    run = started(company, {"action": "send", "ids": [*(one["id"] for one in drafts), "999999"]})
    assert (run["status"], run["total"], run["done"], run["results"]) == ("running", 4, 0, [])
    assert company.admin.get(f"/bulk/{run['id']}").headers["retry-after"] == "1"
    with ledger_of(company) as ledger:
        assert carry_on(company, run, InvoicingService(ledger), ledger) == 4
    ended = state_of(company, run)
    assert (ended["status"], ended["done"], ended["ok"], ended["failed"]) == ("finished", 4, 3, 1)
    assert [one["number"] for one in ended["results"]] == ["IZV000001", "IZV000002", "IZV000003", None]
    assert ended["results"][3]["problem"]["code"] == "not_found"


def test_more_than_are_done_at_once_are_a_run_without_asking(company: Company) -> None:
    run = good(company.admin.post("/bulk", {"action": "send", "ids": [str(n) for n in range(1, 202)]}), 202)
    assert (run["status"], run["total"]) == ("running", 201)
    export = {"action": "export", "ids": [str(n) for n in range(1, 202)]}
    refused(company.admin.post("/bulk", export), 422, "validation_failed", "/action")


def test_a_filter_is_a_run_too_and_one_that_finds_nothing_is_finished(company: Company) -> None:
    last = [company.draft() for _ in range(2)][-1]
    run = started(
        company, {"action": "delete", "filter": {"status": "draft"}}, **{"Izvor-After": str(last["position"])}
    )
    assert run["total"] == 2
    nothing = started(company, {"action": "delete", "filter": {"status": "paid"}})
    assert (nothing["status"], nothing["total"]) == ("finished", 0)


def test_the_same_key_is_the_same_run(company: Company) -> None:
    body = {"action": "send", "ids": [company.draft()["id"]]}
    run = started(company, body, **{"Idempotency-Key": "month-end"})
    assert started(company, body, **{"Idempotency-Key": "month-end"}) == run
    assert good(company.admin.post("/bulk", body, key="month-end"), 202) == run
    refused(company.admin.post("/bulk", body | {"action": "delete"}, key="month-end"), 422, "idempotency_key_reused")


def test_what_a_run_does_bears_the_name_of_who_started_it_and_why(company: Company) -> None:
    draft = company.draft()
    run = started(company, {"action": "delete", "ids": [draft["id"]]}, **{"Audit-Reason": "test data"})
    with ledger_of(company) as ledger:
        carry_on(company, run, InvoicingService(ledger), ledger)
        discarded, noted = ledger.history(draft["id"])[-1], ledger.history(run["id"])[-1]
    assert (discarded.meta.actor.kind, discarded.meta.actor.name) == ("token", "the admin")
    assert (discarded.meta.reason, discarded.fact.reason) == ("test data", "test data")
    assert noted.meta.actor != discarded.meta.actor


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("lives", [0, 1, 3, BATCH - 1, BATCH, BATCH + 1])
def test_whoever_dies_in_the_middle_leaves_nothing_undone_and_nothing_done_twice(
    company: Company, lives: int, *, after: bool
) -> None:
    ids = [company.draft()["id"] for _ in range(BATCH + 2)]
    run = started(company, {"action": "send", "ids": ids})
    with ledger_of(company) as ledger:
        with pytest.raises(Killed):
            carry_on(company, run, Mortal(ledger, lives=lives, after=after), ledger)
        carry_on(company, run, InvoicingService(ledger), ledger)
        assert carry_on(company, run, InvoicingService(ledger), ledger) == 0
    ended = state_of(company, run)
    numbers = [f"IZV{n:06d}" for n in range(1, BATCH + 3)]
    assert [(one["id"], one["ok"], one["number"]) for one in ended["results"]] == [
        (invoice, True, number) for invoice, number in zip(ids, numbers, strict=True)
    ]


def test_the_worker_finds_the_run_by_itself(company: Company) -> None:
    run = started(company, {"action": "send", "ids": [company.draft()["id"]]})
    with ledger_of(company) as ledger, work_pool(company.house.database) as pool:
        lookout = Lookout(ledger, SystemClock())
        worker = BulkWorker(lookout=lookout, bulk=Bulk(ledger, InvoicingService(ledger)), runs=ListedRuns(pool))
        while state_of(company, run)["status"] == "running":
            worker.run_once()
    assert state_of(company, run)["ok"] == 1


def test_another_organization_does_not_see_it(company: Company) -> None:
    run = started(company, {"action": "send", "ids": ["1"]})
    stranger = company.house.company()
    refused(stranger.admin.get(f"/bulk/{run['id']}"), 404, "not_found")

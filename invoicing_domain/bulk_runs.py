"""Bulk: one action on many invoices, each in a transaction and under a key of its own.

Used by whoever waits for the answer and by the worker that carries long runs to their end. Whatever dies in between, an
invoice is acted on once, because its key follows from the run and the invoice, and has one result in the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final
from uuid import uuid4

import msgspec

from invoicing_domain.categories import BULK_RUN, ORGANIZATION
from invoicing_domain.model.bulk_run.commands import AdvanceBulkRun
from invoicing_domain.model.bulk_run.events import Result, Work
from invoicing_domain.model.context import Context
from invoicing_domain.model.identity import StreamId, resolve
from invoicing_domain.model.invoice.commands import DiscardDraft, RequestReminder, SendInvoice
from invoicing_domain.model.organization.state import Organization
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Ledger
from invoicing_domain.requests.bodies import SendBody
from invoicing_domain.requests.commands import sending
from invoicing_domain.service import ClientKey, InvoicingService, Outcome
from invoicing_domain.tracing import following

BATCH: Final = 25
"""So many results are taken down at once; after a crash so many invoices at most are asked about again."""

PASSING: Final = frozenset({"contended"})
"""Refusals that say nothing about the invoice: the run goes on with it later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """The result of one invoice; `replayed` when an earlier attempt had done it."""

    result: Result
    position: int = 0
    replayed: bool = False


class Bulk:
    """Safe to share between threads."""

    def __init__(self, ledger: Ledger, service: InvoicingService) -> None:
        self._ledger = ledger
        self._service = service

    def perform(
        self, work: Work, item: str, seller: Organization, context: Context, *, name: str | None = None
    ) -> Performed:
        """Act on one invoice; under `name`, which stands for the run, it is never done twice."""
        found = resolve("invoice", context.organization_id, item)
        if found is None:
            return Performed(result=Result(item=item, code="not_found", detail="there is no such invoice"))
        own = replace(context, command_id=str(uuid4()))
        try:
            command = _command(work, found, seller, context)
            outcome = self._service.execute(command, own, key=_key(name, work, found) if name else None)
        except Refusal as refusal:
            if refusal.code in PASSING:
                raise
            facts = {key: str(value) for key, value in refusal.facts.items()}
            refused = Result(item=item, code=refusal.code, detail=refusal.message, facts=facts)
            return Performed(result=refused)
        body = outcome.answer.body if outcome.answer else _number(outcome)[1]
        number = msgspec.json.decode(body, type=str | None)
        return Performed(result=Result(item=item, number=number), position=outcome.position, replayed=outcome.replayed)

    def advance(self, run_id: StreamId, context: Context, stop: Callable[[], bool] = lambda: False) -> int:
        """Carry a run on to its end, or until told to stop; returns how many invoices got their result.

        The facts about the invoices bear the name of who started the run, and the reason that was given then.
        """
        started = self._ledger.history(run_id, up_to_version=1)[0].meta
        seller = self._ledger.load(ORGANIZATION, context.organization_id).state
        own = replace(
            context,
            actor=started.actor,
            correlation_id=started.correlation_id,
            causation_id=started.command_id,
            reason=started.reason,
        )
        done = 0
        with following(started.traceparent):
            while seller is not None and not stop():
                run = self._ledger.load(BULK_RUN, run_id).state
                if run is None or not run.left:
                    break
                results = self._batch(run.work, run.left[:BATCH], seller, own, run_id)
                self._take_down(run_id, len(run.results), results, context)
                done += len(results)
                if len(results) < min(BATCH, len(run.left)):
                    break
        return done

    def _batch(
        self, work: Work, items: Sequence[str], seller: Organization, context: Context, run_id: StreamId
    ) -> list[Result]:
        """Results up to the first invoice that somebody else is busy with."""
        results: list[Result] = []
        for item in items:
            try:
                results.append(self.perform(work, item, seller, context, name=run_id).result)
            except Refusal:
                break
        return results

    def _take_down(self, run_id: StreamId, done: int, results: Sequence[Result], context: Context) -> None:
        command = AdvanceBulkRun(run_id=run_id, done=done, results=tuple(results))
        self._service.execute(command, replace(context, command_id=str(uuid4())))


def _command(work: Work, invoice_id: StreamId, seller: Organization, context: Context) -> object:
    match work.action:
        case "send":
            body = SendBody(deliver=work.deliver, series=work.series)
            return SendInvoice(invoice_id=invoice_id, sending=sending(body, seller))
        case "remind":
            return RequestReminder(invoice_id=invoice_id)
        case "delete":
            return DiscardDraft(invoice_id=invoice_id, reason=context.reason or "")


def _key(name: str, work: Work, invoice_id: StreamId) -> ClientKey:
    """The key of one invoice in a run. It has spaces, so that no client's key can be the same."""
    fingerprint = sha256(msgspec.json.encode(work, order="deterministic")).digest()
    return ClientKey(key=f"bulk {name} {invoice_id}", fingerprint=fingerprint, render=_number)


def _number(outcome: Outcome) -> tuple[int, bytes]:
    """What is kept under the key of one invoice: the number that it has now."""
    sent = outcome.state.sent
    return 200, msgspec.json.encode(sent.number if sent else None)

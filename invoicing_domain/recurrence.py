"""Billing of recurring invoices: every period whose turn has come, one transaction each, never twice.

Used by the worker that follows the clock and by whoever asks for it now; both may run at once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Final
from uuid import uuid4

from invoicing_domain.categories import RECURRING
from invoicing_domain.model.context import Context
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.recurring.commands import BillPeriod, PauseRecurring
from invoicing_domain.model.recurring.due import Turn, turn
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import ClientKey, InvoicingService, Outcome

PASSING: Final = frozenset({"contended", "period_not_due"})
"""Refusals that say nothing about the invoice: somebody else is at it, and the next pass looks again."""

HOPELESS: Final = frozenset({"customer_erased"})
"""Refusals that no later pass will see the end of: the schedule is paused, and its history says why."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """A period that got its invoice."""

    period: date
    invoice_id: StreamId
    position: int
    problem: str = ""


def generation_key(recurring_id: str, period: date) -> str:
    """The key of an invoice, from its cause alone. It has spaces, so that no client's key can be the same."""
    return f"recurring {recurring_id} {period.isoformat()}"


class Billing:
    """Safe to share between threads."""

    def __init__(self, ledger: Ledger, service: InvoicingService) -> None:
        self._ledger = ledger
        self._service = service

    def run(self, recurring_id: StreamId, context: Context, stop: Callable[[], bool] = lambda: False) -> list[Billed]:
        """Bill what is due of one schedule today, period after period; raises the Refusal of one that cannot be."""
        billed: list[Billed] = []
        while not stop():
            state = self._ledger.load(RECURRING, recurring_id).state
            now = None if state is None else turn(state, context.today)
            if state is None or now is None:
                break
            try:
                made = self._step(recurring_id, now, context, send=state.plan.send)
            except Refusal as refusal:
                if refusal.code in HOPELESS:
                    self._pause(recurring_id, context, refusal.message)
                elif refusal.code not in PASSING:
                    raise
                break
            billed += [] if made is None else [made]
        return billed

    def _step(self, recurring_id: StreamId, now: Turn, context: Context, *, send: bool) -> Billed | None:
        if now.period is None:
            self._execute(_command(recurring_id, None, 0, context), context)
            return None
        reference = self._ledger.recorder.next_reference(context.organization_id, "invoice")
        command = _command(recurring_id, now.period, reference, context)
        try:
            outcome = self._execute(replace(command, send=send), context)
        except Refusal as refusal:
            if not send or refusal.code in PASSING | HOPELESS:
                raise
            _log.warning("recurring invoice %s of %s stays a draft: %s", recurring_id, now.period, refusal.message)
            command = replace(command, problem=f"{refusal.code}: {refusal.message}")
            outcome = self._execute(command, context)
        if outcome.replayed:  # somebody else was first
            return None
        return Billed(
            period=now.period, invoice_id=command.invoice_id, position=outcome.position, problem=command.problem
        )

    def _pause(self, recurring_id: StreamId, context: Context, reason: str) -> None:
        pausing = PauseRecurring(recurring_id=recurring_id, reason=reason)
        self._service.execute(pausing, replace(context, command_id=str(uuid4())))

    def _execute(self, command: BillPeriod, context: Context) -> Outcome:
        key = None
        own = replace(context, command_id=str(uuid4()))
        if command.period is not None:
            text = generation_key(command.recurring_id, command.period)
            own = replace(own, causation_id=text)
            key = ClientKey(key=text, fingerprint=sha256(text.encode()).digest(), render=lambda _: (201, b"{}"))
        return self._service.execute(command, own, key=key)


def _command(recurring_id: StreamId, period: date | None, reference: int, context: Context) -> BillPeriod:
    invoice_id = stream_id("invoice", context.organization_id, reference) if reference else StreamId("")
    return BillPeriod(recurring_id=recurring_id, invoice_id=invoice_id, reference=reference, period=period)

"""The recurring worker: every minute, bill the schedules whose day has come."""

import logging
from collections.abc import Sequence
from datetime import date
from threading import Event
from typing import Any, Final, Protocol
from uuid import uuid4

from psycopg import Connection
from psycopg_pool import ConnectionPool

from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recurrence import Billing
from projections.organization_list import query as organization_list
from projections.recurring_list import query as recurring_list
from workers.lookout import Lookout
from workers.outage import OUTAGE

ACTOR: Final = Actor(kind="worker", id="recurring", name="Recurring invoices")

_log = logging.getLogger(__name__)


class Schedules(Protocol):
    """Where the worker learns which schedules to look at. A hint: the ledger says whether a period is due."""

    def organizations(self) -> Sequence[str]:
        """Ids of all organizations."""
        ...

    def due(self, organization_id: str, today: date) -> Sequence[str]:
        """Ids of schedules of an organization that look due on a day of its calendar."""
        ...


class ListedSchedules:
    """Schedules from the read models."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool

    def organizations(self) -> Sequence[str]:
        with self._pool.connection() as connection:
            return [row.organization_id for row in organization_list.organizations(connection)]

    def due(self, organization_id: str, today: date) -> Sequence[str]:
        with self._pool.connection() as connection:
            return [row.recurring_id for row in recurring_list.due(connection, organization_id, today)]


class RecurringWorker:
    """Not to be shared between threads; any number of them may run at once, on any number of machines."""

    name = "recurring"

    def __init__(self, *, lookout: Lookout, billing: Billing, schedules: Schedules) -> None:
        self._lookout = lookout
        self._billing = billing
        self._schedules = schedules
        self._complained: set[tuple[str, date]] = set()

    def run_once(self, stop: Event | None = None) -> int:
        """One pass over all schedules that look due; returns how many invoices came of it."""
        billed = 0
        for organization_id in self._schedules.organizations():
            profile = self._lookout.profile(organization_id)
            if profile is None:
                continue
            for recurring_id in self._schedules.due(organization_id, self._lookout.today(profile)):
                if stop is not None and stop.is_set():
                    return billed
                billed += self._bill(organization_id, profile, recurring_id, stop)
        return billed

    def _bill(self, organization_id: str, profile: OrganizationProfile, recurring_id: str, stop: Event | None) -> int:
        """What is wrong with one schedule is logged once a day and harms no other."""
        context = self._context(organization_id, profile)
        try:
            billed = self._billing.run(StreamId(recurring_id), context, stop=lambda: stop is not None and stop.is_set())
        except OUTAGE:
            raise
        except Refusal as refusal:
            if (recurring_id, context.today) not in self._complained:
                self._complained = {one for one in self._complained if one[1] == context.today}
                self._complained.add((recurring_id, context.today))
                _log.warning("recurring invoice %s cannot be billed: %s", recurring_id, refusal.message)
            return 0
        except Exception:  # noqa: BLE001 - logged
            _log.exception("recurring invoice %s cannot be billed", recurring_id)
            return 0
        for one in billed:
            _log.info("invoice %s is the one of %s for period %s", one.invoice_id, recurring_id, one.period)
        return len(billed)

    def _context(self, organization_id: str, profile: OrganizationProfile) -> Context:
        command_id = str(uuid4())
        return Context(
            at=self._lookout.now(),
            today=self._lookout.today(profile),
            organization_id=organization_id,
            actor=ACTOR,
            command_id=command_id,
            correlation_id=command_id,
            source="worker",
        )

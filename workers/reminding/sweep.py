"""The sweep for reminders: every minute, look who is to be reminded of what, and make it a job."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from threading import Event
from typing import Any, Final

from psycopg import Connection
from psycopg_pool import ConnectionPool

from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.commands import DropReminder
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.service import InvoicingService
from workers.jobs.book import Jobs
from workers.jobs.enqueue import enqueue
from workers.jobs.job import Status
from workers.lookout import Lookout, View
from workers.outage import harmless
from workers.policies.reminders import NotDue
from workers.reminding.candidates import Candidate, Candidates
from workers.reminding.handler import ACTOR, QUEUE, request_key, wish_for
from workers.reporting import Reporter

_HOPELESS: Final[Mapping[Status, str]] = {
    "dead": "mail_refused",
    "in_doubt": "mail_in_doubt",
    "cancelled": "mail_cancelled",
}
"""Why what was asked for is dropped, by how its job ended; what the server said stays in the book."""

_log = logging.getLogger(__name__)


class ReminderSweep:
    """Not to be shared between threads; any number of them may run at once, on any number of machines."""

    name = QUEUE

    def __init__(
        self,
        *,
        lookout: Lookout,
        service: InvoicingService,
        jobs: Jobs,
        pool: ConnectionPool[Connection[Any]],
        candidates: Candidates,
    ) -> None:
        self._lookout = lookout
        self._reporter = Reporter(service, lookout, ACTOR)
        self._jobs = jobs
        self._pool = pool
        self._candidates = candidates
        self._seen: dict[str, tuple[int, date, tuple[int, ...]]] = {}

    def run_once(self, stop: Event | None = None) -> int:
        """One pass over everything; returns how many reminders became jobs."""
        made = 0
        for organization_id, profile, candidate in self._to_look_at():
            if stop is not None and stop.is_set():
                break
            with harmless("invoice %s cannot be reminded of", candidate.invoice_id):
                made += self._consider(organization_id, profile, candidate.invoice_id)
        return made

    def _to_look_at(self) -> Iterator[tuple[str, OrganizationProfile, Candidate]]:
        """Candidates that were not judged already today as they are; what is no candidate any more is forgotten."""
        seen, self._seen = self._seen, {}
        for organization_id in self._candidates.organizations():
            profile = self._lookout.profile(organization_id)
            if profile is None:
                continue
            today, steps = self._lookout.today(profile), profile.reminder_steps
            for candidate in self._of_organization(organization_id, today, steps):
                known = seen.get(candidate.invoice_id)
                if known is not None and candidate.version <= known[0] and known[1:] == (today, steps):
                    self._seen[candidate.invoice_id] = known
                else:
                    yield organization_id, profile, candidate

    def _of_organization(self, organization_id: str, today: date, steps: tuple[int, ...]) -> Iterable[Candidate]:
        """Each once, and first what somebody asked for: people wait for it."""
        found = list(self._candidates.requested(organization_id))
        if steps:
            found += self._candidates.overdue_unpaid(organization_id, today - timedelta(days=min(steps)))
        return {one.invoice_id: one for one in found}.values()

    def _consider(self, organization_id: str, profile: OrganizationProfile, invoice_id: str) -> int:
        view = self._lookout.view(organization_id, invoice_id)
        if isinstance(view.verdict, NotDue):
            self._drop(organization_id, invoice_id, view, view.verdict.reason)
            self._remember(invoice_id, profile, view, view.verdict)
            return 0
        wish = wish_for(organization_id, invoice_id, view.verdict)
        with self._pool.connection() as connection, connection.transaction():
            made = enqueue(connection, [wish], self._lookout.now())
        if not made:
            self._drop_if_hopeless(organization_id, invoice_id, view, wish.effect_key)
        return made

    def _drop_if_hopeless(self, organization_id: str, invoice_id: str, view: View, key: str) -> None:
        """Who asked is told when the mail was refused, given up, or is in doubt: then they may ask again."""
        job = self._jobs.find(key)
        if job is not None and job.status in _HOPELESS:
            self._drop(organization_id, invoice_id, view, _HOPELESS[job.status])

    def _drop(self, organization_id: str, invoice_id: str, view: View, reason: str) -> None:
        """What was asked for is not sent; nothing to do where nobody asked."""
        request = view.invoice.open_request if view.invoice else None
        if request is not None:
            command = DropReminder(invoice_id=StreamId(invoice_id), request=request, reason=reason)
            key = request_key(invoice_id, request)
            self._reporter.report(organization_id, command, cause=key, name=f"{key}/dropped")

    def _remember(self, invoice_id: str, profile: OrganizationProfile, view: View, verdict: NotDue) -> None:
        self._seen[invoice_id] = (view.version, view.today, profile.reminder_steps)
        if verdict.reason == "no_email":
            number = view.invoice.sent.number if view.invoice and view.invoice.sent else ""
            _log.warning("invoice %s (%s) is overdue, but its customer has no e-mail address", number, invoice_id)

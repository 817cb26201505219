"""The reminder worker: every minute, look whom to remind, and settle what was left undone."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from threading import Event
from typing import Final

import psycopg

from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.recording.patience import StoreUnavailable
from workers.candidates import Candidate, Candidates
from workers.effects import Effect, Effects
from workers.lookout import Lookout, View
from workers.policies.reminders import NotDue, ReminderDue
from workers.remind import QUEUE, Fate, Reminding, effect_key, report_doubt

OUTAGE: Final = (StoreUnavailable, psycopg.OperationalError, psycopg.InterfaceError)
"""Errors of the database rather than of one invoice: the pass ends, and the next one tries again."""

MAIL_IS_DOWN: Final = 3
"""So many mails in a row that the server did not take, and the rest of the pass is left for later."""

_log = logging.getLogger(__name__)


class ReminderWorker:
    """Not to be shared between threads; any number of them may run at once, on any number of machines."""

    name = QUEUE

    def __init__(self, *, lookout: Lookout, reminding: Reminding, effects: Effects, candidates: Candidates) -> None:
        self._lookout = lookout
        self._reminding = reminding
        self._effects = effects
        self._candidates = candidates
        self._seen: dict[str, tuple[int, date, tuple[int, ...]]] = {}

    def run_once(self, stop: Event | None = None) -> int:
        """One pass over everything; returns how many mails were handed over."""
        for effect in self._effects.expire(QUEUE):
            report_doubt(effect.effect_key, str(effect.outcome))
        for effect in self._effects.unrecorded(QUEUE):
            self._record(effect)
        for effect in self._effects.waiting(QUEUE, self._lookout.now()):
            self._strike_out_if_unwanted(effect)
        handed = turned_away = 0
        for organization_id, profile, candidate in self._to_look_at():
            if stop is not None and stop.is_set():
                break
            fate = self._remind(organization_id, profile, candidate)
            if fate == "handed":
                handed, turned_away = handed + 1, 0
            elif fate == "unavailable":
                turned_away += 1
            if turned_away == MAIL_IS_DOWN:
                _log.warning("the mail server takes nothing: the other reminders wait for the next pass")
                break
        return handed

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

    def _remind(self, organization_id: str, profile: OrganizationProfile, candidate: Candidate) -> Fate | None:
        """Remind of one invoice; None when that met a bug."""
        fate: Fate | None = None
        with _harmless("invoice %s cannot be reminded of", candidate.invoice_id):
            handled = self._reminding.remind(organization_id, profile, candidate.invoice_id)
            fate = handled.fate
            if isinstance(handled.view.verdict, NotDue):
                self._remember(candidate.invoice_id, profile, handled.view, handled.view.verdict)
        return fate

    def _remember(self, invoice_id: str, profile: OrganizationProfile, view: View, verdict: NotDue) -> None:
        self._seen[invoice_id] = (view.version, view.today, profile.reminder_steps)
        if verdict.reason == "no_email":
            number = view.invoice.sent.number if view.invoice and view.invoice.sent else ""
            _log.warning("invoice %s (%s) is overdue, but its customer has no e-mail address", number, invoice_id)

    def _record(self, effect: Effect) -> None:
        """The mail went out and its fact is missing: somebody died in between, or is about to record it just now."""
        with _harmless("%s went out, but cannot be recorded", effect.effect_key):
            profile = self._lookout.profile(effect.organization_id)
            if profile is not None:
                self._reminding.record(
                    effect.organization_id, profile, effect.effect_key, effect.attempt, effect.payload
                )

    def _strike_out_if_unwanted(self, effect: Effect) -> None:
        """A retry that has lost its cause: paid meanwhile, held, or passed over by a higher step."""
        with _harmless("%s cannot be judged again", effect.effect_key):
            profile = self._lookout.profile(effect.organization_id)
            verdict = self._lookout.view(profile, effect.payload["invoice_id"]).verdict if profile else None
            invoice_id = effect.payload["invoice_id"]
            if not (isinstance(verdict, ReminderDue) and effect_key(invoice_id, verdict) == effect.effect_key):
                self._effects.forget(effect.effect_key)
                _log.info("%s is not wanted any more: %s", effect.effect_key, verdict)


@contextmanager
def _harmless(complaint: str, subject: str) -> Iterator[None]:
    """What goes wrong with one document is logged and harms no other; an outage of the database ends the pass."""
    try:
        yield
    except OUTAGE:
        raise
    except Exception:  # noqa: BLE001 - logged
        _log.exception(complaint, subject)

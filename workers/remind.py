"""One reminder from the wish to the fact: claim, decide again, hand over, write down what came of it, record it.

The order is the point. Whatever happens between two lines here, the book says enough to go on without a second mail.
"""

import logging
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from hashlib import sha256
from typing import Any, Final, Literal
from uuid import NAMESPACE_URL, uuid5

from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.commands import DropReminder, RecordReminder
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.service import ClientKey, InvoicingService
from workers.effects import Claim, Effects, Wish
from workers.lookout import Lookout, View
from workers.mail.envelope import message_id
from workers.mail.transport import Handed, MailInDoubt, MailRefused, MailTransport, MailUnavailable
from workers.policies.backoff import pause_before
from workers.policies.reminders import NotDue, ReminderDue
from workers.reminder_mail import reminder_message

QUEUE: Final = "reminders"
ACTOR: Final = Actor(kind="worker", id=QUEUE, name="Reminders")

_HOPELESS: Final = {"dead": "mail_refused", "in_doubt": "mail_in_doubt", "cancelled": "mail_cancelled"}
"""Why what was asked for is dropped, by how its effect ended; what the server said stays in the book."""

Fate = Literal["not_due", "not_ours", "handed", "unavailable", "refused", "in_doubt"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a candidate; the view is the last one that was taken."""

    view: View
    fate: Fate


class Reminding:
    """Sends what is due. Decides by the ledger, never by a read model."""

    def __init__(
        self,
        *,
        lookout: Lookout,
        service: InvoicingService,
        effects: Effects,
        transport: MailTransport,
        mail_from: Address,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._lookout = lookout
        self._service = service
        self._effects = effects
        self._transport = transport
        self._mail_from = mail_from
        self._chance = chance

    def remind(self, organization_id: str, profile: OrganizationProfile, invoice_id: str) -> Handled:
        """Send the step that is due, if one is and nobody else is at it."""
        first = self._lookout.view(profile, invoice_id)
        if isinstance(first.verdict, NotDue):
            self._drop(organization_id, profile, invoice_id, first, first.verdict.reason)
            return Handled(first, "not_due")
        wish = self._wish(organization_id, invoice_id, first, first.verdict)
        claim = self._effects.claim(wish, self._lookout.now())
        if claim is None:
            self._drop_if_hopeless(organization_id, profile, invoice_id, first, wish.effect_key)
            return Handled(first, "not_ours")
        with self._giving_back(claim):
            view = self._lookout.view(profile, invoice_id)
        if view.verdict != first.verdict or view.recipient != first.recipient or view.today != first.today:
            self._effects.withdraw(claim)
            return Handled(view, "not_ours" if isinstance(view.verdict, ReminderDue) else "not_due")
        fate = self._send(claim, view, first.verdict)
        if fate == "handed":
            self.record(organization_id, profile, claim.effect_key, claim.attempt, wish.payload)
        return Handled(view, fate)

    def record(
        self, organization_id: str, profile: OrganizationProfile, key: str, attempt: int, payload: Mapping[str, Any]
    ) -> None:
        """Turn an accepted mail into a fact. May be repeated: the fact is recorded once per step."""
        command = RecordReminder(
            invoice_id=StreamId(payload["invoice_id"]),
            step=payload["step"],
            date=date.fromisoformat(payload["date"]),
            to=payload["to"],
            message_id=payload["message_id"],
            passed_over=tuple(payload["passed_over"]),
            request=payload.get("request"),
        )
        context = self._context(organization_id, profile, key, f"{key}/{attempt}")
        outcome = self._service.execute(command, context, key=_client_key(key))
        self._effects.recorded(key, outcome.position)

    def _drop_if_hopeless(
        self, organization_id: str, profile: OrganizationProfile, invoice_id: str, view: View, key: str
    ) -> None:
        """Who asked is told when the mail was refused, given up, or is in doubt: then they may ask again."""
        effect = self._effects.find(key)
        if effect is not None and effect.status in _HOPELESS:
            self._drop(organization_id, profile, invoice_id, view, _HOPELESS[effect.status])

    def _drop(
        self, organization_id: str, profile: OrganizationProfile, invoice_id: str, view: View, reason: str
    ) -> None:
        """What was asked for is not sent; nothing to do where nobody asked."""
        request = view.invoice.open_request if view.invoice else None
        if request is None:
            return
        command = DropReminder(invoice_id=StreamId(invoice_id), request=request, reason=reason)
        key = _request_key(invoice_id, request)
        self._service.execute(command, self._context(organization_id, profile, key, f"{key}/dropped"))

    def _context(self, organization_id: str, profile: OrganizationProfile, key: str, name: str) -> Context:
        command_id = str(uuid5(NAMESPACE_URL, name))
        return Context(
            at=self._lookout.now(),
            today=self._lookout.today(profile),
            organization_id=organization_id,
            actor=ACTOR,
            command_id=command_id,
            correlation_id=command_id,
            causation_id=key,
            source="worker",
        )

    def _wish(self, organization_id: str, invoice_id: str, view: View, due: ReminderDue) -> Wish:
        key = effect_key(invoice_id, due)
        return Wish(
            effect_key=key,
            organization_id=organization_id,
            queue=QUEUE,
            lock_key=f"invoice:{invoice_id}",
            payload={
                "invoice_id": invoice_id,
                "step": due.step,
                "passed_over": list(due.passed_over),
                "request": due.request,
                "date": view.today.isoformat(),
                "to": view.recipient,
                "message_id": message_id(key, self._mail_from.domain),
            },
        )

    def _send(self, claim: Claim, view: View, due: ReminderDue) -> Fate:
        try:
            with self._giving_back(claim, unless=ValueError):
                message = self._message(claim.effect_key, view, due)
        except ValueError as error:
            return self._refused(claim, f"the mail cannot be written: {error}")
        try:
            handed = self._transport.send(message)
        except (MailRefused, ValueError) as error:
            return self._refused(claim, str(error))
        except MailUnavailable as error:
            return self._unavailable(claim, str(error))
        except MailInDoubt as error:
            return self._in_doubt(claim, str(error))
        except Exception as error:  # noqa: BLE001 - logged, and the mail is in doubt
            _log.exception("the mail of %s failed in a way that nobody thought of", claim.effect_key)
            return self._in_doubt(claim, repr(error))
        return self._handed(claim, handed)

    @contextmanager
    def _giving_back(self, claim: Claim, unless: type[Exception] | tuple[()] = ()) -> Iterator[None]:
        """An error before the mail leaves the house must not leave a doubt behind."""
        try:
            yield
        except unless:
            raise
        except Exception:
            self._effects.withdraw(claim)
            raise

    def _message(self, key: str, view: View, due: ReminderDue) -> EmailMessage:
        if view.invoice is None or view.invoice.sent is None or view.recipient is None:
            raise ValueError("only a sent invoice with an address is reminded of")
        return reminder_message(
            view.invoice,
            view.invoice.sent,
            step=due.step,
            recipient=view.recipient,
            effect_key=key,
            mail_from=self._mail_from,
            at=self._lookout.now(),
            today=view.today,
        )

    def _handed(self, claim: Claim, handed: Handed) -> Fate:
        outcome = {"message_id": handed.message_id, "answer": handed.answer, "at": self._lookout.now().isoformat()}
        if not self._effects.sent(claim, outcome):
            _log.error("%s was handed over, but somebody else settled it meanwhile: look at it", claim.effect_key)
            return "in_doubt"
        _log.info("%s is handed over: %s", claim.effect_key, handed.answer)
        return "handed"

    def _refused(self, claim: Claim, reason: str) -> Fate:
        self._effects.dead(claim, reason)
        _log.error("%s is refused for good: %s", claim.effect_key, reason)
        return "refused"

    def _unavailable(self, claim: Claim, reason: str) -> Fate:
        run_at = self._lookout.now() + pause_before(claim.attempt, self._chance())
        status = self._effects.later(claim, run_at, reason)
        if status == "dead":
            _log.error("%s is given up after %s attempts: %s", claim.effect_key, claim.attempt, reason)
        else:
            _log.warning("%s has to wait until %s: %s", claim.effect_key, run_at.isoformat(), reason)
        return "unavailable"

    def _in_doubt(self, claim: Claim, reason: str) -> Fate:
        self._effects.doubt(claim, reason)
        report_doubt(claim.effect_key, reason)
        return "in_doubt"


def effect_key(invoice_id: str, due: ReminderDue) -> str:
    return f"reminder:{invoice_id}:{due.step}" if due.request is None else _request_key(invoice_id, due.request)


def _request_key(invoice_id: str, request: int) -> str:
    return f"reminder:{invoice_id}:request:{request}"


def report_doubt(key: str, reason: str) -> None:
    _log.error("%s may or may not have gone out and is not sent again; a person decides: %s", key, reason)


def _client_key(key: str) -> ClientKey:
    return ClientKey(key=f"effect:{key}", fingerprint=sha256(key.encode()).digest(), render=lambda _: (200, b"{}"))

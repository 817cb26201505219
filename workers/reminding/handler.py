"""How the job of one reminder is carried out: decide again, write the mail, hand it over, record it."""

from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Final

from invoicing_domain.letters.about import reminder_of
from invoicing_domain.letters.reminder import render_reminder
from invoicing_domain.model.context import Actor
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.commands import RecordReminder
from invoicing_domain.service import InvoicingService
from workers.jobs.job import Answer, Call, Dead, Job, Unwanted, Wish
from workers.lookout import Lookout, View
from workers.mail.envelope import message_id
from workers.mail.handover import DESTINATION, hand_over
from workers.mail.letters import letter
from workers.mail.transport import MailTransport
from workers.policies.reminders import NotDue, ReminderDue
from workers.reporting import Reporter

QUEUE: Final = "reminders"
ACTOR: Final = Actor(kind="worker", id=QUEUE, name="Reminders")


class Reminding:
    """The handler of reminders. Decides by the ledger, never by a read model."""

    queue = QUEUE

    def __init__(
        self,
        *,
        lookout: Lookout,
        service: InvoicingService,
        transport: MailTransport,
        mail_from: Address,
        public_url: str | None = None,
    ) -> None:
        self._lookout = lookout
        self._reporter = Reporter(service, lookout, ACTOR)
        self._transport = transport
        self._mail_from = mail_from
        self._public_url = public_url

    def prepare(self, job: Job) -> Answer | Call:
        """A payment, a credit note, a hold or a higher step since the wish was made: then nothing goes out."""
        invoice_id, now = job.payload["invoice_id"], self._lookout.now()
        view = self._lookout.view(job.organization_id, invoice_id)
        due = view.verdict
        if isinstance(due, NotDue):
            return Unwanted(due.reason)
        if effect_key(invoice_id, due) != job.effect_key:
            return Unwanted("another reminder is due by now")
        try:
            message = self._message(job, view, due)
        except ValueError as error:
            return Dead(f"the mail cannot be written: {error}")
        customer_id = view.invoice.header.customer.customer_id if view.invoice else ""
        intent = {
            "to": self._lookout.hidden(job.organization_id, customer_id, view.recipient or "", job.effect_key),
            "date": view.today.isoformat(),
            "message_id": message_id(job.effect_key, self._mail_from.domain),
            "passed_over": list(due.passed_over),
        }
        return Call(intent, lambda: hand_over(self._transport, message, now))

    def resolve(self, job: Job) -> Answer | None:
        """No machine repeats a reminder: a debtor who is not written to is the smaller harm."""
        del job
        return None

    def record(self, job: Job) -> int:
        if job.status != "sent" or job.outcome is None:
            return 0
        command = RecordReminder(
            invoice_id=StreamId(job.payload["invoice_id"]),
            step=job.payload["step"],
            date=date.fromisoformat(job.outcome["date"]),
            to=self._lookout.shown(job.outcome["to"]),
            message_id=job.outcome["message_id"],
            passed_over=tuple(job.outcome["passed_over"]),
            request=job.payload.get("request"),
        )
        return self._reporter.of_job(job, command)

    def _message(self, job: Job, view: View, due: ReminderDue) -> EmailMessage:
        if view.invoice is None or view.invoice.sent is None or view.recipient is None:
            raise ValueError("only a sent invoice with an address is reminded of")
        sent = view.invoice.sent
        own = self._lookout.template(job.organization_id, "reminder", sent.customer.language)
        link = self._lookout.unsubscribe_link(self._public_url, job.organization_id, sent.customer.customer_id)
        said = reminder_of(view.invoice, sent, step=due.step, today=view.today, unsubscribe=link)
        return letter(
            render_reminder(said, own),
            seller=sent.seller,
            buyer=sent.customer,
            recipient=view.recipient,
            effect_key=job.effect_key,
            mail_from=self._mail_from,
            at=self._lookout.now(),
            unsubscribe=link,
        )


def wish_for(organization_id: str, invoice_id: str, due: ReminderDue) -> Wish:
    return Wish(
        effect_key=effect_key(invoice_id, due),
        organization_id=organization_id,
        queue=QUEUE,
        lock_key=f"invoice:{invoice_id}",
        destination=DESTINATION,
        payload={"invoice_id": invoice_id, "step": due.step, "request": due.request},
    )


def effect_key(invoice_id: str, due: ReminderDue) -> str:
    return f"reminder:{invoice_id}:{due.step}" if due.request is None else request_key(invoice_id, due.request)


def request_key(invoice_id: str, request: int) -> str:
    return f"reminder:{invoice_id}:request:{request}"

"""Messages of the topic of commands: what other systems may ask for, by name, and how they are answered.

A message carries the body that HTTP takes for the same wish, and the document where HTTP has it in the path.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from invoicing_domain.categories import INVOICE
from invoicing_domain.model.identity import reference_of
from invoicing_domain.model.invoice.commands import RequestReminder, SendInvoice
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.payment.commands import RecordPayment
from invoicing_domain.requests import commands
from invoicing_domain.requests.asker import Asker
from invoicing_domain.requests.bodies import Body, FromOrderBody, InvoiceBody, InvoicePaymentBody, PaymentBody, SendBody
from invoicing_domain.requests.misread import FieldError
from invoicing_domain.requests.texts import Id
from invoicing_domain.service import Outcome


class SendMessage(SendBody, frozen=True, kw_only=True):
    """Send a draft: it gets its legal number and is frozen."""

    invoice_id: Id


class PayMessage(InvoicePaymentBody, frozen=True, kw_only=True):
    """A payment to one invoice that was seen elsewhere; what is above its balance stays as the customer's credit."""

    invoice_id: Id


class RemindMessage(Body, frozen=True, kw_only=True):
    """Remind the debtor by mail now."""

    invoice_id: Id


class Accepted(msgspec.Struct, frozen=True, kw_only=True, tag_field="outcome", tag="accepted"):
    """The command was recorded; `id`, `reference` and `number` are those of the document it was about, or made."""

    command_id: str
    command_type: str
    id: str
    reference: int
    number: str | None
    version: int
    position: int


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag_field="outcome", tag="refused"):
    """The command was understood and turned down; nothing was recorded."""

    command_id: str
    command_type: str
    code: str
    message: str
    errors: tuple[FieldError, ...] = ()
    facts: dict[str, Any] = {}


Result = Accepted | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A wish that may come as a message."""

    body: type[msgspec.Struct]
    command: Callable[[Any, Asker], object]


def _send(body: SendMessage, asker: Asker) -> SendInvoice:
    invoice_id = asker.invoice(body.invoice_id, "/invoice_id")
    return SendInvoice(invoice_id=invoice_id, sending=commands.sending(body, asker.organization))


def _pay(body: PayMessage, asker: Asker) -> RecordPayment:
    invoice_id = asker.invoice(body.invoice_id, "/invoice_id")
    invoice = sent_of(asker.ledger.load(INVOICE, invoice_id).state)
    return commands.invoice_payment(body, invoice_id, invoice, asker)


def _remind(body: RemindMessage, asker: Asker) -> RequestReminder:
    return RequestReminder(invoice_id=asker.invoice(body.invoice_id, "/invoice_id"))


KINDS: Final[Mapping[str, Kind]] = {
    "invoice.from_order": Kind(body=FromOrderBody, command=commands.invoice_order),
    "invoice.draft": Kind(body=InvoiceBody, command=commands.draft),
    "invoice.send": Kind(body=SendMessage, command=_send),
    "invoice.pay": Kind(body=PayMessage, command=_pay),
    "invoice.remind": Kind(body=RemindMessage, command=_remind),
    "payment.record": Kind(body=PaymentBody, command=commands.payment),
}
"""By `ce_type`. Names are for ever."""


def accepted(command_id: str, command_type: str, outcome: Outcome) -> Accepted:
    state = outcome.state
    return Accepted(
        command_id=command_id,
        command_type=command_type,
        id=outcome.stream_id,
        reference=reference_of(outcome.stream_id),
        number=state.sent.number if isinstance(state, Invoice) and state.sent else None,
        version=outcome.version,
        position=0,
    )

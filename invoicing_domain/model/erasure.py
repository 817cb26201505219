"""Where personal data stand in facts and states: declared here, sealed by whoever stores them.

A fact is about one customer, so it parts in two: a whole fact that may be kept for ever, and one record of what that
leaves out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from invoicing_domain.model.credit_note import events as credit_note
from invoicing_domain.model.credit_note.events import Issued
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.customer.events import CustomerChanged, CustomerRegistered
from invoicing_domain.model.customer.state import Customer
from invoicing_domain.model.invoice import events as invoice
from invoicing_domain.model.invoice.events import DraftChanged, Drafted, ReminderSent, Sent
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.mailing import Mails
from invoicing_domain.model.payment.events import Recorded
from invoicing_domain.model.payment.state import Payment
from invoicing_domain.model.personal import Personal, personal_of, without
from invoicing_domain.model.proforma.events import ProformaDrafted, ProformaSent
from invoicing_domain.model.proforma.state import Proforma
from invoicing_domain.model.recurring.events import RecurringChanged, RecurringScheduled
from invoicing_domain.model.recurring.state import RecurringInvoice

_PROFILE: Final = ("profile",)
_HEADER: Final = ("header", "customer")
_PLAN: Final = ("plan", "header", "customer")

_HOLDERS: Final[Mapping[type, tuple[str, ...]]] = {
    CustomerRegistered: _PROFILE,
    CustomerChanged: _PROFILE,
    Customer: _PROFILE,
    Drafted: _HEADER,
    DraftChanged: _HEADER,
    Sent: ("customer",),
    ReminderSent: (),
    Issued: ("customer",),
    CreditNote: ("issued", "customer"),
    invoice.EmailRequested: (),
    invoice.Emailed: (),
    invoice.EmailFailed: (),
    credit_note.EmailRequested: (),
    credit_note.Emailed: (),
    credit_note.EmailFailed: (),
    Recorded: (),
    Payment: ("recorded",),
    ProformaDrafted: _HEADER,
    ProformaSent: ("customer",),
    Proforma: _HEADER,
    RecurringScheduled: _PLAN,
    RecurringChanged: _PLAN,
    RecurringInvoice: _PLAN,
}
"""The way from a fact or a state to what holds personal data."""

_FISCAL: Final = frozenset({Sent, Issued, CreditNote})
"""Documents by law: who the buyer is belongs to them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A fact in two: `kept` stays readable for ever, `personal` as long as the customer is not erased."""

    customer_id: str
    kept: Any
    personal: Personal


def parted(fact: Any, stream_id: str) -> Parts | None:
    """A fact (or a state) of a stream, parted; None where it holds nothing personal."""
    path = _HOLDERS.get(type(fact))
    if path is None:
        return None
    holder = _at(fact, path)
    personal = personal_of(holder, fiscal=type(fact) in _FISCAL)
    customer_id: str = getattr(holder, "customer_id", stream_id)
    if not personal or not customer_id:
        return None
    return Parts(customer_id, _with(fact, path, without(holder, personal)), personal)


def whole(fact: Any, personal: Personal) -> Any:
    """The fact as it was before it was parted."""
    path = _HOLDERS[type(fact)]
    return _with(fact, path, replace(_at(fact, path), **personal))


def parted_state(state: Any, stream_id: str) -> Parts | None:
    """A state, parted into what it folds to once the customer is erased, and nothing else."""
    kept = _erased(state, stream_id)
    return None if kept == state else Parts(_customer_of(state, stream_id), kept, {})


def _erased(state: Any, stream_id: str) -> Any:
    match state:
        case CreditNote():
            return replace(_kept(state, stream_id), mails=_kept_mails(state.mails, stream_id))
        case Invoice(header=header, sent=sent, reminders=reminders):
            buyer = without(header.customer, personal_of(header.customer, fiscal=sent is not None))
            told = tuple(_kept(reminder, stream_id) for reminder in reminders)
            kept = replace(state, header=replace(header, customer=buyer), sent=_kept(sent, stream_id), reminders=told)
            return replace(kept, mails=_kept_mails(state.mails, stream_id))
        case Proforma(sent=sent):
            return replace(_kept(state, stream_id), sent=_kept(sent, stream_id))
        case _:
            return _kept(state, stream_id)


def _kept_mails(mails: Mails, stream_id: str) -> Mails:
    parts: tuple[tuple[Any, ...], ...] = (mails.open, mails.sent, mails.failed)
    asked, sent, failed = (tuple(_kept(one, stream_id) for one in part) for part in parts)
    return replace(mails, open=asked, sent=sent, failed=failed)


def _kept(part: Any, stream_id: str) -> Any:
    parts = parted(part, stream_id)
    return part if parts is None else parts.kept


def _customer_of(state: Any, stream_id: str) -> str:
    holder = state.header.customer if isinstance(state, Invoice) else _at(state, _HOLDERS[type(state)])
    customer_id: str = getattr(holder, "customer_id", stream_id)
    return customer_id


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = getattr(value, name)
    return value


def _with(value: Any, path: tuple[str, ...], part: Any) -> Any:
    """A copy of a value in which the part at the end of a path is another one."""
    if not path:
        return part
    return replace(value, **{path[0]: _with(getattr(value, path[0]), path[1:], part)})

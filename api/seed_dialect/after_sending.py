"""An update of a sent invoice: what differs from it, and which of that may still be said, each as a fact of its own."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from msgspec import UNSET

from api.entrance.call import Call
from api.entrance.problems import Problem
from api.seed_dialect.codes import currency_of
from api.seed_dialect.columns import invoice_columns
from api.seed_dialect.forms import KEPT, InvoiceChange, LineEdit, is_set
from api.seed_dialect.headers import address_of, discount_of
from api.seed_dialect.kept import PREFIX, kept
from api.seed_dialect.lines import line_changes, untaxed_by
from invoicing_domain.model.identity import StreamId, resolve
from invoicing_domain.model.invoice import decide
from invoicing_domain.model.invoice.commands import AddNote, ExtendDueDate, HoldReminders, ResumeReminders, ReviseDraft
from invoicing_domain.model.invoice.state import Invoice

Command = ExtendDueDate | AddNote | HoldReminders | ResumeReminders

_TOLD: Final = ("adminnote", "cancel_overdue_reminders")
_PLAIN: Final = ("date", "subtotal", "total", "adjustment", "clientnote")
_JUDGED: Final = frozenset({"description", "details", "quantity", "unit", "unit_price", "vat"})
_REASON: Final = "changed by a client of the old dialect"


def changes_of(form: InvoiceChange, invoice_id: StreamId, now: Invoice, call: Call) -> list[Command]:
    """What the form says anew of a sent invoice; refused when it is anything that the document says.

    Old clients send back all they have read: what is as it is changes nothing. The due date always comes first, so that
    a form without news is a command too, and silent.
    """
    if any(_frozen(form, now, call)):
        decide.revise(now, ReviseDraft(invoice_id=invoice_id), call.context)  # refuses, with the way out
        raise Problem(409, "invoice_already_sent", "a sent invoice stays as it is")
    reason = call.context.reason or _REASON
    due = form.duedate or now.due_date or call.context.today
    commands: list[Command] = [ExtendDueDate(invoice_id=invoice_id, due_date=due, reason=reason)]
    columns = invoice_columns(now, call.organization.profile, call.context.today, None)
    if form.adminnote and form.adminnote != columns["adminnote"]:
        commands.append(AddNote(invoice_id=invoice_id, text=form.adminnote))
    if form.cancel_overdue_reminders is not UNSET and is_set(form.cancel_overdue_reminders) != now.reminders_held:
        held = now.reminders_held
        commands.append((ResumeReminders if held else HoldReminders)(invoice_id=invoice_id, reason=reason))
    return commands


def _frozen(form: InvoiceChange, now: Invoice, call: Call) -> Iterator[bool]:
    """Whether a part of the form would change what the document says; lazily, part by part."""
    home, header = call.organization.profile, now.header
    columns = invoice_columns(now, home, call.context.today, None)
    yield bool(form.newitems) or any(form.removed_items or ())
    yield any(not _same(getattr(form, name), columns[name]) for name in _PLAIN)
    yield bool(form.number) and not _is_number(str(form.number), now)
    yield bool(form.currency) and currency_of(str(form.currency), home.currency) != now.currency
    yield bool(form.clientid) and resolve("customer", call.organization_id, str(form.clientid)) != (
        header.customer.customer_id
    )
    yield address_of(form, header.customer.address) != header.customer.address
    yield discount_of(form, header.discount) != header.discount
    after = kept(form, header.metadata)
    yield any(after.get(PREFIX + name) != header.metadata.get(PREFIX + name) for name in KEPT if name not in _TOLD)
    yield any(_changes(edit, n, now) for n, edit in enumerate(form.items or ()))


def _same(given: object, shown: object) -> bool:
    if given is UNSET or str(given or "") == str(shown or ""):
        return True
    try:
        return Decimal(str(given)) == Decimal(str(shown))
    except InvalidOperation:
        return False


def _is_number(text: str, now: Invoice) -> bool:
    """The number as it is read, with or without prefix and zeros."""
    if now.sent is None:
        return False
    counter = now.sent.number.removeprefix(now.sent.series)
    return text.removeprefix(now.sent.series).lstrip("0") == counter.lstrip("0")


def _changes(edit: LineEdit, position: int, now: Invoice) -> bool:
    line = next((line for line in now.lines if line.id == edit.itemid), None)
    if line is None or now.sent is None:
        return True
    changes = line_changes(edit, f"/items/{position}", untaxed_by(now.sent.seller))
    return any(value != getattr(line, name) for name, value in changes.items() if name in _JUDGED)

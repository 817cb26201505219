"""Forms to commands: a new draft (sent at once if so wished), a changed draft, and totals compared before either."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from msgspec import UNSET

from api.doors import Doors
from api.entrance.call import Call
from api.entrance.problems import Problem, invalid
from api.seed_dialect.forms import InvoiceChange, InvoiceForm, NewInvoice, is_set
from api.seed_dialect.headers import header_changes, new_header
from api.seed_dialect.kept import PREFIX, with_units
from api.seed_dialect.lines import in_their_order, line_changes, line_inputs, untaxed_by
from api.seed_dialect.money_forms import NewCreditNote
from api.seed_dialect.recurrence import with_schedule
from api.translation.amounts import amount
from invoicing_domain.model.amounts import SIGNED_AMOUNT
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.invoice import decide
from invoicing_domain.model.invoice.commands import DraftInvoice, ReviseDraft, Sending
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.state import Invoice, evolve, fold
from invoicing_domain.model.vat import Totals
from invoicing_domain.requests.bodies import SendBody
from invoicing_domain.requests.commands import sending as sending_of
from invoicing_domain.requests.misread import FieldError
from invoicing_domain.requests.values import number

TOLERANCE: Final = Decimal("0.01")
"""By how much a client's own arithmetic may differ, in major units."""

NO_ITEMS: Final = "The Items field is required"


def wants_sending(form: InvoiceForm) -> bool:
    if is_set(form.save_and_send) and (is_set(form.save_as_draft) or is_set(form.save_and_send_later)):
        raise invalid("/save_and_send", "contradicts save_as_draft and save_and_send_later")
    return is_set(form.save_and_send)


def new_draft(form: NewInvoice, call: Call, doors: Doors) -> DraftInvoice:
    field, given = ("newitems", form.newitems) if form.newitems else ("items", form.items)
    if not given:
        raise Problem(
            422,
            "validation_failed",
            NO_ITEMS,
            errors=(FieldError(pointer="newitems[]", code="missing", detail=NO_ITEMS),),
        )
    header = new_header(form, call, doors)
    metadata = with_schedule(header.metadata, header.issue_date or call.context.today, call, doors)
    placed = in_their_order(given)
    words = {str(n): line.unit or None for n, (_, line) in enumerate(placed, start=1)}
    reference = doors.new(call, "invoice")
    command = DraftInvoice(
        invoice_id=stream_id("invoice", call.organization_id, reference),
        reference=reference,
        header=replace(header, metadata=with_units(metadata, words)),
        lines=line_inputs(placed, field, untaxed_by(call.organization.profile)),
        series=call.organization.profile.invoice_series,
        sending=sending(header, call) if wants_sending(form) else None,
    )
    first, *others = decide.draft(None, command, call.context)
    compare(form, fold(others, evolve(None, first)).totals)
    return command


def change(form: InvoiceChange, invoice_id: StreamId, now: Invoice, call: Call, doors: Doors) -> ReviseDraft:
    """The change of a draft as it is `now`; refuses like the command itself, before anything else is said."""
    decide.revise(now, ReviseDraft(invoice_id=invoice_id), call.context)
    changes = header_changes(form, now.header, call, doors)
    edits, added = form.items or (), in_their_order(form.newitems or ())
    untaxed = untaxed_by(call.organization.profile)
    words: dict[str, str | None] = {edit.itemid: edit.unit or None for edit in edits if edit.unit is not UNSET}
    words |= {str(n): line.unit or None for n, (_, line) in enumerate(added, start=now.lines_numbered + 1)}
    day = changes.get("issue_date") or now.header.issue_date or call.context.today
    changes["metadata"] = with_units(with_schedule(changes["metadata"], day, call, doors), words)
    command = ReviseDraft(
        invoice_id=invoice_id,
        changes=changes,
        changed=tuple((edit.itemid, line_changes(edit, f"/items/{n}", untaxed)) for n, edit in enumerate(edits)),
        removed=tuple(line_id for line_id in form.removed_items or () if line_id),
        added=line_inputs(added, "newitems", untaxed, now.lines),
    )
    compare(form, fold(decide.revise(now, command, call.context), now).totals)
    return command


def compare(form: InvoiceForm | NewCreditNote, totals: Totals) -> None:
    """Totals that a client states are never taken, always compared: its arithmetic and ours have to agree."""
    computed = {"subtotal": totals.lines_net, "total": totals.gross, "discount_total": totals.discount}
    for field, ours in computed.items():
        text = getattr(form, field, None)
        if not text:
            continue
        theirs = number(text, SIGNED_AMOUNT, f"/{field}")
        if abs(theirs - ours.decimal) > TOLERANCE:
            detail = f"is {amount(ours)} by the lines of the invoice, not {text}"
            raise Problem(
                422,
                "totals_differ",
                detail,
                errors=(FieldError(pointer=f"/{field}", code="totals_differ", detail=detail),),
                facts={"computed": {name: amount(money) for name, money in computed.items()}},
            )


def sending(header: Header, call: Call) -> Sending:
    """Sent by e-mail where the client has an address; without reminders where the form said so."""
    how = sending_of(SendBody(deliver="email" if header.customer.email else "none"), call.organization)
    return replace(how, hold_reminders=is_set(header.metadata.get(f"{PREFIX}cancel_overdue_reminders")))

"""A credit note from a form: the invoice that it corrects, and which of its lines are taken back."""

from collections.abc import Sequence

from api.doors import Doors
from api.entrance.call import Call
from api.entrance.problems import Problem, invalid
from api.seed_dialect.answers import ROOT
from api.seed_dialect.codes import currency_of
from api.seed_dialect.commands import compare
from api.seed_dialect.headers import claim_of
from api.seed_dialect.money_forms import CreditLine, NewCreditNote
from invoicing_domain.categories import INVOICE
from invoicing_domain.model.amounts import QUANTITY, UNIT_PRICE
from invoicing_domain.model.credit_note.amounts import credit_totals, lines_to_credit
from invoicing_domain.model.identity import StreamId, resolve, stream_id
from invoicing_domain.model.invoice.commands import IssueCreditNote, LineToCredit
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.organization.state import as_seller
from invoicing_domain.requests.values import number
from projections.invoice_list import query as invoice_list

NEEDS_INVOICE = "a credit note corrects an invoice: name it by invoiceid, or by its number in reference_no"


def new_credit_note(form: NewCreditNote, call: Call, doors: Doors) -> IssueCreditNote:
    """Issued at once, today; without lines all that is not credited yet is taken back."""
    invoice_id = _invoice_of(form, call, doors)
    invoice = sent_of(doors.ledger.load(INVOICE, invoice_id).state)
    _check_said(form, invoice, call)
    lines = _lines(form, invoice)
    compare(form, credit_totals(invoice, lines_to_credit(invoice, lines))[0])
    profile = call.organization.profile
    claim = claim_of(form.number or None, call, doors, "credit_note", profile.credit_note_series)
    reference = doors.new(call, "credit_note")
    said = (form.clientnote, form.adminnote, form.terms)
    return IssueCreditNote(
        invoice_id=invoice_id,
        credit_note_id=stream_id("credit_note", call.organization_id, reference),
        reference=reference,
        series=profile.credit_note_series,
        seller=as_seller(call.organization),
        reason=next((text for text in said if text), f"Storno {invoice.sent.number if invoice.sent else ''}"),
        lines=lines,
        number_claim=claim,
    )


def _invoice_of(form: NewCreditNote, call: Call, doors: Doors) -> StreamId:
    if form.invoiceid:
        return doors.asker(call).invoice(form.invoiceid, "/invoiceid")
    if not form.reference_no:
        raise invalid("/invoiceid", NEEDS_INVOICE, "missing_invoice")
    with doors.reading() as connection:
        row = invoice_list.get(connection, call.organization_id, number=form.reference_no)
    if row is None:
        raise invalid("/reference_no", f"no invoice has the number {form.reference_no}", "unknown_invoice")
    return StreamId(row.invoice_id)


def _check_said(form: NewCreditNote, invoice: Invoice, call: Call) -> None:
    """What the client says beside the invoice must be what the invoice says, or today."""
    buyer = invoice.header.customer.customer_id
    if form.clientid and resolve("customer", call.organization_id, form.clientid) != buyer:
        raise invalid("/clientid", "is not the client of the invoice")
    if form.currency and currency_of(form.currency, call.organization.profile.currency) != invoice.currency:
        raise invalid("/currency", f"is not {invoice.currency}, the currency of the invoice")
    today = call.context.today
    if form.date and form.date != today:
        raise invalid("/date", f"is {today}: a credit note is issued on the day on which it is made")


def _lines(form: NewCreditNote, invoice: Invoice) -> tuple[LineToCredit, ...]:
    field, given = ("newitems", form.newitems) if form.newitems else ("items", form.items)
    return tuple(
        LineToCredit(
            line_id=_line_id(line, invoice.lines, f"/{field}/{n}"),
            quantity=number(line.qty, QUANTITY, f"/{field}/{n}/qty"),
        )
        for n, line in enumerate(given or ())
    )


def _line_id(wanted: CreditLine, lines: Sequence[Line], pointer: str) -> str:
    """The one line that is meant; a client that knows no ids names it by description and price."""
    if wanted.itemid:
        return wanted.itemid
    price = number(wanted.rate, UNIT_PRICE, f"{pointer}/rate") if wanted.rate else None
    meant = [
        line.id
        for line in lines
        if line.description == wanted.description and (price is None or line.unit_price == price)
    ]
    if len(meant) != 1:
        many = "several lines say that" if meant else "the invoice has no such line at that price"
        raise invalid(f"{pointer}/description", f"{many}: name the line by itemid")
    return meant[0]


def refuse_change(document: str) -> Problem:
    """A credit note that was issued is as final as an invoice."""
    return Problem(
        409,
        "credit_note_issued",
        f"credit note {document} is issued and stays as it is: invoice again what should not have been credited",
        facts={"way_out": f"POST {ROOT}/invoices"},
    )

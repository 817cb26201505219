"""Credit notes of any slicing add up to their invoice, and never go beyond it."""

from decimal import ROUND_DOWN, Decimal

from hypothesis import given
from hypothesis import strategies as st

from invoicing_domain.model.credit_note.amounts import parts_of
from invoicing_domain.model.invoice.commands import SendInvoice
from invoicing_domain.model.invoice.events import CreditNoteIssued
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.invoice.state import Invoice, credited_gross
from invoicing_domain.model.money import Money
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Charge, Discount, Vat, subtotal
from tests.support.facts import INVOICE, IZC, NOTE_SERIES, SENDING, SERIES, asked, credit, draft_invoice, opened, ron
from tests.support.sentences import Memory, on
from tests.support.states import invoice_in
from tests.support.strategies import EXAMPLES, document_charges, document_discounts, line_inputs

MILLIONTH = Decimal("0.000001")
PARTS = ("lines_net", "discount", "charges", "net", "vat", "gross")

slices = st.lists(
    st.dictionaries(st.integers(0, 7), st.sampled_from(["1", "0.5", "0.334", "0.25", "0.1", "0"])), max_size=6
)


def sent(lines: list[LineInput], discount: Discount | None, charges: tuple[Charge, ...] = ()) -> Memory | None:
    """An invoice with these lines, or None if it may not be sent."""
    memory = Memory([on(SERIES, opened()), on(NOTE_SERIES, opened(IZC))])
    memory.run(draft_invoice(*lines, discount=discount, charges=charges), asked())
    try:
        memory.run(SendInvoice(invoice_id=INVOICE, sending=SENDING), asked())
    except Refusal as refusal:
        expect(refusal, "total_negative")
        return None
    return memory


def slice_of(invoice: Invoice, wish: dict[int, str]) -> list[tuple[str, str]]:
    """Parts of what is left of each line, as quantities."""
    parts_there = parts_of(invoice)
    before = {part.id: Decimal(0) for part in parts_there}
    for note in invoice.credit_notes:
        for one in note.lines:
            before[one.line_id] += one.quantity
    parts = []
    for index, share in wish.items():
        if index < len(parts_there):
            part = parts_there[index]
            quantity = ((part.quantity - before[part.id]) * Decimal(share)).quantize(MILLIONTH, ROUND_DOWN)
            if quantity:
                parts.append((part.id, f"{quantity:f}"))
    return parts


def credit_in_slices(memory: Memory, wishes: list[dict[int, str]]) -> int:
    """Issue the notes, then one for all that is left; returns how many slices were refused."""
    refused = 0
    for n, wish in enumerate(wishes, start=1):
        parts = slice_of(invoice_in(memory), wish)
        if not parts:
            continue
        try:
            memory.run(credit(*parts, reference=n), asked())
        except Refusal as refusal:
            expect(refusal, "total_negative", "credit_exceeds_invoice")
            refused += 1
        check_note_on(invoice_in(memory))
    try:
        memory.run(credit(reference=len(wishes) + 1), asked())
    except Refusal as refusal:
        expect(refusal, "credit_exceeds_invoice")
    return refused


def expect(refusal: Refusal, *codes: str) -> None:
    if refusal.code not in codes:
        raise refusal


def check_note_on(invoice: Invoice) -> None:
    """What holds after every note."""
    assert credited_gross(invoice) <= invoice.totals.gross
    assert invoice.paid + invoice.credited + invoice.balance == invoice.totals.gross
    for note in invoice.credit_notes:
        totals = note.totals
        assert sum(one.net.minor for one in note.lines if one.line_id[0] != "C") == totals.lines_net.minor
        assert sum(one.net.minor for one in note.lines if one.line_id[0] == "C") == totals.charges.minor
        assert totals.lines_net - totals.discount + totals.charges == totals.net
        assert totals.net + totals.vat == totals.gross == note.amount
        assert sum(part.base.minor for part in note.vat_breakdown) == totals.net.minor
        assert sum(part.vat.minor for part in note.vat_breakdown) == totals.vat.minor
        assert totals.gross.minor >= 0
        assert note.applied <= note.amount


def check_sums(invoice: Invoice) -> None:
    """What holds at the end: all notes together are the invoice."""
    for part in PARTS:
        whole = getattr(invoice.totals, part).minor
        assert sum(getattr(note.totals, part).minor for note in invoice.credit_notes) == whole, part
    for group in invoice.vat_breakdown:
        of_group = [
            part
            for note in invoice.credit_notes
            for part in note.vat_breakdown
            if (part.category, part.rate) == (group.category, group.rate)
        ]
        assert sum(part.base.minor for part in of_group) == group.base.minor
        assert sum(part.vat.minor for part in of_group) == group.vat.minor
    for piece in parts_of(invoice):
        credited = [one for note in invoice.credit_notes for one in note.lines if one.line_id == piece.id]
        assert sum((one.quantity for one in credited), Decimal(0)) == piece.quantity
        assert sum(one.net.minor for one in credited) == piece.net.minor


@EXAMPLES
@given(st.lists(line_inputs(), min_size=1, max_size=5), document_discounts, document_charges(), slices)
def test_slices_of_an_ordinary_invoice_are_all_taken_and_add_up(
    lines: list[LineInput], discount: Discount | None, charges: tuple[Charge, ...], wishes: list[dict[int, str]]
) -> None:
    memory = sent(lines, discount, charges)
    if memory is None:
        return
    assert credit_in_slices(memory, wishes) == 0
    invoice = invoice_in(memory)
    check_note_on(invoice)
    check_sums(invoice)
    for note in invoice.credit_notes:
        for part in note.vat_breakdown:
            assert part.base.minor >= 0
            assert part.vat.minor >= 0
        assert note.totals.discount.minor >= 0
    assert invoice.status(asked().today) == "credited"


@EXAMPLES
@given(st.lists(line_inputs(negative=True), min_size=1, max_size=5), document_discounts, document_charges(), slices)
def test_slices_of_an_invoice_with_lines_of_both_signs_add_up_or_are_refused(
    lines: list[LineInput], discount: Discount | None, charges: tuple[Charge, ...], wishes: list[dict[int, str]]
) -> None:
    memory = sent(lines, discount, charges)
    if memory is None:
        return
    credit_in_slices(memory, wishes)
    check_note_on(invoice_in(memory))
    check_sums(invoice_in(memory))


@EXAMPLES
@given(line_inputs(), st.integers(2, 12))
def test_the_vat_of_a_slice_is_that_of_its_base_until_the_last_takes_the_rest(line: LineInput, pieces: int) -> None:
    memory = sent([line], None)
    assert memory is not None
    piece = (line.quantity / pieces).quantize(MILLIONTH, ROUND_DOWN)
    for n in range(1, pieces) if piece else ():
        left = invoice_in(memory).totals.vat - sum_of_vat(invoice_in(memory).credit_notes)
        memory.run(credit(("1", f"{piece:f}"), reference=n), asked())
        note = invoice_in(memory).credit_notes[-1]
        own = subtotal(Vat(line.vat.category, line.vat.rate), note.totals.net).vat
        assert note.totals.vat == min(own, left)


def sum_of_vat(notes: tuple[CreditNoteIssued, ...]) -> Money:
    return sum((note.totals.vat for note in notes), start=ron("0.00"))

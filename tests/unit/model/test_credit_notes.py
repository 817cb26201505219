from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from invoicing_domain.model.credit_note.events import Issued
from invoicing_domain.model.invoice.commands import Reissue
from invoicing_domain.model.invoice.events import CreditedLine, CreditNoteIssued, Discarded
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.invoice.state import credited_gross
from invoicing_domain.model.vat import Discount, Totals, VatSubtotal
from tests.support.facts import (
    BUYER,
    CUSTOMER,
    INVOICE,
    IZC,
    NOTE,
    NOTE_SERIES,
    REDUCED,
    SECOND,
    SELLER,
    TODAY,
    added,
    allocated,
    asked,
    credit,
    drafted,
    line,
    opened,
    pay,
    received,
    ron,
    sent_invoice,
    totals,
)
from tests.support.sentences import Happened, Memory, given, on, refused
from tests.support.states import invoice_in

OPEN = on(NOTE_SERIES, opened(IZC))


def credited(line_id: str, quantity: str, net: str) -> CreditedLine:
    return CreditedLine(line_id=line_id, quantity=Decimal(quantity), net=ron(net))


def issued(memory: Memory) -> CreditNoteIssued:
    """The newest credit note on the invoice."""
    fact = memory.streams[INVOICE][-1]
    assert isinstance(fact, CreditNoteIssued)
    return fact


def on_invoice(*lines: CreditedLine, of: Totals, rate: Decimal, applied: str, balance: str) -> CreditNoteIssued:
    return CreditNoteIssued(
        credit_note_id=NOTE,
        number="IZC000001",
        date=TODAY,
        amount=of.gross,
        applied=ron(applied),
        balance=ron(balance),
        reason="Marfă returnată",
        lines=lines,
        totals=of,
        vat_breakdown=(VatSubtotal(category="S", rate=rate, base=of.net, vat=of.vat),),
        customer_id=CUSTOMER,
    )


def document(fact: CreditNoteIssued) -> Issued:
    return Issued(
        reference=1,
        number=fact.number,
        series="IZC",
        issue_date=fact.date,
        invoice_id=INVOICE,
        invoice_number="IZV000001",
        seller=SELLER,
        customer=BUYER,
        currency="RON",
        lines=fact.lines,
        totals=fact.totals,
        vat_breakdown=fact.vat_breakdown,
        reason=fact.reason,
        applied=fact.applied,
        unapplied=fact.amount - fact.applied,
    )


def everything(fact: CreditNoteIssued) -> tuple[Happened, ...]:
    return (
        on(INVOICE, fact),
        on(NOTE, document(fact)),
        on(NOTE_SERIES, allocated(1, NOTE, IZC)),
    )


def a_sent_invoice(*lines: Line, discount: Discount | None = None) -> Memory:
    return Memory([on(INVOICE, *sent_invoice(*lines, discount=discount)), OPEN])


def test_a_credit_note_of_everything_is_a_document_of_its_own_and_empties_the_balance() -> None:
    fact = on_invoice(
        credited("1", "2", "200.00"),
        of=totals("200.00", "0.00", "200.00", "42.00", "242.00"),
        rate=Decimal(21),
        applied="242.00",
        balance="0.00",
    )
    given(on(INVOICE, *sent_invoice()), OPEN).when(credit()).then(*everything(fact))


def test_a_credit_note_of_some_lines_takes_back_these_alone() -> None:
    fact = on_invoice(
        credited("1", "0.5", "50.00"),
        of=totals("50.00", "0.00", "50.00", "10.50", "60.50"),
        rate=Decimal(21),
        applied="60.50",
        balance="181.50",
    )
    given(on(INVOICE, *sent_invoice()), OPEN).when(credit(("1", "0.5"))).then(*everything(fact))


def test_credit_beyond_what_is_left_to_pay_is_owed_to_the_customer() -> None:
    fact = on_invoice(
        credited("1", "1", "100.00"),
        of=totals("100.00", "0.00", "100.00", "21.00", "121.00"),
        rate=Decimal(21),
        applied="42.00",
        balance="0.00",
    )
    assert document(fact).unapplied == ron("79.00")
    given(on(INVOICE, *sent_invoice(), received("200.00", "42.00")), OPEN).when(credit(("1", "1"))).then(
        *everything(fact)
    )


def test_reissuing_gives_a_draft_like_the_credited_invoice_without_its_dates() -> None:
    memory = a_sent_invoice(line("1"), line("3", "1", "7.00"))
    news = memory.run(credit(reissue=Reissue(invoice_id=SECOND, reference=2)), asked())
    again = replace(drafted(2), replaces=INVOICE)
    assert news[-1] == on(SECOND, again, *added(line("1"), line("2", "1", "7.00")))


def test_quarters_of_two_bani_add_up_to_two_bani() -> None:
    memory = a_sent_invoice(line("1", "4", "0.005"))
    notes = []
    for n in range(1, 5):
        memory.run(credit(("1", "1"), reference=n), asked())
        notes.append(issued(memory))
    assert [note.totals.net.minor for note in notes] == [1, 0, 1, 0]
    assert all(note.totals.vat.minor >= 0 for note in notes)
    assert credited_gross(invoice_in(memory)) == invoice_in(memory).totals.gross


def test_the_document_discount_goes_back_with_the_lines() -> None:
    memory = a_sent_invoice(line("1"), line("2", "1", "100.00", REDUCED), discount=Discount(percent=Decimal(10)))
    memory.run(credit(("2", "1")), asked())
    assert issued(memory).totals == totals("100.00", "10.00", "90.00", "9.90", "99.90")
    memory.run(credit(reference=2), asked())
    assert issued(memory).totals == totals("200.00", "20.00", "180.00", "37.80", "217.80")


def test_a_note_that_takes_the_last_line_of_a_rate_leaves_nothing_of_that_rate() -> None:
    memory = a_sent_invoice(
        line("1", "1", "0.50"), line("2", "1", "0.49", REDUCED), discount=Discount(amount=Decimal("0.01"))
    )
    memory.run(credit(("2", "1")), asked())
    memory.run(credit(("1", "1"), reference=2), asked())
    assert [part.rate for part in issued(memory).vat_breakdown] == [Decimal(21)]
    assert credited_gross(invoice_in(memory)) == invoice_in(memory).totals.gross


def test_a_line_of_negative_quantity_is_credited_with_a_negative_quantity() -> None:
    memory = a_sent_invoice(line("1"), line("2", "-1", "50.00"))
    memory.run(credit(("1", "1"), ("2", "-1")), asked())
    assert issued(memory).totals == totals("50.00", "0.00", "50.00", "10.50", "60.50")


def test_a_note_of_less_than_nothing_is_refused() -> None:
    given(on(INVOICE, *sent_invoice(line("1"), line("2", "-1", "50.00"))), OPEN).when(credit(("2", "-1"))).then(
        refused("total_negative", gross="-60.50")
    )


def test_a_note_of_more_than_the_invoice_is_refused_even_when_its_lines_are_there() -> None:
    given(on(INVOICE, *sent_invoice(line("1"), line("2", "-1", "50.00"))), OPEN).when(credit(("1", "2"))).then(
        refused("credit_exceeds_invoice", left="181.50")
    )


def test_more_of_a_line_than_is_left_is_refused() -> None:
    memory = a_sent_invoice(line("1", "2"))
    memory.run(credit(("1", "1.5")), asked())
    histories = [on(stream_id, *facts) for stream_id, facts in memory.streams.items()]
    for quantity in ("0.500001", "2", "0", "-1"):
        given(*histories).when(credit(("1", quantity), reference=2)).then(
            refused("credit_exceeds_invoice", line_id="1", left="0.5")
        )


def test_a_line_named_twice_in_one_note_is_refused() -> None:
    given(on(INVOICE, *sent_invoice()), OPEN).when(credit(("1", "1"), ("1", "1"))).then(
        refused("line_repeated", line_id="1")
    )


def test_a_line_that_is_not_there_is_refused() -> None:
    given(on(INVOICE, *sent_invoice()), OPEN).when(credit(("7", "1"))).then(refused("line_not_found", line_id="7"))


def test_an_invoice_that_is_credited_in_full_is_credited_no_more() -> None:
    memory = a_sent_invoice()
    memory.run(credit(), asked())
    given(*(on(stream_id, *facts) for stream_id, facts in memory.streams.items())).when(credit(reference=2)).then(
        refused("credit_exceeds_invoice", left="0.00")
    )


def test_a_credit_note_states_why() -> None:
    given(on(INVOICE, *sent_invoice()), OPEN).when(credit(reason=" ")).then(refused("reason_missing"))


def test_a_credit_note_needs_its_series() -> None:
    given(on(INVOICE, *sent_invoice())).when(credit()).then(refused("series_not_found", prefix="IZC"))


def test_a_credit_note_is_not_dated_before_the_last_one_of_its_series() -> None:
    tomorrow = TODAY + timedelta(days=1)
    later = on(NOTE_SERIES, opened(IZC), allocated(1, "another", IZC, tomorrow))
    given(on(INVOICE, *sent_invoice()), later).when(credit()).then(refused("issue_date_before_last"))


def test_only_a_sent_invoice_is_credited() -> None:
    given(on(INVOICE, drafted(), *added(line())), OPEN).when(credit()).then(refused("invoice_not_sent"))
    given(on(INVOICE, drafted(), Discarded()), OPEN).when(credit()).then(refused("invoice_not_sent"))
    given(OPEN).when(credit()).then(refused("not_found"))


def test_the_status_of_an_invoice_credited_in_full_is_credited() -> None:
    memory = a_sent_invoice()
    memory.run(pay("242.00", (INVOICE, None)), asked())
    memory.run(credit(("1", "1")), asked())
    assert invoice_in(memory).status(TODAY) == "paid"
    memory.run(credit(reference=2), asked())
    assert invoice_in(memory).status(date(2027, 1, 31)) == "credited"


def test_a_number_that_is_expected_is_the_next_one_or_nothing_is_issued() -> None:
    history = (on(INVOICE, *sent_invoice()), on(NOTE_SERIES, opened(IZC), allocated(1, SECOND, IZC)))
    given(*history).when(credit(number_claim=3)).then(refused("number_not_next", claimed=3, next=2))
    given(*history).when(credit(number_claim=1)).then(refused("number_in_use", claimed=1, next=2))
    memory = Memory(history)
    memory.run(credit(number_claim=2), asked())
    assert [fact.number for fact in memory.streams[NOTE] if isinstance(fact, Issued)] == ["IZC000002"]

"""What a credit note takes back of an invoice, to the ban: charges, document discounts, and the VAT of each slice."""

from decimal import Decimal
from typing import Any

import pytest

from invoicing_domain.model.invoice.events import CreditNoteIssued
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.invoice.state import credited_gross
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Charge, Discount, Totals, Vat
from tests.support.facts import (
    EXEMPT,
    EXEMPTION,
    INVOICE,
    IZC,
    NOTE_SERIES,
    REDUCED,
    STANDARD,
    asked,
    credit,
    line,
    opened,
    ron,
    sent_invoice,
    totals,
)
from tests.support.sentences import Memory, on
from tests.support.states import invoice_in


def charge(amount: str, vat: Vat = STANDARD) -> Charge:
    return Charge(description="Transport", vat=vat, amount=Decimal(amount))


def off(amount: str) -> Discount:
    return Discount(amount=Decimal(amount))


class Credited:
    """A sent invoice, and what each credit note takes back of it."""

    def __init__(self, *lines: Line, **given: Any) -> None:
        self.memory = Memory([on(INVOICE, *sent_invoice(*lines, **given)), on(NOTE_SERIES, opened(IZC))])
        self.notes = 0

    def take(self, *lines: tuple[str, str]) -> CreditNoteIssued:
        self.notes += 1
        self.memory.run(credit(*lines, reference=self.notes), asked())
        fact = self.memory.streams[INVOICE][-1]
        assert isinstance(fact, CreditNoteIssued)
        return fact

    def takes(self, *lines: tuple[str, str]) -> Totals:
        return self.take(*lines).totals

    @property
    def is_in_full(self) -> bool:
        invoice = invoice_in(self.memory)
        return credited_gross(invoice) == invoice.totals.gross


def test_a_charge_goes_back_by_its_number_and_is_no_line() -> None:
    invoice = Credited(line(), charges=(charge("10"), charge("20", REDUCED)))
    note = invoice.take(("C2", "1"))
    assert [(one.line_id, one.quantity, one.net) for one in note.lines] == [("C2", Decimal(1), ron("20.00"))]
    assert note.totals == totals("0.00", "0.00", "20.00", "2.20", "22.20")
    assert note.totals.charges == ron("20.00")
    rest = invoice.take()
    assert [one.line_id for one in rest.lines] == ["1", "C1"]
    assert rest.totals == totals("200.00", "0.00", "210.00", "44.10", "254.10")
    assert invoice.is_in_full


def test_a_charge_goes_back_once() -> None:
    invoice = Credited(line(), charges=(charge("10"),))
    with pytest.raises(Refusal, match=r"^charge C1 has a quantity of 1 left to credit, not 2$"):
        invoice.take(("C1", "2"))
    invoice.take(("C1", "1"))
    with pytest.raises(Refusal, match=r"^charge C1 has a quantity of 0 left to credit, not 1$"):
        invoice.take(("C1", "1"))
    with pytest.raises(Refusal, match=r"^line 1 has a quantity of 2 left to credit, not 3$"):
        invoice.take(("1", "3"))


def test_a_document_discount_goes_back_slice_by_slice_without_remainder() -> None:
    invoice = Credited(line("1", "3"), discount=off("10"))
    assert [invoice.takes(("1", "1")) for _ in range(3)] == [
        totals("100.00", "3.33", "96.67", "20.30", "116.97"),
        totals("100.00", "3.34", "96.66", "20.30", "116.96"),
        totals("100.00", "3.33", "96.67", "20.30", "116.97"),
    ]
    assert invoice.is_in_full


def test_a_discount_is_on_the_lines_alone_when_charges_of_their_rate_go_back_first() -> None:
    invoice = Credited(line(), discount=off("10"), charges=(charge("20"),))
    assert invoice.takes(("C1", "1")) == totals("0.00", "0.00", "20.00", "4.20", "24.20")
    assert invoice.takes(("1", "1")) == totals("100.00", "5.00", "95.00", "19.95", "114.95")
    assert invoice.takes() == totals("100.00", "5.00", "95.00", "19.95", "114.95")
    assert invoice.is_in_full


def test_a_discount_is_on_the_lines_alone_when_charges_of_their_rate_go_back_last() -> None:
    invoice = Credited(line(), discount=off("10"), charges=(charge("20"),))
    assert invoice.takes(("1", "1")) == totals("100.00", "5.00", "95.00", "19.95", "114.95")
    assert invoice.takes() == totals("100.00", "5.00", "115.00", "24.15", "139.15")
    assert invoice.is_in_full


def test_lines_of_both_signs_take_no_more_than_the_whole_discount_with_them() -> None:
    invoice = Credited(
        line("1"), line("2", "-1", "50.00"), line("3", "1", "1000.00", REDUCED), discount=Discount(percent=Decimal(10))
    )
    assert invoice.takes(("1", "2")) == totals("200.00", "15.00", "185.00", "38.85", "223.85")
    assert invoice.takes() == totals("950.00", "100.00", "850.00", "88.50", "938.50")
    assert invoice.is_in_full


def test_lines_of_both_signs_take_no_less_than_no_discount_with_them() -> None:
    invoice = Credited(
        line("1"), line("2", "-1", "50.00"), line("3", "1", "1000.00", REDUCED), discount=Discount(percent=Decimal(10))
    )
    assert invoice.takes(("2", "-1"), ("3", "0.5")) == totals("450.00", "50.00", "400.00", "39.00", "439.00")
    assert invoice.takes() == totals("700.00", "65.00", "635.00", "88.35", "723.35")
    assert invoice.is_in_full


@pytest.mark.parametrize("free", [(), (line("2", "1", "0.00"),)], ids=["alone", "beside a free line"])
def test_vat_that_runs_ahead_slice_by_slice_stops_at_what_is_left(free: tuple[Line, ...]) -> None:
    invoice = Credited(line("1", "10", "0.12"), *free)
    taken = [invoice.takes(("1", "1")) for _ in range(10)]
    assert [one.vat.minor for one in taken] == [*[3] * 8, 1, 0]
    assert {one.lines_net.minor for one in taken} == {12}
    assert invoice.is_in_full


def test_vat_that_lags_behind_slice_by_slice_is_made_up_for_by_the_last() -> None:
    invoice = Credited(line("1", "10", "0.10"))
    assert [invoice.takes(("1", "1")).vat.minor for _ in range(10)] == [*[2] * 9, 3]
    assert invoice.is_in_full


def test_a_rate_is_not_at_its_end_while_a_line_of_it_is_left() -> None:
    invoice = Credited(line(), line("2", "1", "50.00"))
    assert invoice.takes(("1", "2")) == totals("200.00", "0.00", "200.00", "42.00", "242.00")
    assert invoice.takes() == totals("50.00", "0.00", "50.00", "10.50", "60.50")


def test_what_earlier_notes_took_is_not_there_any_more() -> None:
    invoice = Credited(line(), line("2", "-1", "50.00"))
    invoice.take(("1", "1"))
    with pytest.raises(Refusal, match=r"^the invoice has 60\.50 RON left to credit, not 121\.00 RON$"):
        invoice.take(("1", "1"))


def test_vat_of_a_group_below_zero_stops_at_what_is_left_too() -> None:
    invoice = Credited(line("1", "10"), line("2", "-10", "0.14", REDUCED))
    taken = [invoice.take(("1", "1"), ("2", "-1")).vat_breakdown for _ in range(10)]
    assert [below.vat.minor for _, below in taken] == [*[-2] * 7, -1, 0, 0]
    assert invoice.is_in_full


def test_a_slice_of_what_is_exempt_says_why() -> None:
    invoice = Credited(line(vat=EXEMPT))
    for _ in range(2):
        (part,) = invoice.take(("1", "1")).vat_breakdown
        assert (part.base, part.vat, part.exemption) == (ron("100.00"), ron("0.00"), EXEMPTION)
    assert invoice.is_in_full

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from invoicing_domain.model.invoice.commands import SendInvoice
from invoicing_domain.model.invoice.events import Discarded, Drafted, RemindersHeld, Sent
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.vat import Charge, Discount, Vat, VatSubtotal
from tests.support.facts import (
    EXEMPT,
    INVOICE,
    REDUCED,
    SECOND,
    SENDING,
    SERIES,
    TODAY,
    added,
    allocated,
    asked,
    drafted,
    line,
    opened,
    ron,
    sent,
    sent_invoice,
    totals,
)
from tests.support.sentences import Memory, given, on, refused

SEND = SendInvoice(invoice_id=INVOICE, sending=SENDING)
OPEN = on(SERIES, opened())
DRAFT = on(INVOICE, drafted(), *added(line()))


def sent_fact(*history: object) -> Sent:
    """The Sent fact of a draft with this history."""
    news = Memory([on(INVOICE, *history), OPEN]).run(SEND, asked())
    fact = news[0].facts[0]
    assert isinstance(fact, Sent)
    return fact


def test_sending_freezes_the_draft_under_the_next_number() -> None:
    given(DRAFT, OPEN).when(SEND).then(on(INVOICE, sent(line())), on(SERIES, allocated(1)))


def test_the_totals_are_written_down_to_the_ban() -> None:
    fact = sent_fact(
        drafted(discount=Discount(percent=Decimal(10))),
        *added(line("1", "3", "33.33"), line("2", "1", "10.00", REDUCED), line("3", "1", "5.00", EXEMPT)),
    )
    assert fact.totals == totals("114.99", "11.50", "103.49", "19.89", "123.38")
    assert [(part.category, str(part.rate), str(part.base), str(part.vat)) for part in fact.vat_breakdown] == [
        ("E", "0", "4.50 RON", "0.00 RON"),
        ("S", "21", "89.99 RON", "18.90 RON"),
        ("S", "11", "9.00 RON", "0.99 RON"),
    ]


def test_a_quantity_with_six_decimals_is_rounded_once_half_away_from_zero() -> None:
    fact = sent_fact(drafted(), *added(line("1", "0.333335", "3.00"), line("2", "-0.001", "5.00")))
    assert fact.totals.lines_net == ron("1.00") + ron("-0.01")


def test_lines_of_one_rate_are_one_group_however_the_rate_is_written() -> None:
    fact = sent_fact(drafted(), *added(line("1"), line("2", vat=Vat("S", Decimal("21.00")))))
    assert fact.vat_breakdown == (VatSubtotal(category="S", rate=Decimal(21), base=ron("400.00"), vat=ron("84.00")),)


def test_the_due_date_follows_the_draft_then_its_terms_then_the_seller() -> None:
    explicit = drafted(due_date=TODAY + timedelta(days=3), payment_terms_days=9)
    assert sent_fact(explicit, *added(line())).due_date == date(2026, 11, 26)
    assert sent_fact(drafted(payment_terms_days=9), *added(line())).due_date == date(2026, 12, 2)
    assert sent_fact(drafted(), *added(line())).due_date == date(2026, 12, 23)


def test_an_issue_date_in_the_past_is_kept() -> None:
    earlier = TODAY - timedelta(days=4)
    given(on(INVOICE, drafted(issue_date=earlier), *added(line())), OPEN).when(SEND).then(
        on(INVOICE, sent(line(), issue_date=earlier, due_date=date(2026, 12, 19))),
        on(SERIES, allocated(1, issue_date=earlier)),
    )


def test_an_invoice_of_nothing_to_pay_is_sent() -> None:
    free = line("1", "1", "0.00")
    given(on(INVOICE, drafted(), *added(free)), OPEN).when(SEND).then(on(INVOICE, sent(free)), on(SERIES, allocated()))


def test_an_invoice_without_lines_is_refused() -> None:
    given(on(INVOICE, drafted()), OPEN).when(SEND).then(refused("invoice_without_lines"))


def test_a_negative_total_is_refused() -> None:
    given(on(INVOICE, drafted(), *added(line("1", "-1"))), OPEN).when(SEND).then(refused("total_negative"))


@pytest.mark.parametrize("lines", [(line("1", "1", "10.00"),), (line("1", "1"), line("2", "-1", vat=REDUCED))])
def test_a_discount_larger_than_the_lines_is_refused(lines: tuple[Line, ...]) -> None:
    draft = on(INVOICE, drafted(discount=Discount(amount=Decimal("10.01"))), *added(*lines))
    given(draft, OPEN).when(SEND).then(refused("total_negative", discount="10.01"))


def test_a_charge_does_not_make_up_for_lines_below_zero() -> None:
    transport = Charge(description="Transport", vat=line().vat, amount=Decimal(500))
    draft = on(INVOICE, drafted(charges=(transport,)), *added(line("1", "-1")))
    given(draft, OPEN).when(SEND).then(refused("total_negative", gross="484.00"))


def test_a_due_date_that_passed_before_sending_is_refused() -> None:
    overtaken = on(INVOICE, drafted(due_date=TODAY - timedelta(days=1)), *added(line()))
    given(overtaken, OPEN).when(SEND).then(refused("due_date_before_issue"))


def test_an_issue_date_that_has_not_come_is_refused() -> None:
    early = on(INVOICE, drafted(issue_date=TODAY + timedelta(days=1)), *added(line()))
    given(early, OPEN).when(SEND).then(refused("issue_date_in_future"))


def test_a_series_that_does_not_exist_is_refused() -> None:
    given(DRAFT).when(SEND).then(refused("series_not_found", prefix="IZV"))


def test_a_date_before_the_last_issued_document_is_refused() -> None:
    earlier = on(INVOICE, drafted(issue_date=TODAY - timedelta(days=1)), *added(line()))
    given(earlier, on(SERIES, opened(), allocated(1, SECOND))).when(SEND).then(
        refused("issue_date_before_last", issue_date="2026-11-22", last_issue_date="2026-11-23")
    )


def test_a_claimed_number_is_given_when_it_is_the_next_and_refused_otherwise() -> None:
    def claiming(number: int) -> Drafted:
        return drafted(number_claim=number)

    series = on(SERIES, opened(), allocated(1, SECOND))
    given(on(INVOICE, claiming(2), *added(line())), series).when(SEND).then(
        on(INVOICE, sent(line(), number="IZV000002")), on(SERIES, allocated(2))
    )
    given(on(INVOICE, claiming(3), *added(line())), series).when(SEND).then(
        refused("number_not_next", claimed=3, next=2)
    )
    given(on(INVOICE, claiming(1), *added(line())), series).when(SEND).then(refused("number_in_use"))


def test_reminders_are_held_in_the_step_that_sends_where_it_says_so() -> None:
    quietly = replace(SEND, sending=replace(SENDING, hold_reminders=True))
    held = RemindersHeld(reason="asked for when it was sent")
    given(DRAFT, OPEN).when(quietly).then(on(INVOICE, sent(line()), held), on(SERIES, allocated(1)))


def test_an_invoice_is_sent_only_once() -> None:
    given(on(INVOICE, *sent_invoice()), OPEN).when(SEND).then(refused("invoice_already_sent"))


def test_a_discarded_and_an_unknown_draft_are_not_sent() -> None:
    given(on(INVOICE, drafted(), Discarded()), OPEN).when(SEND).then(refused("invoice_discarded"))
    given(OPEN).when(SEND).then(refused("not_found"))

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.events import PaymentReversed
from invoicing_domain.model.money import Money
from invoicing_domain.model.payment.commands import AllocatePayment, ReversePayment
from invoicing_domain.model.payment.decide import record
from invoicing_domain.model.payment.events import Allocated, Reversed
from invoicing_domain.model.payment.state import evolve
from invoicing_domain.model.refusal import Refusal
from tests.support.facts import (
    CUSTOMER,
    INVOICE,
    PAYMENT,
    SECOND,
    TODAY,
    added,
    allocations,
    asked,
    drafted,
    line,
    pay,
    received,
    recorded,
    ron,
    sent_invoice,
    wishes_of,
)
from tests.support.sentences import Happened, Memory, given, on, refused
from tests.support.states import invoice_in

FIRST = on(INVOICE, *sent_invoice())
OTHER = on(SECOND, *sent_invoice(line("1", "1"), reference=2))
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def allocate(*wishes: tuple[StreamId, str | None], day: date = TODAY) -> AllocatePayment:
    return AllocatePayment(payment_id=PAYMENT, date=day, allocations=wishes_of(*wishes))


def reverse(day: date = TODAY, reason: str = "Plată returnată de bancă") -> ReversePayment:
    return ReversePayment(payment_id=PAYMENT, date=day, reason=reason)


def reversed_on_invoice(amount: str, balance: str) -> PaymentReversed:
    return PaymentReversed(
        payment_id=PAYMENT,
        amount=ron(amount),
        date=TODAY,
        reason="Plată returnată de bancă",
        customer_id=CUSTOMER,
        balance=ron(balance),
    )


def test_a_part_payment_lowers_the_balance() -> None:
    given(FIRST).when(pay("100.00", (INVOICE, "100.00"))).then(
        on(PAYMENT, recorded("100.00", "0.00", (INVOICE, "100.00"))), on(INVOICE, received("100.00", "142.00"))
    )


def test_what_is_paid_too_much_stays_as_the_customer_s_credit() -> None:
    given(FIRST).when(pay("300.00", (INVOICE, None))).then(
        on(PAYMENT, recorded("300.00", "58.00", (INVOICE, "242.00"))), on(INVOICE, received("242.00", "0.00"))
    )


def test_money_that_nobody_can_place_yet_is_kept() -> None:
    given().when(pay("50.00")).then(on(PAYMENT, recorded("50.00", "50.00")))


def test_a_payment_is_spread_over_invoices_in_the_order_of_the_wishes() -> None:
    given(FIRST, OTHER).when(pay("250.00", (SECOND, "21.00"), (INVOICE, None))).then(
        on(PAYMENT, recorded("250.00", "0.00", (SECOND, "21.00"), (INVOICE, "229.00"))),
        on(SECOND, received("21.00", "100.00")),
        on(INVOICE, received("229.00", "13.00")),
    )


def test_an_invoice_with_nothing_left_to_pay_takes_nothing() -> None:
    given(on(INVOICE, *FIRST.facts, received("242.00", "0.00"))).when(pay("10.00", (INVOICE, None))).then(
        on(PAYMENT, recorded("10.00", "10.00"))
    )


def test_credit_is_allocated_later() -> None:
    history = (on(PAYMENT, recorded("300.00", "300.00", day=YESTERDAY)), FIRST)
    given(*history).when(allocate((INVOICE, "200.00"))).then(
        on(PAYMENT, Allocated(date=TODAY, allocations=allocations((INVOICE, "200.00")), unallocated=ron("100.00"))),
        on(INVOICE, received("200.00", "42.00")),
    )


def test_money_that_came_before_the_invoice_is_credit_until_there_is_one() -> None:
    older = on(SECOND, *sent_invoice(line("1", "1"), reference=2, issue_date=YESTERDAY))
    before = YESTERDAY - timedelta(days=1)
    given(FIRST, older).when(pay("400.00", (INVOICE, None), (SECOND, None), day=before)).then(
        on(
            PAYMENT,
            recorded("400.00", "400.00", day=before),
            Allocated(date=YESTERDAY, allocations=allocations((SECOND, "121.00")), unallocated=ron("279.00")),
            Allocated(date=TODAY, allocations=allocations((INVOICE, "242.00")), unallocated=ron("37.00")),
        ),
        on(SECOND, received("121.00", "0.00", day=YESTERDAY)),
        on(INVOICE, received("242.00", "0.00")),
    )


def test_credit_is_not_allocated_before_the_invoice_was_issued() -> None:
    history = (on(PAYMENT, recorded("50.00", "50.00", day=YESTERDAY)), FIRST)
    given(*history).when(allocate((INVOICE, None), day=YESTERDAY)).then(
        refused("allocation_before_invoice", invoice_id=INVOICE, date="2026-11-22", issue_date="2026-11-23")
    )


def test_an_allocation_that_moves_nothing_is_refused() -> None:
    used_up = on(PAYMENT, recorded("10.00", "0.00", (SECOND, "10.00")))
    given(used_up, FIRST).when(allocate((INVOICE, None))).then(refused("nothing_to_allocate"))
    given(used_up).when(allocate()).then(refused("nothing_to_allocate"))


def test_a_reversal_opens_everything_that_the_payment_had_paid() -> None:
    later = Allocated(date=TODAY, allocations=allocations((INVOICE, "30.00")), unallocated=ron("12.00"))
    history = (
        on(PAYMENT, recorded("142.00", "42.00", (INVOICE, "100.00")), later),
        on(INVOICE, *FIRST.facts, received("100.00", "142.00"), received("30.00", "112.00")),
    )
    given(*history).when(reverse()).then(
        on(
            PAYMENT,
            Reversed(
                date=TODAY,
                reason="Plată returnată de bancă",
                allocations=allocations((INVOICE, "130.00")),
                unallocated=ron("12.00"),
            ),
        ),
        on(INVOICE, reversed_on_invoice("130.00", "242.00")),
    )


def test_a_reversed_payment_is_neither_allocated_nor_reversed_again() -> None:
    bounced = Reversed(date=TODAY, reason="x", allocations=(), unallocated=ron("50.00"))
    history = (on(PAYMENT, recorded("50.00", "50.00"), bounced), FIRST)
    given(*history).when(reverse()).then(refused("payment_reversed", date="2026-11-23"))
    given(*history).when(allocate((INVOICE, None))).then(refused("payment_reversed"))


def test_after_a_reversal_the_invoice_is_as_if_never_paid() -> None:
    memory = Memory([FIRST])
    memory.run(pay("100.00", (INVOICE, None)), asked())
    memory.run(reverse(), asked())
    invoice = invoice_in(memory)
    assert (invoice.paid, invoice.balance, invoice.payments) == (ron("0.00"), ron("242.00"), ())
    assert invoice.status(TODAY) == "sent"


def test_a_reversal_states_why() -> None:
    given(on(PAYMENT, recorded("50.00", "50.00"))).when(reverse(reason="")).then(refused("reason_missing"))


def test_nothing_is_taken_back_before_it_was_there() -> None:
    given(on(PAYMENT, recorded("50.00", "50.00"))).when(reverse(YESTERDAY)).then(refused("reversal_before_payment"))
    allocated = Allocated(date=TODAY, allocations=allocations((INVOICE, "50.00")), unallocated=ron("0.00"))
    history = (
        on(PAYMENT, recorded("50.00", "50.00", day=YESTERDAY), allocated),
        on(INVOICE, *FIRST.facts, received("50.00", "192.00")),
    )
    given(*history).when(reverse(YESTERDAY)).then(refused("reversal_before_payment", last_moved="2026-11-23"))


def test_nothing_is_allocated_before_the_money_came() -> None:
    given(on(PAYMENT, recorded("50.00", "50.00")), FIRST).when(allocate((INVOICE, None), day=YESTERDAY)).then(
        refused("allocation_before_payment")
    )


def test_dates_that_have_not_come_are_refused() -> None:
    history = (on(PAYMENT, recorded("50.00", "50.00")), FIRST)
    given(FIRST).when(pay("50.00", (INVOICE, None), day=TOMORROW)).then(refused("date_in_future"))
    given(*history).when(allocate((INVOICE, None), day=TOMORROW)).then(refused("date_in_future"))
    given(*history).when(reverse(TOMORROW)).then(refused("date_in_future", date="2026-11-24", today="2026-11-23"))


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_a_payment_or_an_allocation_of_nothing_or_less_is_refused(amount: str) -> None:
    given().when(pay(amount)).then(refused("amount_not_positive"))
    given(FIRST).when(pay("50.00", (INVOICE, amount))).then(refused("amount_not_positive"))


def test_a_payment_larger_than_readers_can_hold_is_refused() -> None:
    given().when(pay("10000000000000.01")).then(refused("amount_too_large"))


def test_an_amount_with_more_decimals_than_the_currency_is_refused() -> None:
    given(FIRST).when(pay("50.00", (INVOICE, "10.005"))).then(refused("amount_invalid", invoice_id=INVOICE))


def test_more_than_is_left_to_pay_is_refused_not_trimmed() -> None:
    given(FIRST).when(pay("300.00", (INVOICE, "242.01"))).then(
        refused("allocation_exceeds_balance", balance="242.00", invoice_id=INVOICE)
    )


def test_more_than_the_payment_has_left_is_refused() -> None:
    given(FIRST, OTHER).when(pay("100.00", (INVOICE, "60.00"), (SECOND, "40.01"))).then(
        refused("allocations_exceed_payment", left="40.00", invoice_id=SECOND)
    )


def test_an_invoice_named_twice_is_refused() -> None:
    given(FIRST).when(pay("100.00", (INVOICE, "1.00"), (INVOICE, "1.00"))).then(
        refused("allocation_repeated", invoice_id=INVOICE)
    )


def test_an_invoice_of_another_currency_is_refused() -> None:
    euros = on(INVOICE, *sent_invoice(line(currency="EUR")))
    given(euros).when(pay("10.00", (INVOICE, None))).then(refused("currency_mismatch", invoice_id=INVOICE))


def test_an_invoice_of_another_customer_is_refused() -> None:
    given(FIRST).when(pay("10.00", (INVOICE, None), customer_id="somebody-else")).then(
        refused("customer_mismatch", invoice_id=INVOICE)
    )


@pytest.mark.parametrize(
    ("history", "code"),
    [((), "not_found"), ((on(INVOICE, drafted(), *added(line())),), "invoice_not_sent")],
)
def test_only_a_sent_invoice_is_paid(history: tuple[Happened, ...], code: str) -> None:
    given(*history).when(pay("10.00", (INVOICE, None))).then(refused(code))


def test_an_unknown_payment_is_neither_allocated_nor_reversed() -> None:
    given(FIRST).when(allocate((INVOICE, None))).then(refused("not_found"))
    given().when(reverse()).then(refused("not_found"))


def test_a_payment_whose_stream_exists_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        record(evolve(None, recorded("1.00", "1.00")), {}, pay("1.00"), asked())
    assert caught.value.code == "payment_exists"


def test_a_payment_in_yen_has_no_decimals() -> None:
    memory = Memory([on(INVOICE, *sent_invoice(line("1", "1", "100", currency="JPY")))])
    memory.run(replace(pay("1.00", (INVOICE, "21")), amount=Money(21, "JPY")), asked())
    assert invoice_in(memory).balance == Money(100, "JPY")
    with pytest.raises(Refusal, match="more than 0 decimals"):
        memory.run(replace(pay("1.00", (INVOICE, "0.5")), amount=Money(21, "JPY")), asked())
    assert Decimal(invoice_in(memory).balance.minor) == invoice_in(memory).balance.decimal

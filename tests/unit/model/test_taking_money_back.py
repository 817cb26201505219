from datetime import date, timedelta

from invoicing_domain.model.identity import StreamId, claim_id
from invoicing_domain.model.invoice.events import PaymentDeallocated
from invoicing_domain.model.payment.commands import AllocatePayment, DeallocatePayment, RefundPayment, ReversePayment
from invoicing_domain.model.payment.events import Deallocated, ReferenceClaimed, Refunded
from tests.support.facts import (
    CUSTOMER,
    INVOICE,
    ORGANIZATION,
    PAYMENT,
    SECOND,
    TODAY,
    allocations,
    asked,
    line,
    pay,
    received,
    recorded,
    ron,
    sent_invoice,
    wishes_of,
)
from tests.support.sentences import Memory, given, on, refused
from tests.support.states import invoice_in, payment_in

WRONG = "Factura greșită"
FIRST = on(INVOICE, *sent_invoice())
OTHER = on(SECOND, *sent_invoice(line("1", "1"), reference=2))
PAID = (
    on(PAYMENT, recorded("150.00", "0.00", (INVOICE, "100.00"), (SECOND, "50.00"))),
    on(INVOICE, *FIRST.facts, received("100.00", "142.00")),
    on(SECOND, *OTHER.facts, received("50.00", "71.00")),
)
CREDIT = on(PAYMENT, recorded("50.00", "50.00"))
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def take_back(*wishes: tuple[StreamId, str | None], day: date = TODAY, reason: str = WRONG) -> DeallocatePayment:
    return DeallocatePayment(payment_id=PAYMENT, date=day, reason=reason, allocations=wishes_of(*wishes))


def refund(amount: str | None = None, day: date = TODAY, reason: str = "Plătit de două ori") -> RefundPayment:
    whole = None if amount is None else wishes_of((INVOICE, amount))[0].amount
    return RefundPayment(
        payment_id=PAYMENT, date=day, method="bank_transfer", reason=reason, reference="OP 9", amount=whole
    )


def opened_again(amount: str, balance: str) -> PaymentDeallocated:
    return PaymentDeallocated(
        payment_id=PAYMENT, amount=ron(amount), date=TODAY, reason=WRONG, customer_id=CUSTOMER, balance=ron(balance)
    )


def test_money_is_taken_from_one_invoice_and_stays_with_the_other() -> None:
    given(*PAID).when(take_back((SECOND, None))).then(
        on(
            PAYMENT,
            Deallocated(date=TODAY, reason=WRONG, allocations=allocations((SECOND, "50.00")), unallocated=ron("50.00")),
        ),
        on(SECOND, opened_again("50.00", "121.00")),
    )


def test_part_of_what_an_invoice_holds_is_taken_back() -> None:
    memory = Memory(PAID)
    memory.run(take_back((INVOICE, "30.00")), asked())
    invoice, payment = invoice_in(memory), payment_in(memory)
    assert (invoice.balance, invoice.paid) == (ron("172.00"), ron("70.00"))
    assert [one.amount for one in invoice.payments] == [ron("70.00")]
    assert payment.allocations == allocations((INVOICE, "70.00"), (SECOND, "50.00"))
    assert payment.unallocated == ron("30.00")


def test_what_was_taken_back_is_given_to_another_invoice() -> None:
    memory = Memory(PAID)
    memory.run(take_back((INVOICE, None)), asked())
    memory.run(AllocatePayment(payment_id=PAYMENT, date=TODAY, allocations=wishes_of((SECOND, "71.00"))), asked())
    assert invoice_in(memory, SECOND).balance == ron("0.00")
    assert payment_in(memory).unallocated == ron("29.00")


def test_money_that_came_in_two_parts_is_taken_back_from_the_newer_one_first() -> None:
    history = (
        on(PAYMENT, recorded("150.00", "0.00", (INVOICE, "100.00"), (INVOICE, "50.00"))),
        on(INVOICE, *FIRST.facts, received("100.00", "142.00"), received("50.00", "92.00")),
    )
    memory = Memory(history)
    memory.run(take_back((INVOICE, "60.00")), asked())
    assert [one.amount for one in invoice_in(memory).payments] == [ron("90.00")]


def test_only_what_an_invoice_holds_is_taken_back() -> None:
    given(*PAID).when(take_back((SECOND, "50.01"))).then(refused("deallocation_exceeds_allocation", held="50.00"))
    given(CREDIT, FIRST).when(take_back((INVOICE, None))).then(refused("nothing_to_deallocate"))
    given(*PAID).when(take_back()).then(refused("nothing_to_deallocate"))
    given(*PAID).when(take_back((SECOND, "1.00"), (SECOND, "1.00"))).then(refused("allocation_repeated"))
    given(*PAID).when(take_back((SECOND, "0.00"))).then(refused("amount_not_positive"))
    given(*PAID).when(take_back((SECOND, "1.001"))).then(refused("amount_invalid"))


def test_taking_money_back_states_why_and_when() -> None:
    given(*PAID).when(take_back((SECOND, None), reason=" ")).then(refused("reason_missing"))
    given(*PAID).when(take_back((SECOND, None), day=YESTERDAY)).then(refused("deallocation_before_payment"))
    given(*PAID).when(take_back((SECOND, None), day=TOMORROW)).then(refused("date_in_future"))


def test_what_was_free_since_yesterday_is_not_given_away_the_day_before() -> None:
    memory = Memory(PAID)
    memory.run(take_back((INVOICE, None), day=TOMORROW), asked(today=TOMORROW))
    early = AllocatePayment(payment_id=PAYMENT, date=TODAY, allocations=wishes_of((SECOND, None)))
    given(*(on(stream, *facts) for stream, facts in memory.streams.items())).when(early, asked(today=TOMORROW)).then(
        refused("allocation_before_payment")
    )


def test_customer_credit_is_refunded_in_parts() -> None:
    memory = Memory([CREDIT])
    memory.run(refund("20.00"), asked())
    assert (payment_in(memory).unallocated, payment_in(memory).refunded) == (ron("30.00"), ron("20.00"))
    given(*(on(stream, *facts) for stream, facts in memory.streams.items())).when(refund()).then(
        on(
            PAYMENT,
            Refunded(
                date=TODAY,
                amount=ron("30.00"),
                method="bank_transfer",
                reference="OP 9",
                reason="Plătit de două ori",
                unallocated=ron("0.00"),
            ),
        )
    )


def test_more_than_the_customer_s_credit_is_not_refunded() -> None:
    given(CREDIT).when(refund("50.01")).then(refused("refund_exceeds_credit", left="50.00"))
    given(*PAID).when(refund()).then(refused("refund_exceeds_credit", left="0.00"))
    given(CREDIT).when(refund(reason="")).then(refused("reason_missing"))
    given(CREDIT).when(refund(day=YESTERDAY)).then(refused("refund_before_payment"))


def test_a_payment_that_was_refunded_did_come_in_and_is_not_reversed() -> None:
    memory = Memory([CREDIT])
    memory.run(refund("20.00"), asked())
    bounced = ReversePayment(payment_id=PAYMENT, date=TODAY, reason="Returnată")
    given(*(on(stream, *facts) for stream, facts in memory.streams.items())).when(bounced).then(
        refused("payment_refunded", refunded="20.00")
    )


def test_the_same_outside_reference_is_one_payment() -> None:
    again = StreamId(str(SECOND).replace("8", "8"))
    claim = claim_id(ORGANIZATION, "card", "pi_1")
    memory = Memory([FIRST])
    first = pay("100.00", (INVOICE, None), method="card", external_reference="pi_1")
    memory.run(first, asked())
    assert memory.streams[claim] == [ReferenceClaimed(payment_id=PAYMENT, method="card", external_reference="pi_1")]
    repeated = pay("100.00", (INVOICE, None), method="card", external_reference="pi_1", payment_id=again, document=2)
    assert memory.run(repeated, asked()) == ()
    assert invoice_in(memory).balance == ron("142.00")


def test_an_outside_reference_does_not_stand_for_other_money() -> None:
    memory = Memory([FIRST])
    memory.run(pay("100.00", method="card", external_reference="pi_1"), asked())
    history = [on(stream, *facts) for stream, facts in memory.streams.items()]
    other = pay("100.01", method="card", external_reference="pi_1", document=2)
    given(*history).when(other).then(refused("external_reference_reused", amount="100.00"))


def test_another_method_may_use_the_same_reference() -> None:
    memory = Memory([FIRST])
    memory.run(pay("100.00", method="card", external_reference="1"), asked())
    news = memory.run(pay("100.00", method="till", external_reference="1", payment_id=SECOND, document=2), asked())
    assert len(news) == 2

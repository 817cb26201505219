from datetime import date, timedelta

from invoicing_domain.model.credit_note.commands import ApplyCredit, RefundCredit, UnapplyCredit
from invoicing_domain.model.credit_note.events import Applied, CreditRefunded, Unapplied
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.events import Cancelled, CreditApplied, CreditUnapplied
from tests.support.facts import (
    BUYER,
    CUSTOMER,
    INVOICE,
    IZC,
    NOTE,
    NOTE_SERIES,
    SECOND,
    TODAY,
    allocations,
    asked,
    credit,
    line,
    opened,
    pay,
    ron,
    sent_invoice,
    wishes_of,
)
from tests.support.sentences import Happened, Memory, given, on, refused
from tests.support.states import credit_note_in, invoice_in

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ELSEWHERE = "Altă factură"


def history_of(memory: Memory) -> list[Happened]:
    return [on(stream, *facts) for stream, facts in memory.streams.items()]


def credited(*lines: tuple[str, str], paid: str | None = "242.00") -> Memory:
    """An invoice of 242.00, paid and then credited, and another one of 121.00 of the same customer."""
    memory = Memory([on(INVOICE, *sent_invoice()), on(SECOND, *sent_invoice(line("1", "1"), reference=2))])
    memory.streams[NOTE_SERIES] = [opened(IZC)]
    if paid:
        memory.run(pay(paid, (INVOICE, None)), asked())
    memory.run(credit(*lines), asked())
    return memory


def apply(*wishes: tuple[StreamId, str | None], day: date = TODAY) -> ApplyCredit:
    return ApplyCredit(credit_note_id=NOTE, date=day, allocations=wishes_of(*wishes))


def unapply(*wishes: tuple[StreamId, str | None], day: date = TODAY, reason: str = ELSEWHERE) -> UnapplyCredit:
    return UnapplyCredit(credit_note_id=NOTE, date=day, reason=reason, allocations=wishes_of(*wishes))


def refund(amount: str | None = None, day: date = TODAY, reason: str = "La cerere") -> RefundCredit:
    whole = None if amount is None else wishes_of((INVOICE, amount))[0].amount
    return RefundCredit(credit_note_id=NOTE, date=day, method="bank_transfer", reason=reason, amount=whole)


def test_what_a_credit_note_left_pays_another_invoice() -> None:
    given(*history_of(credited())).when(apply((SECOND, None))).then(
        on(NOTE, Applied(date=TODAY, allocations=allocations((SECOND, "121.00")), unapplied=ron("121.00"))),
        on(
            SECOND,
            CreditApplied(
                credit_note_id=NOTE,
                number="IZC000001",
                amount=ron("121.00"),
                date=TODAY,
                customer_id=CUSTOMER,
                balance=ron("0.00"),
            ),
        ),
    )


def test_credit_is_not_applied_before_the_other_invoice_was_issued() -> None:
    memory = credited()
    tomorrow = asked(today=TOMORROW)
    memory.streams[SECOND] = [*sent_invoice(line("1", "1"), reference=2, issue_date=TOMORROW)]
    given(*history_of(memory)).when(apply((SECOND, None)), tomorrow).then(
        refused("allocation_before_invoice", invoice_id=SECOND, date="2026-11-23", issue_date="2026-11-24")
    )


def test_applied_credit_is_taken_back_and_used_elsewhere() -> None:
    memory = credited()
    memory.run(apply((SECOND, "100.00")), asked())
    assert invoice_in(memory, SECOND).credit_of(NOTE) == ron("100.00")
    given(*history_of(memory)).when(unapply((SECOND, "40.00"))).then(
        on(
            NOTE,
            Unapplied(
                date=TODAY, reason=ELSEWHERE, allocations=allocations((SECOND, "40.00")), unapplied=ron("182.00")
            ),
        ),
        on(
            SECOND,
            CreditUnapplied(
                credit_note_id=NOTE,
                number="IZC000001",
                amount=ron("40.00"),
                date=TODAY,
                reason=ELSEWHERE,
                customer_id=CUSTOMER,
                balance=ron("61.00"),
            ),
        ),
    )
    memory.run(unapply((SECOND, None)), asked())
    second = invoice_in(memory, SECOND)
    assert (second.balance, second.credited, second.credit_of(NOTE)) == (ron("121.00"), ron("0.00"), ron("0.00"))
    assert second.status(TODAY) == "sent"


def test_what_a_note_lowered_when_it_was_issued_moves_to_another_invoice() -> None:
    memory = credited(("1", "1"), paid=None)
    memory.run(unapply((INVOICE, None)), asked())
    assert invoice_in(memory).balance == ron("242.00")
    memory.run(apply((SECOND, None)), asked())
    assert (invoice_in(memory, SECOND).balance, credit_note_in(memory).is_open) == (ron("0.00"), False)


def test_the_credit_that_closes_an_invoice_stays_with_it() -> None:
    given(*history_of(credited(paid=None))).when(unapply((INVOICE, None))).then(refused("invoice_credited"))


def test_credit_never_exceeds_the_note_or_the_invoice() -> None:
    full = history_of(credited())
    given(*full).when(apply((SECOND, "121.01"))).then(refused("allocation_exceeds_balance", balance="121.00"))
    given(*history_of(credited(("1", "0.5")))).when(apply((SECOND, "60.51"))).then(
        refused("applications_exceed_credit_note", left="60.50")
    )
    given(*full).when(apply((INVOICE, None))).then(refused("nothing_to_allocate"))
    given(*full).when(unapply((SECOND, None))).then(refused("nothing_to_deallocate"))


def test_credit_stays_with_its_customer_and_currency() -> None:
    memory = credited()
    euros = sent_invoice(line(currency="EUR"), reference=3)
    given(*history_of(memory), on("euros", *euros)).when(apply((StreamId("euros"), None))).then(
        refused("currency_mismatch")
    )


def test_credit_moves_no_earlier_than_it_was_there() -> None:
    memory = credited()
    given(*history_of(memory)).when(apply((SECOND, None), day=YESTERDAY)).then(refused("application_before_credit"))
    given(*history_of(memory)).when(apply((SECOND, None), day=TOMORROW)).then(refused("date_in_future"))
    given(*history_of(memory)).when(refund(day=YESTERDAY)).then(refused("refund_before_credit"))
    memory.run(apply((SECOND, None)), asked())
    given(*history_of(memory)).when(unapply((SECOND, None), day=YESTERDAY)).then(
        refused("deallocation_before_application")
    )
    given(*history_of(memory)).when(unapply((SECOND, None), reason="")).then(refused("reason_missing"))


def test_credit_is_paid_out_in_parts_until_the_note_is_closed() -> None:
    memory = credited()
    memory.run(refund("42.00"), asked())
    note = credit_note_in(memory)
    assert (note.unapplied, note.refunded, note.is_open) == (ron("200.00"), ron("42.00"), True)
    given(*history_of(memory)).when(refund("200.01")).then(refused("refund_exceeds_credit", left="200.00"))
    given(*history_of(memory)).when(refund()).then(
        on(
            NOTE,
            CreditRefunded(
                date=TODAY,
                amount=ron("200.00"),
                method="bank_transfer",
                reference="",
                reason="La cerere",
                unapplied=ron("0.00"),
            ),
        )
    )
    memory.run(refund(), asked())
    assert not credit_note_in(memory).is_open
    given(*history_of(memory)).when(refund()).then(refused("refund_exceeds_credit"))


def test_there_is_no_such_credit_note() -> None:
    for command in (apply((SECOND, None)), refund()):
        given(on(SECOND, *sent_invoice())).when(command).then(refused("not_found"))


def test_cancelling_credits_all_that_is_left_and_says_so() -> None:
    memory = Memory([on(INVOICE, *sent_invoice()), on(NOTE_SERIES, opened(IZC))])
    memory.run(credit(cancels=True, reason="Comandă anulată"), asked())
    invoice = invoice_in(memory)
    assert memory.streams[INVOICE][-1] == Cancelled(
        date=TODAY, reason="Comandă anulată", credit_note_id=NOTE, number="IZC000001"
    )
    assert (invoice.status(TODAY), invoice.balance) == ("cancelled", ron("0.00"))
    given(*history_of(memory)).when(credit(cancels=True, reference=2)).then(refused("credit_exceeds_invoice"))


def test_money_of_a_cancelled_invoice_is_the_customer_s() -> None:
    memory = Memory([on(INVOICE, *sent_invoice()), on(NOTE_SERIES, opened(IZC))])
    memory.run(pay("100.00", (INVOICE, None)), asked())
    memory.run(credit(cancels=True), asked())
    assert credit_note_in(memory).unapplied == ron("100.00")
    assert invoice_in(memory).header.customer == BUYER

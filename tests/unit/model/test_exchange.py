from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from invoicing_domain.model.exchange.amounts import InBase
from invoicing_domain.model.exchange.commands import GivenRate, PublishRates
from invoicing_domain.model.exchange.events import DayRates, Exchange, RatesPublished
from invoicing_domain.model.identity import rates_id
from invoicing_domain.model.invoice.commands import SendInvoice
from invoicing_domain.model.invoice.events import ExchangeDifference, Sent
from invoicing_domain.model.money import Money
from invoicing_domain.model.organization.events import OrganizationProfile, OrganizationRegistered
from invoicing_domain.model.payment.commands import AllocatePayment, DeallocatePayment, RecordPayment, ReversePayment
from tests.support.facts import (
    INVOICE,
    IZC,
    NOTE_SERIES,
    ORGANIZATION,
    PAYMENT,
    SENDING,
    SERIES,
    TODAY,
    added,
    asked,
    credit,
    drafted,
    line,
    opened,
    pay,
    ron,
    wishes_of,
)
from tests.support.sentences import Happened, Memory, given, on, refused
from tests.support.states import credit_note_in, invoice_in, payment_in

FRIDAY, LATER = date(2026, 11, 20), date(2026, 11, 30)
COMPANY = on(ORGANIZATION, OrganizationRegistered(profile=OrganizationProfile(name="Izvor Demo SRL")))
MONTH = rates_id(ORGANIZATION, FRIDAY)
SEND = SendInvoice(invoice_id=INVOICE, sending=SENDING)


def rates(day: date, eur: str, **others: str) -> DayRates:
    return DayRates(date=day, rates={"EUR": Decimal(eur)} | {code: Decimal(rate) for code, rate in others.items()})


def published(*days: DayRates) -> RatesPublished:
    return RatesPublished(base="RON", source="BNR", days=days)


def bnr(rate: str, day: date) -> Exchange:
    return Exchange(base="RON", rate=Decimal(rate), date=day, source="BNR")


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


RATES = on(MONTH, published(rates(FRIDAY, "5.0912"), rates(LATER, "5.1012")))
DRAFT = on(INVOICE, drafted(currency="EUR"), *added(line(currency="EUR")))
HOUSE = (COMPANY, RATES, DRAFT, on(SERIES, opened()), on(NOTE_SERIES, opened(IZC)))


def sent_in_euros() -> Memory:
    """242.00 EUR at 5.0912: 1232.07 RON."""
    memory = Memory(HOUSE)
    memory.run(SEND, asked())
    return memory


def paid(minor: int, day: date = LATER, **changes: object) -> RecordPayment:
    command = pay("1.00", (INVOICE, None), day=day)
    return replace(command, amount=eur(minor), **changes)  # type: ignore[arg-type]


def history_of(memory: Memory) -> list[Happened]:
    return [on(stream, *facts) for stream, facts in memory.streams.items()]


def test_a_foreign_invoice_keeps_the_last_rate_that_bnr_published_before_its_date() -> None:
    sent = sent_in_euros().streams[INVOICE][-1]
    assert isinstance(sent, Sent)
    assert sent.in_base == InBase(exchange=bnr("5.0912", FRIDAY), vat=ron("213.83"), gross=ron("1232.07"))
    assert sent.in_base.net == ron("1018.24")


def test_a_rate_of_the_end_of_last_month_counts_at_the_beginning_of_this_one() -> None:
    memory = Memory([COMPANY, on(MONTH, published(rates(LATER, "5.1012"))), DRAFT, on(SERIES, opened())])
    memory.run(SEND, asked(today=date(2026, 12, 2)))
    invoice = invoice_in(memory)
    assert invoice.sent is not None
    assert invoice.sent.in_base is not None
    assert invoice.sent.in_base.exchange == bnr("5.1012", LATER)


def test_the_rate_is_of_the_day_on_which_vat_became_chargeable() -> None:
    delivered = on(INVOICE, drafted(currency="EUR", tax_point_date=FRIDAY), *added(line(currency="EUR")))
    monday = on(MONTH, published(rates(FRIDAY, "5.0912"), rates(TODAY, "5.5000")))
    memory = Memory([COMPANY, monday, delivered, on(SERIES, opened())])
    memory.run(SEND, asked())
    sent = invoice_in(memory).sent
    assert sent is not None
    assert sent.in_base is not None
    assert sent.in_base.exchange == bnr("5.0912", FRIDAY)


@pytest.mark.parametrize(
    "known",
    [
        (),
        (on(MONTH, published(rates(TODAY - timedelta(days=11), "5.1"))),),
        (on(MONTH, published(rates(LATER, "5.1"))),),
    ],
)
def test_without_a_rate_a_foreign_invoice_is_not_sent(known: tuple[Happened, ...]) -> None:
    given(COMPANY, *known, DRAFT, on(SERIES, opened())).when(SEND).then(
        refused("exchange_rate_missing", currency="EUR", date="2026-11-23")
    )


def test_a_given_rate_is_recorded_as_given() -> None:
    memory = Memory([COMPANY, DRAFT, on(SERIES, opened())])
    given_rate = GivenRate(rate=Decimal("5.00"))
    memory.run(replace(SEND, sending=replace(SENDING, exchange=given_rate)), asked())
    invoice = invoice_in(memory)
    assert invoice.sent is not None
    assert invoice.sent.in_base is not None
    assert invoice.sent.in_base.exchange == Exchange(base="RON", rate=Decimal("5.00"), date=TODAY, source="given")


@pytest.mark.parametrize("rate", [GivenRate(rate=Decimal(0)), GivenRate(rate=Decimal(5), on=TODAY + timedelta(days=1))])
def test_a_given_rate_is_a_rate(rate: GivenRate) -> None:
    history = (COMPANY, DRAFT, on(SERIES, opened()))
    given(*history).when(replace(SEND, sending=replace(SENDING, exchange=rate))).then(refused("rate_invalid"))


def test_a_rate_that_blows_up_an_invoice_is_refused() -> None:
    huge = GivenRate(rate=Decimal(999999999999))
    given(COMPANY, DRAFT, on(SERIES, opened())).when(replace(SEND, sending=replace(SENDING, exchange=huge))).then(
        refused("amount_too_large")
    )


def test_books_in_another_currency_need_no_bnr_rate() -> None:
    profile = OrganizationProfile(name="Izvor GmbH", currency="EUR")
    memory = Memory([on(ORGANIZATION, OrganizationRegistered(profile=profile)), DRAFT, on(SERIES, opened())])
    memory.run(SEND, asked())
    sent = invoice_in(memory).sent
    assert sent is not None
    assert sent.in_base is None


def test_the_exchange_difference_is_a_fact_beside_the_payment() -> None:
    memory = sent_in_euros()
    memory.run(paid(24200), asked(today=LATER))
    invoice = invoice_in(memory)
    assert (invoice.balance, invoice.paid) == (eur(0), eur(24200))
    assert invoice.differences == (
        ExchangeDifference(
            payment_id=PAYMENT,
            amount=eur(24200),
            date=LATER,
            rate=bnr("5.1012", LATER),
            at_issue=ron("1232.07"),
            at_payment=ron("1234.49"),
            difference=ron("2.42"),
        ),
    )
    assert payment_in(memory).recorded.exchange == bnr("5.1012", LATER)


def test_an_invoice_paid_in_parts_gives_back_what_it_was_booked_at() -> None:
    memory = sent_in_euros()
    for number, minor in enumerate((1, 3333, 3333, 17533), start=1):
        memory.run(paid(minor, document=number, payment_id=f"p{number}"), asked(today=LATER))
    invoice = invoice_in(memory)
    assert invoice.balance == eur(0)
    assert sum(one.at_issue.minor for one in invoice.differences) == 123207


def test_money_taken_back_takes_its_difference_with_it() -> None:
    memory = sent_in_euros()
    memory.run(paid(10000), asked(today=LATER))
    undo = DeallocatePayment(payment_id=PAYMENT, date=LATER, reason="x", allocations=wishes_of((INVOICE, "33.33")))
    memory.run(undo, asked(today=LATER))
    memory.run(ReversePayment(payment_id=PAYMENT, date=LATER, reason="y"), asked(today=LATER))
    steps = invoice_in(memory).differences
    assert [step.amount.minor for step in steps] == [10000, -3333, -6667]
    for name in ("at_issue", "at_payment", "difference"):
        assert sum(getattr(step, name).minor for step in steps) == 0


def test_customer_credit_that_had_no_rate_is_booked_at_the_rate_of_its_day_when_it_is_used() -> None:
    memory = Memory([one for one in HOUSE if one is not RATES])
    memory.run(replace(paid(24200, day=TODAY), allocations=()), asked())
    assert payment_in(memory).recorded.exchange is None
    memory.streams[MONTH] = list(RATES.facts)
    memory.run(SEND, asked())
    wish = AllocatePayment(payment_id=PAYMENT, date=TODAY, allocations=wishes_of((INVOICE, None)))
    memory.run(wish, asked())
    assert [one.difference for one in invoice_in(memory).differences] == [ron("0.00")]


def test_a_payment_of_a_foreign_invoice_needs_a_rate() -> None:
    memory = sent_in_euros()
    history = [one for one in history_of(memory) if one.stream_id != MONTH]
    given(*history).when(paid(100), asked(today=LATER)).then(refused("exchange_rate_missing", date="2026-11-30"))
    early = TODAY - timedelta(days=21)
    given(*history).when(paid(100, day=early), asked()).then(refused("exchange_rate_missing", date=early.isoformat()))
    stated = paid(100, exchange=GivenRate(rate=Decimal("5.2")))
    other = Memory(history)
    other.run(stated, asked(today=LATER))
    assert [one.rate.source for one in invoice_in(other).differences] == ["given"]


def test_credit_notes_take_back_what_the_invoice_was_booked_at() -> None:
    memory = sent_in_euros()
    memory.run(credit(("1", "0.333333")), asked())
    memory.run(credit(reference=2, credit_note_id="n2"), asked())
    notes = [credit_note_in(memory, note).issued.in_base for note in (credit(reference=1).credit_note_id, "n2")]
    assert sum(note.gross.minor for note in notes if note) == 123207
    assert sum(note.vat.minor for note in notes if note) == 21383


def test_rates_are_taken_down_once() -> None:
    days = (rates(FRIDAY, "5.0912"), rates(date(2026, 12, 1), "5.0999", HUF="0.0131"))
    december = rates_id(ORGANIZATION, date(2026, 12, 1))
    command = PublishRates(rates_id=december, days=days)
    given(COMPANY).when(command).then(on(MONTH, published(days[0])), on(december, published(days[1])))
    given(on(MONTH, published(days[0])), on(december, published(days[1]))).when(command).then()
    corrected = rates(FRIDAY, "5.0913")
    given(on(MONTH, published(days[0]))).when(PublishRates(rates_id=MONTH, days=(corrected,))).then(
        on(MONTH, published(corrected))
    )


def test_a_rate_of_nothing_is_not_taken_down() -> None:
    for bad in (rates(FRIDAY, "0"), rates(FRIDAY, "5", RON="1")):
        given().when(PublishRates(rates_id=MONTH, days=(bad,))).then(refused("rate_invalid"))

"""Money and credit move in every way there is; a ledger in plain integers says what must have come of it.

Two invoices in lei and two in euros of one customer, payments and credit notes between them. After every step all
documents agree with the ledger, nothing was made or lost, and no customer credit was ever below nothing, on any day.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from invoicing_domain.model.credit_note.commands import ApplyCredit, RefundCredit, UnapplyCredit
from invoicing_domain.model.exchange.amounts import between, in_base
from invoicing_domain.model.exchange.commands import GivenRate
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.invoice.commands import ExtendDueDate
from invoicing_domain.model.invoice.state import credited_gross
from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.payment.commands import (
    AllocatePayment,
    AllocationWish,
    DeallocatePayment,
    RecordPayment,
    RefundPayment,
    ReversePayment,
)
from invoicing_domain.model.refusal import Refusal
from projections.readmodel import Event
from projections.receivable_movements.project import COLUMNS, MODEL
from tests.support.facts import (
    CUSTOMER,
    IZC,
    NOTE_SERIES,
    ORGANIZATION,
    SENDING,
    SERIES,
    TODAY,
    asked,
    credit,
    draft_invoice,
    line_input,
    opened,
)
from tests.support.replay import assert_replay_equals_live
from tests.support.sentences import Memory, on
from tests.support.states import credit_note_in, invoice_in, payment_in

CURRENCIES = ("RON", "RON", "EUR", "EUR")
FIRST_RATE = Decimal("5.0912")

picks = st.integers(0, 30)
amounts = st.none() | st.integers(1, 300) | st.integers(1, 60_000)
money = st.integers(1, 500) | st.integers(1, 120_000)
rates = st.integers(48_000, 53_000).map(lambda rate: Decimal(rate) / 10_000)


@dataclass
class Source:
    """A payment or a credit note: what it was worth, what went out again, and which invoice holds how much."""

    currency: str
    worth: int
    refunded: int = 0
    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    live: bool = True
    corrects: int = -1
    """The invoice, of a credit note."""

    @property
    def left(self) -> int:
        return self.worth - self.refunded - sum(self.held.values())


class Ledger(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        self.today: date = TODAY
        self.payments: list[Source] = []
        self.notes: list[Source] = []
        self.gross: list[int] = []
        self.credited_in_full: set[int] = set()

    @initialize(prices=st.lists(st.integers(1, 40_000), min_size=4, max_size=4))
    def send_four_invoices(self, prices: list[int]) -> None:
        self.memory = Memory([on(SERIES, opened()), on(NOTE_SERIES, opened(IZC))])
        for n, (price, currency) in enumerate(zip(prices, CURRENCIES, strict=True), start=1):
            lines = [line_input("3", str(Decimal(price) / 100)), line_input("1.5", "2.35")]
            exchange = None if currency == "RON" else GivenRate(rate=FIRST_RATE)
            sending = replace(SENDING, exchange=exchange)
            self.memory.run(draft_invoice(*lines, reference=n, currency=currency, sending=sending), asked())
            self.gross.append(invoice_in(self.memory, invoice_id(n - 1)).totals.gross.minor)

    def balance(self, index: int) -> int:
        held = sum(source.held[index] for source in (*self.payments, *self.notes))
        return self.gross[index] - held

    def ask(self, command: object, *, possible: bool) -> bool:
        """Run a command; it must be refused exactly when it is impossible, and then nothing has changed."""
        before = {stream: len(facts) for stream, facts in self.memory.streams.items()}
        try:
            self.memory.run(command, asked(self.today))
        except Refusal as refusal:
            assert not possible, refusal.message  # noqa: PT017 - the other outcome is checked below
            assert before == {stream: len(facts) for stream, facts in self.memory.streams.items()}
            return False
        assert possible
        return True

    def wishes(self, index: int, amount: int | None) -> tuple[AllocationWish, ...]:
        exact = None if amount is None else Decimal(amount) / 100
        return (AllocationWish(invoice_id=invoice_id(index), amount=exact),)

    def take(self, source: Source, index: int, amount: int | None) -> int | None:
        """What an invoice takes of a source that is wished to give it `amount`; None when that cannot be."""
        if source.currency != CURRENCIES[index] or not source.live:
            return None
        if amount is None:
            return min(source.left, self.balance(index))
        return amount if amount <= min(source.left, self.balance(index)) else None

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(pick=picks, minor=money, amount=amounts, rate=rates, claimed=st.none() | st.integers(1, 2))
    def pay(self, pick: int, minor: int, amount: int | None, rate: Decimal, claimed: int | None) -> None:
        index, number = pick % 4, len(self.payments)
        currency = CURRENCIES[index]
        source = Source(currency=currency, worth=minor)
        command = RecordPayment(
            payment_id=payment_id(number),
            document=number + 1,
            customer_id=CUSTOMER,
            customer_name="-",
            amount=Money(minor, currency),
            date=self.today,
            method="card",
            allocations=self.wishes(index, amount),
            exchange=None if currency == "RON" else GivenRate(rate=rate),
            external_reference="" if claimed is None else f"{claimed}-{minor}-{currency}",
        )
        facts = self.memory.streams.get(payment_id(number), [])
        given = self.take(source, index, amount)
        known = claimed is not None and f"{claimed}-{minor}-{currency}" in self.claims()
        if self.ask(command, possible=known or given is not None) and not known:
            source.held[index] += given or 0
            self.payments.append(source)
        assert not known or not facts

    def claims(self) -> set[str]:
        recorded = (payment_in(self.memory, payment_id(n)).recorded for n in range(len(self.payments)))
        return {one.external_reference for one in recorded}

    @precondition(lambda self: self.payments)
    @rule(which=picks, pick=picks, amount=amounts)
    def allocate(self, which: int, pick: int, amount: int | None) -> None:
        number, index = which % len(self.payments), pick % 4
        source = self.payments[number]
        given = self.take(source, index, amount)
        command = AllocatePayment(
            payment_id=payment_id(number), date=self.today, allocations=self.wishes(index, amount)
        )
        if self.ask(command, possible=bool(given)):
            source.held[index] += given or 0

    @precondition(lambda self: self.notes)
    @rule(which=picks, pick=picks, amount=amounts)
    def apply(self, which: int, pick: int, amount: int | None) -> None:
        number, index = which % len(self.notes), pick % 4
        source = self.notes[number]
        given = self.take(source, index, amount)
        command = ApplyCredit(credit_note_id=note_id(number), date=self.today, allocations=self.wishes(index, amount))
        if self.ask(command, possible=bool(given)):
            source.held[index] += given or 0

    def take_back(self, source: Source, index: int, amount: int | None, command: object, *, kept: bool) -> None:
        held = source.held[index]
        possible = source.live and held > 0 and (amount is None or amount <= held) and not kept
        if self.ask(command, possible=possible):
            source.held[index] -= held if amount is None else amount

    @precondition(lambda self: self.payments)
    @rule(which=picks, pick=picks, amount=amounts)
    def deallocate(self, which: int, pick: int, amount: int | None) -> None:
        number, index = which % len(self.payments), pick % 4
        command = DeallocatePayment(
            payment_id=payment_id(number), date=self.today, reason="wrong", allocations=self.wishes(index, amount)
        )
        self.take_back(self.payments[number], index, amount, command, kept=False)

    @precondition(lambda self: self.notes)
    @rule(which=picks, pick=picks, amount=amounts)
    def unapply(self, which: int, pick: int, amount: int | None) -> None:
        number, index = which % len(self.notes), pick % 4
        source = self.notes[number]
        kept = source.corrects == index and index in self.credited_in_full
        command = UnapplyCredit(
            credit_note_id=note_id(number), date=self.today, reason="wrong", allocations=self.wishes(index, amount)
        )
        self.take_back(source, index, amount, command, kept=kept)

    def pay_out(self, source: Source, amount: int | None, command: object) -> None:
        possible = source.live and source.left > 0 and (amount is None or amount <= source.left)
        if self.ask(command, possible=possible):
            source.refunded += source.left if amount is None else amount

    @precondition(lambda self: self.payments)
    @rule(which=picks, amount=amounts)
    def refund_payment(self, which: int, amount: int | None) -> None:
        number = which % len(self.payments)
        exact = None if amount is None else Decimal(amount) / 100
        command = RefundPayment(
            payment_id=payment_id(number), date=self.today, method="cash", reason="asked", amount=exact
        )
        self.pay_out(self.payments[number], amount, command)

    @precondition(lambda self: self.notes)
    @rule(which=picks, amount=amounts)
    def refund_credit(self, which: int, amount: int | None) -> None:
        number = which % len(self.notes)
        exact = None if amount is None else Decimal(amount) / 100
        command = RefundCredit(
            credit_note_id=note_id(number), date=self.today, method="cash", reason="asked", amount=exact
        )
        self.pay_out(self.notes[number], amount, command)

    @precondition(lambda self: self.payments)
    @rule(which=picks)
    def reverse(self, which: int) -> None:
        number = which % len(self.payments)
        source = self.payments[number]
        command = ReversePayment(payment_id=payment_id(number), date=self.today, reason="bounced")
        if self.ask(command, possible=source.live and not source.refunded):
            source.live, source.worth = False, 0
            source.held.clear()

    @rule(pick=picks, share=st.sampled_from(["0.333333", "1", "1.5"]), whole=st.booleans(), cancels=st.booleans())
    def credit(self, pick: int, share: str, whole: bool, cancels: bool) -> None:
        index, number = pick % 4, len(self.notes)
        command = credit(
            *([] if whole else [("1", share)]),
            reference=number + 1,
            invoice_id=invoice_id(index),
            cancels=whole and cancels,
        )
        before = self.balance(index)
        try:
            self.memory.run(command, asked(self.today))
        except Refusal as refusal:
            assert refusal.code == "credit_exceeds_invoice"  # noqa: PT017 - the other outcome follows
            return
        invoice = invoice_in(self.memory, invoice_id(index))
        fact = invoice.credit_notes[-1]
        source = Source(currency=CURRENCIES[index], worth=fact.amount.minor, corrects=index)
        source.held[index] = min(before, source.worth)
        self.notes.append(source)
        if credited_gross(invoice) == invoice.totals.gross:
            self.credited_in_full.add(index)

    @rule(pick=picks, days=st.integers(0, 90))
    def put_off(self, pick: int, days: int) -> None:
        due = self.today + timedelta(days=days)
        self.ask(ExtendDueDate(invoice_id=invoice_id(pick % 4), due_date=due, reason="agreed"), possible=True)

    @invariant()
    def invoices_agree_with_the_ledger(self) -> None:
        for index, gross in enumerate(self.gross):
            invoice = invoice_in(self.memory, invoice_id(index))
            assert invoice.paid.minor == sum(source.held[index] for source in self.payments)
            assert invoice.credited.minor == sum(source.held[index] for source in self.notes)
            assert invoice.paid.minor + invoice.credited.minor + invoice.balance.minor == gross
            assert 0 <= invoice.balance.minor <= gross
            for number, source in enumerate(self.payments):
                assert invoice.held_of_payment(payment_id(number)).minor == source.held[index]
            for number, source in enumerate(self.notes):
                assert invoice.credit_of(note_id(number)).minor == source.held[index]

    @invariant()
    def sources_agree_with_the_ledger(self) -> None:
        for number, source in enumerate(self.payments):
            payment = payment_in(self.memory, payment_id(number))
            allocated = sum(one.amount.minor for one in payment.allocations)
            assert (allocated, payment.unallocated.minor) == (sum(source.held.values()), source.left)
            assert payment.refunded.minor == source.refunded
            assert source.left >= 0
        for number, source in enumerate(self.notes):
            note = credit_note_in(self.memory, note_id(number))
            assert (note.applied.minor, note.unapplied.minor) == (sum(source.held.values()), source.left)
            assert (note.refunded.minor, note.is_open) == (source.refunded, source.left > 0)

    @invariant()
    def differences_never_touch_the_balance_and_add_up(self) -> None:
        for index in (2, 3)[: len(self.gross)]:
            invoice = invoice_in(self.memory, invoice_id(index))
            assert invoice.sent is not None
            assert invoice.sent.in_base is not None
            for number in range(len(self.payments)):
                booked = [one for one in invoice.differences if one.payment_id == payment_id(number)]
                held = invoice.held_of_payment(payment_id(number))
                worth = in_base(held, booked[-1].rate) if booked else zero("RON")
                assert sum((one.at_payment for one in booked), start=zero("RON")) == worth
            if not invoice.credited and not invoice.credit_steps and not invoice.credit_notes:
                issued = sum((one.at_issue for one in invoice.differences), start=zero("RON"))
                whole, gross = invoice.sent.in_base.gross, invoice.totals.gross
                assert issued == between(whole, zero("EUR"), invoice.paid, gross)

    def teardown(self) -> None:
        assert_replay_equals_live(self.memory)
        self.check_movements()

    def check_movements(self) -> None:
        """On every day: what invoices owe is between nothing and their gross, and credit is never below nothing."""
        days: dict[tuple[str, date], int] = defaultdict(int)
        for row in self.movements():
            named: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
            invoice = named["invoice_id"]
            document = f"credit {named['document_id']}" if invoice is None else f"owes {invoice}"
            days[document, named["effective_date"]] += named["amount_minor"]
        sums: dict[str, int] = defaultdict(int)
        for (document, _), amount in sorted(days.items(), key=lambda item: item[0][1]):
            sums[document] += amount
            assert sums[document] >= 0 if document.startswith("owes") else sums[document] <= 0
        for index in range(len(self.gross)):
            assert sums[f"owes {invoice_id(index)}"] == self.balance(index)

    def movements(self) -> list[tuple[object, ...]]:
        assert MODEL.keyed is not None
        assert MODEL.appended is not None
        rows: list[tuple[object, ...]] = []
        fold: Callable[..., object] = MODEL.keyed.fold
        for stream, facts in self.memory.streams.items():
            state = None
            for version, fact in enumerate(facts, start=1):
                if type(fact) in MODEL.facts:
                    event = Event(stream, version, fact, datetime(2026, 11, 23, tzinfo=UTC), version, ORGANIZATION)
                    state = fold(state, event)
                    rows += MODEL.appended.rows(state, event)
        return rows


def invoice_id(index: int) -> StreamId:
    return stream_id("invoice", ORGANIZATION, index + 1)


def payment_id(number: int) -> StreamId:
    return stream_id("payment", ORGANIZATION, number + 1)


def note_id(number: int) -> StreamId:
    return stream_id("credit_note", ORGANIZATION, number + 1)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=60, stateful_step_count=40)

"""One organization lives through anything, and agrees after every step with a small model that knows no facts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.invoice.commands import DiscardDraft, RecordReminder, ReviseDraft, SendInvoice
from invoicing_domain.model.invoice.events import (
    Sent,
)
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.number_series.events import NumberAllocated
from invoicing_domain.model.payment.commands import AllocatePayment, AllocationWish, RecordPayment, ReversePayment
from invoicing_domain.model.refusal import Refusal
from tests.support.facts import (
    BUYER,
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
    ron,
)
from tests.support.replay import assert_replay_equals_live
from tests.support.sentences import Memory, on
from tests.support.shadow import SCALE, Document, Receipt, change_refused, gross_of, sending_refused, taken
from tests.support.states import invoice_in, payment_in
from tests.support.strategies import line_inputs, vats

picks = st.integers(0, 50)
amounts = st.integers(1, 500) | st.integers(1, 200_000)
exact_amounts = st.none() | st.none() | st.none() | amounts
ordinary_lines = st.builds(
    lambda quantity, price, vat: line_input(str(quantity), str(price), vat),
    st.integers(1, 9),
    st.integers(1, 400),
    vats,
)
some_lines = st.lists(ordinary_lines, min_size=1, max_size=3)
lines = ordinary_lines | line_inputs(negative=True)


class Organization(RuleBasedStateMachine):
    """Picks are indexes into what exists, so that commands also meet documents in the wrong state."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        self.documents: list[Document] = []
        self.receipts: list[Receipt] = []
        self.notes = 0
        self.today = TODAY

    @initialize(
        invoices=st.lists(st.lists(ordinary_lines, min_size=1, max_size=3), min_size=1, max_size=3), amount=amounts
    )
    def begin_with_sent_invoices_and_money_to_place(self, invoices: list[list[LineInput]], amount: int) -> None:
        self.memory = Memory([on(SERIES, opened()), on(NOTE_SERIES, opened(IZC))])
        for index, wanted in enumerate(invoices):
            self.draft(wanted)
            self.send(index)
        self.pay([], amount, None)

    def ask(self, command: object, expected: str | None) -> bool:
        """Run a command; it must be refused exactly with the code expected, and then nothing has changed."""
        before = {stream: len(facts) for stream, facts in self.memory.streams.items()}
        states = dict(self.memory.live)
        try:
            self.memory.run(command, asked(self.today))
        except Refusal as refusal:
            assert refusal.code == expected, refusal.message  # noqa: PT017 - the other outcome is checked below
            assert before == {stream: len(facts) for stream, facts in self.memory.streams.items()}
            assert states == self.memory.live
            return False
        assert expected is None
        return True

    def pick(self, pick: int) -> tuple[StreamId, Document]:
        index = pick % len(self.documents)
        return stream_id("invoice", ORGANIZATION, index + 1), self.documents[index]

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(wanted=st.lists(lines, max_size=3))
    def draft(self, wanted: list[LineInput]) -> None:
        known = {str(n): line for n, line in enumerate(wanted, start=1)}
        assert self.ask(draft_invoice(*wanted, reference=len(self.documents) + 1), None)
        self.documents.append(Document(lines=known, numbered=len(wanted)))

    @rule(pick=picks, line=lines, removed=st.booleans())
    def revise(self, pick: int, line: LineInput, removed: bool) -> None:
        invoice_id, document = self.pick(pick)
        gone = tuple(document.lines)[:1] if removed else ()
        command = ReviseDraft(invoice_id=invoice_id, added=(line,), removed=gone)
        if self.ask(command, change_refused(document)):
            document.numbered += 1
            document.lines = {key: kept for key, kept in document.lines.items() if key not in gone}
            document.lines[str(document.numbered)] = line

    @rule(pick=picks)
    def discard(self, pick: int) -> None:
        invoice_id, document = self.pick(pick)
        expected = "invoice_already_sent" if document.phase == "sent" else None
        if pick % 5 == 0 and self.ask(DiscardDraft(invoice_id=invoice_id), expected):
            document.phase = "discarded"

    @rule(pick=picks)
    def send(self, pick: int) -> None:
        invoice_id, document = self.pick(pick)
        if self.ask(SendInvoice(invoice_id=invoice_id, sending=SENDING), sending_refused(document)):
            document.phase, document.gross = "sent", gross_of(document)

    @rule(chosen=st.lists(picks, min_size=1, max_size=3, unique=True), amount=amounts, exact=exact_amounts)
    def pay(self, chosen: list[int], amount: int, exact: int | None) -> None:
        command = RecordPayment(
            payment_id=stream_id("payment", ORGANIZATION, len(self.receipts) + 1),
            document=len(self.receipts) + 1,
            customer_id=CUSTOMER,
            customer_name=BUYER.name,
            amount=replace(ron("0.00"), minor=amount),
            date=self.today,
            method="bank_transfer",
            allocations=self.wishes(chosen, exact),
        )
        shares, expected = taken(self.documents, self.indexes(chosen), exact, amount)
        if self.ask(command, expected):
            self.receipts.append(Receipt(left=amount, amount=amount, moved=self.today))
            self.move(len(self.receipts) - 1, shares)

    @precondition(lambda self: self.receipts)
    @rule(payment=picks, chosen=st.lists(picks, min_size=1, max_size=2, unique=True), exact=exact_amounts)
    def allocate_later(self, payment: int, chosen: list[int], exact: int | None) -> None:
        index = payment % len(self.receipts)
        command = AllocatePayment(
            payment_id=stream_id("payment", ORGANIZATION, index + 1),
            date=self.today,
            allocations=self.wishes(chosen, exact),
        )
        shares, expected = taken(self.documents, self.indexes(chosen), exact, self.receipts[index].left)
        if expected is None and not shares:
            expected = "nothing_to_allocate"
        if not self.receipts[index].live:
            expected = "payment_reversed"
        if self.ask(command, expected):
            self.receipts[index].moved = self.today
            self.move(index, shares)

    def indexes(self, chosen: list[int]) -> list[int]:
        return [pick % len(self.documents) for pick in chosen]

    def wishes(self, chosen: list[int], exact: int | None) -> tuple[AllocationWish, ...]:
        amount = None if exact is None else Decimal(exact) / SCALE
        return tuple(AllocationWish(invoice_id=self.pick(pick)[0], amount=amount) for pick in chosen)

    def move(self, payment: int, shares: Mapping[int, int]) -> None:
        for index, amount in shares.items():
            paid = self.documents[index].paid
            paid[payment] = paid.get(payment, 0) + amount
            self.receipts[payment].left -= amount

    @precondition(lambda self: self.receipts)
    @rule(payment=picks, earlier=st.integers(0, 2))
    def reverse(self, payment: int, earlier: int) -> None:
        index = payment % len(self.receipts)
        receipt = self.receipts[index]
        day = self.today - timedelta(days=earlier)
        command = ReversePayment(
            payment_id=stream_id("payment", ORGANIZATION, index + 1), date=day, reason="Plată returnată"
        )
        expected = None if receipt.live else "payment_reversed"
        if receipt.live and day < receipt.moved:
            expected = "reversal_before_payment"
        if self.ask(command, expected):
            receipt.live, receipt.left = False, 0
            for document in self.documents:
                document.paid.pop(index, None)

    @rule(pick=picks, whole=st.booleans(), share=st.sampled_from(["0.5", "0.1", "1"]))
    def credit(self, pick: int, whole: bool, share: str) -> None:
        invoice_id, document = self.pick(pick)
        parts = [] if whole or document.phase != "sent" else self.parts(invoice_in(self.memory, invoice_id), share)
        command = credit(*parts, reference=self.notes + 1, invoice_id=invoice_id)
        before = document.balance
        try:
            self.memory.run(command, asked(self.today))
        except Refusal as refusal:
            codes = {"credit_exceeds_invoice", "total_negative"} if document.phase == "sent" else {"invoice_not_sent"}
            assert refusal.code in codes, refusal.message  # noqa: PT017 - the other outcome follows
            return
        self.notes += 1
        note = invoice_in(self.memory, invoice_id).credit_notes[-1]
        assert note.applied.minor == min(note.amount.minor, before)
        document.credited += note.applied.minor

    def parts(self, invoice: Invoice, share: str) -> list[tuple[str, str]]:
        wanted = [(line.id, (line.quantity * Decimal(share)).quantize(Decimal("0.000001"))) for line in invoice.lines]
        return [(line_id, f"{quantity:f}") for line_id, quantity in wanted[:2] if quantity]

    @rule(pick=picks, step=st.sampled_from([7, 14, 30]))
    def remind(self, pick: int, step: int) -> None:
        invoice_id, document = self.pick(pick)
        command = RecordReminder(
            invoice_id=invoice_id, step=step, date=self.today, to="a@b.example", message_id=f"<{step}@izvor>"
        )
        if self.ask(command, None if document.phase == "sent" else "invoice_not_sent"):
            document.steps.add(step)

    @invariant()
    def invoices_agree_with_the_model(self) -> None:
        for index, document in enumerate(self.documents):
            invoice = invoice_in(self.memory, stream_id("invoice", ORGANIZATION, index + 1))
            assert invoice.phase == document.phase
            assert {line.id for line in invoice.lines} == set(document.lines)
            assert {reminder.step for reminder in invoice.reminders} == document.steps
            assert len(invoice.reminders) == len(document.steps)
            if document.phase != "sent":
                continue
            assert invoice.totals.gross.minor == document.gross
            assert invoice.paid.minor == sum(document.paid.values())
            assert invoice.credited.minor == document.credited
            assert invoice.balance.minor == document.balance
            assert 0 <= document.balance <= document.gross

    @invariant()
    def payments_agree_with_the_model(self) -> None:
        for index, receipt in enumerate(self.receipts):
            payment = payment_in(self.memory, stream_id("payment", ORGANIZATION, index + 1))
            paid = sum(document.paid.get(index, 0) for document in self.documents)
            assert payment.unallocated.minor == receipt.left
            assert sum(one.amount.minor for one in payment.allocations) == paid
            assert paid + receipt.left == (receipt.amount if receipt.live else 0)

    @invariant()
    def numbers_have_no_hole(self) -> None:
        for series, prefix in ((SERIES, "IZV"), (NOTE_SERIES, "IZC")):
            facts = [fact for fact in self.memory.streams.get(series, []) if isinstance(fact, NumberAllocated)]
            assert [fact.number for fact in facts] == [f"{prefix}{n:06d}" for n in range(1, len(facts) + 1)]
        sent = [fact for facts in self.memory.streams.values() for fact in facts if isinstance(fact, Sent)]
        numbers = [fact for fact in self.memory.streams.get(SERIES, []) if isinstance(fact, NumberAllocated)]
        assert sorted(fact.number for fact in sent) == [fact.number for fact in numbers]

    def teardown(self) -> None:
        assert_replay_equals_live(self.memory)


TestOrganization = Organization.TestCase
TestOrganization.settings = settings(max_examples=60, stateful_step_count=40)

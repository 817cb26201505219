"""Histories for tests: an organization lives through random days, by the real service, the same for the same seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.credit_note.commands import ApplyCredit, RefundCredit, UnapplyCredit
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.customer.commands import ChangeCustomer, RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.exchange.commands import PublishRates
from invoicing_domain.model.exchange.events import DayRates
from invoicing_domain.model.identity import StreamId, rates_id, stream_id
from invoicing_domain.model.invoice import commands as invoices
from invoicing_domain.model.invoice.events import Header, OrderReference
from invoicing_domain.model.invoice.lines import LineChanges, LineInput
from invoicing_domain.model.money import Money
from invoicing_domain.model.organization.commands import RegisterOrganization
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.party import Address, Buyer, Seller
from invoicing_domain.model.payment.commands import (
    AllocatePayment,
    AllocationWish,
    DeallocatePayment,
    RecordPayment,
    RefundPayment,
    ReversePayment,
)
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Discount, Exemption, Vat
from invoicing_domain.service import InvoicingService, Outcome

FIRST_DAY: Final = date(2026, 1, 5)
SELLER: Final = Seller(name="Izvor Demo SRL", tax_id="RO14399840")
VATS: Final = (Vat("S", Decimal(21)), Vat("S", Decimal(11)), Vat("E", Decimal(0)))
CURRENCIES: Final = ("RON", "RON", "RON", "EUR", "JPY")
TAX_IDS: Final = ("RO18547290", "RO8486152", "RO47024170", "RO12345674", "RO14596")
NAMES: Final = ("Atelierul Ștefănescu SRL", "Brutăria Țăndărică", "Kraków Trading", "O'Neill & Söhne", "%_\\ Ltd")


@dataclass(slots=True)
class History:
    """What has been made so far. Refused wishes are part of life and counted."""

    organization_id: StreamId
    seed: int
    today: date = FIRST_DAY
    commands: int = 0
    refused: int = 0
    position: int = 0
    customers: list[StreamId] = field(default_factory=list)
    invoices: list[StreamId] = field(default_factory=list)
    payments: list[StreamId] = field(default_factory=list)
    credit_notes: list[StreamId] = field(default_factory=list)


class Life:
    """Takes one random step after the other; `step` returns after one command."""

    def __init__(self, service: InvoicingService, organization_id: StreamId, seed: int) -> None:
        self._service = service
        self._random = random.Random(seed)  # noqa: S311 - a history, not a secret
        self.history = History(organization_id, seed)
        self._terms: dict[StreamId, tuple[int, str]] = {}  # which customer, which currency
        self._steps: list[tuple[int, Callable[[], object]]] = [
            (6, self._draft),
            (4, self._revise),
            (5, self._send),
            (4, self._pay),
            (1, self._credit),
            (1, self._allocate),
            (1, self._reverse),
            (1, self._take_back),
            (1, self._refund),
            (1, self._use_credit),
            (1, self._take_credit_back),
            (1, self._agree),
            (2, self._remind),
            (2, self._submit),
            (1, self._hold),
            (1, self._discard),
            (1, self._customer),
            (2, self._tomorrow),
        ]

    def begin(self) -> None:
        profile = OrganizationProfile(name=SELLER.name, tax_id=SELLER.tax_id)
        self._do(RegisterOrganization(organization_id=self.history.organization_id, profile=profile))
        for name in NAMES:
            self._register(name)
        self._publish_rates()

    def step(self) -> None:
        weights = [weight for weight, _ in self._steps]
        chosen = self._random.choices([act for _, act in self._steps], weights)[0]
        chosen()

    def _do(self, command: object) -> Outcome | None:
        self.history.commands += 1
        try:
            outcome = self._service.execute(command, self._context())
        except Refusal:
            self.history.refused += 1
            return None
        self.history.position = max(self.history.position, outcome.position)
        return outcome

    def _context(self) -> Context:
        number = self.history.commands
        command_id = str(UUID(int=self.history.seed << 64 | number))
        noon = datetime(self.history.today.year, self.history.today.month, self.history.today.day, 10, tzinfo=UTC)
        return Context(
            at=noon + timedelta(milliseconds=number),
            today=self.history.today,
            organization_id=self.history.organization_id,
            actor=Actor(kind="token", id="1f2e3d4c", name="Tests"),
            command_id=command_id,
            correlation_id=command_id,
        )

    def _register(self, name: str) -> None:
        reference = len(self.history.customers) + 1
        customer = stream_id("customer", self.history.organization_id, reference)
        self.history.customers.append(customer)
        profile = CustomerProfile(name=name, tax_id=TAX_IDS[reference - 1], address=Address(city="Cluj-Napoca"))
        self._do(RegisterCustomer(customer_id=customer, reference=reference, profile=profile))

    def _customer(self) -> None:
        chosen = self._random.choice(self.history.customers)
        self._do(ChangeCustomer(customer_id=chosen, changes={"email": f"office{self.history.commands}@example.ro"}))

    def _tomorrow(self) -> None:
        self.history.today += timedelta(days=self._random.randint(1, 9))
        self._publish_rates()

    def _publish_rates(self) -> None:
        pick, day = self._random, self.history.today
        rates = {"EUR": Decimal(pick.randint(49_000, 52_000)) / 10_000, "JPY": Decimal(pick.randint(28, 33)) / 1000}
        month = rates_id(self.history.organization_id, day)
        self._do(PublishRates(rates_id=month, days=(DayRates(date=day, rates=rates),)))

    def _line(self) -> LineInput:
        pick = self._random
        return LineInput(
            description=pick.choice(("Consultanță", "Lemn de brad", "Găzduire web", "Transport")),
            quantity=Decimal(pick.randint(1, 5_000)) / pick.choice((1, 10, 1000)),
            unit_price=Decimal(pick.randint(1, 99_999)) / 100,
            vat=(vat := pick.choice(VATS)),
            discount=Discount(percent=Decimal(pick.randint(1, 30))) if pick.random() < 0.2 else None,
            exemption=Exemption(code="VATEX-EU-132-1I") if vat.category == "E" else None,
        )

    def _draft(self) -> None:
        pick, history = self._random, self.history
        reference = len(history.invoices) + 1
        n, currency = pick.randrange(len(NAMES)), pick.choice(CURRENCIES)
        order = OrderReference(id=f"SO-{reference}", number=str(reference), date=history.today)
        header = Header(
            customer=Buyer(
                customer_id=history.customers[n], name=NAMES[n], email="plati@example.ro", address=Address(city="Iași")
            ),
            currency=currency,
            payment_terms_days=pick.choice((0, 14, 30)),
            discount=Discount(percent=Decimal(5)) if pick.random() < 0.2 else None,
            notes=pick.choice(("", "Vă mulțumim!", "urgent\ttabbed\nand a new line", "NUL \x00 inside")),
            order=order if pick.random() < 0.2 else None,
            metadata={"shop": "1"} if pick.random() < 0.2 else {},
        )
        sending = self._sending() if pick.random() < 0.3 else None
        invoice = stream_id("invoice", history.organization_id, reference)
        history.invoices.append(invoice)
        self._terms[invoice] = (n, currency)
        lines = tuple(self._line() for _ in range(pick.randint(1, 4)))
        self._do(
            invoices.DraftInvoice(invoice_id=invoice, reference=reference, header=header, lines=lines, sending=sending)
        )

    def _sending(self) -> invoices.Sending:
        return invoices.Sending(series="IZV", seller=SELLER, default_terms_days=30)

    def _some_invoice(self) -> StreamId:
        """A recent one, mostly: what is old is mostly settled."""
        if not self.history.invoices:
            self._draft()
        return self._random.choice(self.history.invoices[-12:])

    def _revise(self) -> None:
        pick = self._random
        changed: list[tuple[str, LineChanges]] = [("1", {"quantity": Decimal(pick.randint(1, 9))})]
        self._do(
            invoices.ReviseDraft(
                invoice_id=self._some_invoice(),
                changes={"notes": f"revised {self.history.commands}"} if pick.random() < 0.5 else {},
                changed=tuple(changed) if pick.random() < 0.3 else (),
                removed=("2",) if pick.random() < 0.2 else (),
                added=(self._line(),) if pick.random() < 0.5 else (),
            )
        )

    def _send(self) -> None:
        self._do(invoices.SendInvoice(invoice_id=self._some_invoice(), sending=self._sending()))

    def _discard(self) -> None:
        self._do(invoices.DiscardDraft(invoice_id=self._some_invoice()))

    def _pay(self) -> None:
        """Mostly for one invoice, too little or too much; sometimes for two, or for none."""
        pick, history = self._random, self.history
        reference = len(history.payments) + 1
        payment = stream_id("payment", history.organization_id, reference)
        history.payments.append(payment)
        first = self._some_invoice()
        n, currency = self._terms[first]
        chosen = [first] if pick.random() < 0.8 else []
        chosen += [one for one in history.invoices[-12:] if self._terms[one] == (n, currency) and one != first][:1]
        self._do(
            RecordPayment(
                payment_id=payment,
                document=reference,
                customer_id=history.customers[n],
                customer_name=NAMES[n],
                amount=Money(pick.choice((1, 50_000, 999_999, 50_000_000)), currency),
                date=history.today - timedelta(days=pick.choice((0, 0, 3))),
                method="bank_transfer",
                reference=f"OP {reference}",
                external_reference=f"E{reference // 3}" if pick.random() < 0.2 else "",
                allocations=tuple(AllocationWish(invoice_id=one) for one in chosen if pick.random() < 0.8),
            )
        )

    def _some_payment(self) -> StreamId:
        if not self.history.payments:
            self._pay()
        return self._random.choice(self.history.payments[-8:])

    def _allocate(self) -> None:
        payment = self._some_payment()
        for invoice in self.history.invoices[-12:]:  # most are another customer's, and are refused
            wishes = (AllocationWish(invoice_id=invoice),)
            self._do(AllocatePayment(payment_id=payment, date=self.history.today, allocations=wishes))

    def _reverse(self) -> None:
        self._do(ReversePayment(payment_id=self._some_payment(), date=self.history.today, reason="bounced"))

    def _take_back(self) -> None:
        wishes = (AllocationWish(invoice_id=self._some_invoice(), amount=self._random.choice((None, Decimal(1)))),)
        for payment in self.history.payments[-8:]:  # most hold nothing of it, and are refused
            command = DeallocatePayment(
                payment_id=payment, date=self.history.today, reason="wrong match", allocations=wishes
            )
            self._do(command)

    def _refund(self) -> None:
        part = self._random.choice((None, Decimal(1)))
        self._do(
            RefundPayment(
                payment_id=self._some_payment(), date=self.history.today, method="cash", reason="asked", amount=part
            )
        )

    def _use_credit(self) -> None:
        today, part = self.history.today, self._random.choice((None, Decimal(1)))
        for note in self.history.credit_notes[-4:]:
            for invoice in self.history.invoices[-12:]:
                wishes = (AllocationWish(invoice_id=invoice, amount=part),)
                self._do(ApplyCredit(credit_note_id=note, date=today, allocations=wishes))
            if self._random.random() < 0.3:
                self._do(RefundCredit(credit_note_id=note, date=today, method="cash", reason="asked", amount=part))

    def _take_credit_back(self) -> None:
        part = self._random.choice((None, Decimal(1)))
        for note in self.history.credit_notes[-4:]:
            for invoice in self.history.invoices[-12:]:
                wishes = (AllocationWish(invoice_id=invoice, amount=part),)
                command = UnapplyCredit(
                    credit_note_id=note, date=self.history.today, reason="elsewhere", allocations=wishes
                )
                self._do(command)

    def _agree(self) -> None:
        invoice = self._some_invoice()
        due = self.history.today + timedelta(days=self._random.randint(-20, 60))
        self._do(invoices.ExtendDueDate(invoice_id=invoice, due_date=due, reason="agreed by phone"))
        self._do(invoices.AddNote(invoice_id=invoice, text="promised to pay"))

    def _credit(self) -> None:
        pick, history = self._random, self.history
        reference = len(history.credit_notes) + 1
        note = stream_id("credit_note", history.organization_id, reference)
        lines = () if pick.random() < 0.5 else (invoices.LineToCredit(line_id="1", quantity=Decimal("0.001")),)
        outcome = self._do(
            invoices.IssueCreditNote(
                invoice_id=self._some_invoice(),
                credit_note_id=note,
                reference=reference,
                series="IZC",
                seller=SELLER,
                reason="goods returned",
                lines=lines,
                cancels=not lines and pick.random() < 0.3,
            )
        )
        if outcome is not None and isinstance(outcome.streams[note].state, CreditNote):
            history.credit_notes.append(note)

    def _remind(self) -> None:
        self._do(
            invoices.RecordReminder(
                invoice_id=self._some_invoice(),
                step=self._random.choice((7, 14, 30)),
                date=self.history.today,
                to="plati@example.ro",
                message_id=f"<{self.history.commands}@example.ro>",
            )
        )

    def _hold(self) -> None:
        wish = self._random.choice((invoices.HoldReminders, invoices.ResumeReminders))
        self._do(wish(invoice_id=self._some_invoice(), reason="agreed by phone"))

    def _submit(self) -> None:
        invoice, index = self._some_invoice(), str(self.history.commands)
        known = index if self._random.random() < 0.8 else None
        submitted = self._do(
            invoices.RecordEFacturaSubmission(invoice_id=invoice, xml_sha256="ab" * 32, upload_index=known)
        )
        if submitted is not None and known is not None and self._random.random() < 0.7:
            self._do(
                invoices.RecordEFacturaAnswer(
                    invoice_id=invoice,
                    upload_index=index,
                    status=self._random.choice(("ok", "nok")),
                    response_code="200",
                    answer_sha256="cd" * 32,
                )
            )


def random_history(service: InvoicingService, organization_id: StreamId, seed: int, steps: int) -> History:
    """Register an organization and live through `steps` random steps; returns what was made."""
    life = Life(service, organization_id, seed)
    life.begin()
    for _ in range(steps):
        life.step()
    return life.history

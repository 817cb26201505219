"""A small believable company for trying things out: four months of invoices, in every state there is."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from deploy.first_start import OPERATOR
from invoicing_domain.categories import CUSTOMER
from invoicing_domain.clock import SystemClock
from invoicing_domain.model.context import Context
from invoicing_domain.model.customer.commands import RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.customer.state import Customer, as_buyer
from invoicing_domain.model.dates import local_date
from invoicing_domain.model.exchange.commands import GivenRate
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.invoice.commands import (
    DraftInvoice,
    HoldReminders,
    IssueCreditNote,
    LineToCredit,
    Reissue,
    Sending,
    SendInvoice,
)
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.money import Money
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.organization.state import Organization, as_seller
from invoicing_domain.model.party import Address, Buyer
from invoicing_domain.model.payment.commands import AllocationWish, RecordPayment, ReversePayment
from invoicing_domain.model.vat import Discount, Vat
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService, Outcome

PROFILE: Final = OrganizationProfile(
    name="Atelierul Verde SRL",
    tax_id="RO14399840",
    email="facturi@atelierulverde.example",
    ibans=("RO49AAAA1B31007593840000",),
    address=Address(street="Str. Fabricii 12", city="Cluj-Napoca", county="RO-CJ", postal_code="400632"),
)

STANDARD: Final = Vat("S", Decimal(21))
REDUCED: Final = Vat("S", Decimal(11))

CUSTOMERS: Final = (
    CustomerProfile(
        name="Librăria Șoseaua SRL",
        tax_id="RO1590082",
        email="contabilitate@soseaua.example",
        address=Address(street="Șos. Olteniței 20", city="SECTOR4", county="RO-B", postal_code="041299"),
    ),
    CustomerProfile(
        name="Construct Țărm SA",
        tax_id="RO6859662",
        email="facturi@tarm.example",
        address=Address(street="Bd. Tomis 101", city="Constanța", county="RO-CT", postal_code="900657"),
    ),
    CustomerProfile(
        name="Primăria Comunei Fântânele",
        kind="public",
        tax_id="4322637",
        email="primaria@fantanele.example",
        address=Address(street="Str. Principală 1", city="Fântânele", county="RO-CJ", postal_code="407288"),
    ),
    CustomerProfile(
        name="Ioana Munteanu",
        kind="person",
        email="ioana@munteanu.example",
        address=Address(street="Str. Lungă 8", city="Brașov", county="RO-BV", postal_code="500035"),
    ),
    CustomerProfile(
        name="Nordwind Handels GmbH",
        kind="foreign",
        tax_id="DE811907980",
        email="ap@nordwind.example",
        language="en",
        address=Address(street="Speicherstr. 4", city="Hamburg", postal_code="20457", country="DE"),
    ),
)


def _line(
    description: str, quantity: str, price: str, vat: Vat = STANDARD, percent_off: str | None = None
) -> LineInput:
    return LineInput(
        description=description,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        vat=vat,
        discount=Discount(percent=Decimal(percent_off)) if percent_off else None,
    )


def _rate(currency: str) -> GivenRate | None:
    """A rate stated on the document: the demo does not pretend to know what the central bank published."""
    return None if currency == PROFILE.currency else GivenRate(rate=Decimal("5.09"))


@dataclass(slots=True)
class _Company:
    """The commands of the demo, given on a day of the past."""

    service: InvoicingService
    ledger: Ledger
    organization_id: str
    buyers: list[Buyer]

    def context(self, day: date, hour: int = 9) -> Context:
        at = datetime.combine(day, time(hour), tzinfo=UTC)
        command_id = str(uuid.uuid4())
        return Context(
            at=min(at, SystemClock().now()),
            today=day,
            organization_id=self.organization_id,
            actor=replace(OPERATOR, id="demo", name="Maria Pop (demo)"),
            command_id=command_id,
            correlation_id=command_id,
            source="demo",
        )

    def reference(self, kind: str) -> int:
        return self.ledger.recorder.next_reference(self.organization_id, kind)

    def register(self, profile: CustomerProfile, day: date) -> None:
        reference = self.reference("customer")
        customer_id = stream_id("customer", self.organization_id, reference)
        self.service.execute(
            RegisterCustomer(customer_id=customer_id, reference=reference, profile=profile), self.context(day, 8)
        )
        self.buyers.append(as_buyer(customer_id, Customer(reference=reference, profile=profile)))

    def draft(self, day: date, customer: int, *lines: LineInput, terms: int = 30, currency: str = "RON") -> StreamId:
        reference = self.reference("invoice")
        invoice_id = stream_id("invoice", self.organization_id, reference)
        header = Header(customer=self.buyers[customer], currency=currency, payment_terms_days=terms)
        command = DraftInvoice(invoice_id=invoice_id, reference=reference, header=header, lines=lines)
        self.service.execute(command, self.context(day))
        return invoice_id

    def send(self, day: date, invoice_id: StreamId, exchange: GivenRate | None = None) -> None:
        seller = as_seller(Organization(profile=PROFILE))
        sending = Sending(series=PROFILE.invoice_series, seller=seller, default_terms_days=30, exchange=exchange)
        self.service.execute(SendInvoice(invoice_id=invoice_id, sending=sending), self.context(day, 10))

    def sent(self, day: date, customer: int, *lines: LineInput, terms: int = 30, currency: str = "RON") -> StreamId:
        invoice_id = self.draft(day, customer, *lines, terms=terms, currency=currency)
        self.send(day, invoice_id, _rate(currency))
        return invoice_id

    def pay(self, day: date, customer: int, amount: Money, *invoices: StreamId, reference: str = "") -> StreamId:
        document = self.reference("payment")
        payment_id = stream_id("payment", self.organization_id, document)
        command = RecordPayment(
            payment_id=payment_id,
            document=document,
            customer_id=self.buyers[customer].customer_id,
            customer_name=self.buyers[customer].name,
            amount=amount,
            date=day,
            method="bank_transfer",
            reference=reference,
            allocations=tuple(AllocationWish(invoice_id=one) for one in invoices),
            exchange=_rate(amount.currency),
        )
        self.service.execute(command, self.context(day, 12))
        return payment_id

    def credit(
        self, day: date, invoice_id: StreamId, reason: str, *lines: LineToCredit, reissue: bool = False
    ) -> Outcome:
        reference = self.reference("credit_note")
        again = self.reference("invoice") if reissue else 0
        command = IssueCreditNote(
            invoice_id=invoice_id,
            credit_note_id=stream_id("credit_note", self.organization_id, reference),
            reference=reference,
            series=PROFILE.credit_note_series,
            seller=as_seller(Organization(profile=PROFILE)),
            reason=reason,
            lines=lines,
            reissue=Reissue(invoice_id=stream_id("invoice", self.organization_id, again), reference=again)
            if reissue
            else None,
        )
        return self.service.execute(command, self.context(day, 14))


def load_demo(ledger: Ledger, organization_id: str) -> bool:
    """Load the demo into an organization without customers; False (and nothing done) when there is one already."""
    if ledger.load(CUSTOMER, stream_id("customer", organization_id, 1)).state is not None:
        return False
    today = local_date(SystemClock().now(), PROFILE.time_zone)
    company = _Company(InvoicingService(ledger), ledger, organization_id, [])
    for profile in CUSTOMERS:
        company.register(profile, today - timedelta(days=125))
    for _ in _story(company, today):
        pass
    return True


def _story(company: _Company, today: date) -> Iterator[StreamId]:
    """Day by day, oldest first: numbers follow issue dates."""

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    maintenance = _line("Întreținere spațiu verde, abonament lunar", "1", "1850.00")
    plants = _line("Arbuști ornamentali, ghiveci 5 l", "24", "38.50", REDUCED, "5")
    design = _line("Proiect de amenajare peisagistică", "36", "145.00")

    old = company.sent(ago(120), 1, design, plants)  # unpaid for a long time
    yield old
    first = company.sent(ago(95), 0, maintenance)
    company.pay(ago(70), 0, Money(223850, "RON"), first, reference="OP 118")  # paid on time
    town = company.sent(ago(80), 2, _line("Plantare arbori de aliniament", "40", "210.00"), terms=45)
    company.pay(ago(40), 2, Money(500000, "RON"), town, reference="OP 4471")  # part paid, overdue since
    wrong = company.sent(ago(64), 0, _line("Întreținere spațiu verde, abonament lunar", "10", "1850.00"))
    company.credit(ago(63), wrong, "Cantitate greșită: 1 lună, nu 10", reissue=True)  # credited, reissued as a draft
    yield company.sent(ago(61), 0, maintenance)  # overdue by a month
    bounced = company.sent(ago(50), 3, _line("Consultanță grădină, vizită la domiciliu", "2", "180.00"), terms=15)
    payment = company.pay(ago(44), 3, Money(43560, "RON"), bounced, reference="card")
    reversal = ReversePayment(payment_id=payment, date=ago(41), reason="Plată contestată la bancă")
    company.service.execute(reversal, company.context(ago(41), 15))
    company.service.execute(
        HoldReminders(invoice_id=bounced, reason="Se discută cu banca"), company.context(ago(40), 9)
    )
    export = company.sent(
        ago(38), 4, _line("Landscape design, winter garden", "1", "4200.00", Vat("AE", Decimal(0))), currency="EUR"
    )
    company.pay(ago(20), 4, Money(450000, "EUR"), export, reference="SEPA 88120")  # paid too much: customer credit
    partly = company.sent(ago(33), 1, plants, maintenance)
    company.credit(ago(30), partly, "Plante deteriorate la livrare", LineToCredit(line_id="1", quantity=Decimal(6)))
    yield company.sent(ago(31), 0, maintenance, terms=30)  # overdue since yesterday
    company.sent(ago(12), 2, _line("Toaletare arbori", "18", "95.00"), terms=30)
    company.sent(ago(3), 1, design, terms=14)
    company.draft(ago(1), 3, _line("Gazon rulou, livrat", "120", "14.90"))
    company.draft(today, 0, maintenance, plants)

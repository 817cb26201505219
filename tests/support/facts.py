"""A small company for tests of the rules: its streams, and facts and commands with everything filled in."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.identity import StreamId, order_id, series_id, stream_id
from invoicing_domain.model.invoice.commands import DraftInvoice, IssueCreditNote, LineToCredit, Sending
from invoicing_domain.model.invoice.events import Drafted, Header, LineAdded, PaymentReceived, Sent
from invoicing_domain.model.invoice.lines import Line, LineInput, as_input, document_totals, priced
from invoicing_domain.model.invoice.vat_rules import judged_breakdown
from invoicing_domain.model.money import Money, exact
from invoicing_domain.model.number_series.events import NumberAllocated, Series, SeriesOpened
from invoicing_domain.model.party import Address, Buyer, Seller
from invoicing_domain.model.payment.commands import AllocationWish, RecordPayment
from invoicing_domain.model.payment.events import Allocation, Recorded
from invoicing_domain.model.vat import Charge, Discount, Exemption, Totals, Vat, charge_amounts

ORGANIZATION: Final = StreamId("01940000-0000-8000-8000-0000000000a1")
TODAY: Final = date(2026, 11, 23)
NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)

INVOICE: Final = stream_id("invoice", ORGANIZATION, 1)
SECOND: Final = stream_id("invoice", ORGANIZATION, 2)
NOTE: Final = stream_id("credit_note", ORGANIZATION, 1)
PAYMENT: Final = stream_id("payment", ORGANIZATION, 1)
CUSTOMER: Final = stream_id("customer", ORGANIZATION, 1)
PROFORMA: Final = stream_id("proforma", ORGANIZATION, 1)
RECURRING: Final = stream_id("recurring_invoice", ORGANIZATION, 1)
ORDER: Final = order_id(ORGANIZATION, "ord-9")
SERIES: Final = series_id(ORGANIZATION, "invoice", "IZV")
NOTE_SERIES: Final = series_id(ORGANIZATION, "credit_note", "IZC")

STANDARD: Final = Vat("S", Decimal(21))
REDUCED: Final = Vat("S", Decimal(11))
EXEMPT: Final = Vat("E", Decimal(0))
EXEMPTION: Final = Exemption(code="VATEX-EU-132-1I", reason="Cod fiscal art. 292 (1) f): învățământ")

BUYER: Final = Buyer(
    customer_id=CUSTOMER,
    name="Atelierul de Mobilă Turda SRL",
    tax_id="RO18547290",
    address=Address(street="Str. Fabricii 12", city="Turda", county="RO-CJ", postal_code="401001"),
)
SELLER: Final = Seller(name="Izvor Demo SRL", tax_id="RO14399840", address=Address(city="Cluj-Napoca", county="RO-CJ"))
SENDING: Final = Sending(series="IZV", seller=SELLER, default_terms_days=30)
IZV: Final = Series(document="invoice", prefix="IZV")
IZC: Final = Series(document="credit_note", prefix="IZC")


def asked(today: date = TODAY, at: datetime = NOW) -> Context:
    """The context of a command: who, when and for whom."""
    return Context(
        at=at,
        today=today,
        organization_id=ORGANIZATION,
        actor=Actor(kind="token", id="1f2e3d4c", name="Tests"),
        command_id="c-1",
        correlation_id="c-1",
    )


def ron(amount: str) -> Money:
    return exact(Decimal(amount), "RON")


def line_input(
    quantity: str = "2", price: str = "100.00", vat: Vat = STANDARD, discount: Discount | None = None
) -> LineInput:
    return LineInput(
        description="Consultanță",
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        vat=vat,
        discount=discount,
        exemption=EXEMPTION if vat.category == "E" else None,
    )


def line(
    line_id: str = "1",
    quantity: str = "2",
    price: str = "100.00",
    vat: Vat = STANDARD,
    discount: Discount | None = None,
    *,
    currency: str = "RON",
) -> Line:
    return priced(line_id, line_input(quantity, price, vat, discount), currency)


def header(**changes: Any) -> Header:
    return replace(Header(customer=BUYER, currency="RON"), **changes)


def drafted(reference: int = 1, **changes: Any) -> Drafted:
    return Drafted(reference=reference, header=header(**changes))


def added(*lines: Line) -> tuple[LineAdded, ...]:
    return tuple(LineAdded(line=one) for one in lines)


def sent(
    *lines: Line,
    discount: Discount | None = None,
    charges: tuple[Charge, ...] = (),
    number: str = "IZV000001",
    **changes: Any,
) -> Sent:
    """The fact that an invoice with these lines was sent today, due in 30 days."""
    currency = lines[0].net.currency
    totals, breakdown = document_totals(lines, discount, currency, charges)
    fact = Sent(
        number=number,
        series="IZV",
        sent_at=NOW,
        issue_date=TODAY,
        due_date=date(2026, 12, 23),
        seller=SELLER,
        customer=BUYER,
        totals=totals,
        vat_breakdown=judged_breakdown(breakdown, lines, header(charges=charges), SELLER),
        charges=charge_amounts(charges, totals.lines_net),
    )
    return replace(fact, **changes)


def totals(lines_net: str, discount: str, net: str, vat: str, gross: str) -> Totals:
    return Totals(lines_net=ron(lines_net), discount=ron(discount), net=ron(net), vat=ron(vat), gross=ron(gross))


def sent_invoice(
    *lines: Line,
    discount: Discount | None = None,
    charges: tuple[Charge, ...] = (),
    reference: int = 1,
    **changes: Any,
) -> tuple[object, ...]:
    """All facts of an invoice that was drafted and sent; without lines: one of 242.00 RON."""
    lines = lines or (line(),)
    currency = lines[0].net.currency
    begun = drafted(reference, discount=discount, charges=charges, currency=currency)
    issued = sent(*lines, discount=discount, charges=charges, number=f"IZV{reference:06d}", **changes)
    return (begun, *added(*lines), issued)


def opened(series: Series = IZV) -> SeriesOpened:
    return SeriesOpened(series=series)


def allocated(
    value: int = 1, document_id: str = INVOICE, series: Series = IZV, issue_date: date = TODAY
) -> NumberAllocated:
    return NumberAllocated(
        series=series,
        value=value,
        number=f"{series.prefix}{value:06d}",
        document_id=document_id,
        issue_date=issue_date,
    )


def draft_invoice(
    *lines: LineInput, sending: Sending | None = None, reference: int = 1, **changes: Any
) -> DraftInvoice:
    return DraftInvoice(
        invoice_id=stream_id("invoice", ORGANIZATION, reference),
        reference=reference,
        header=header(**changes),
        lines=lines,
        sending=sending,
    )


def credit(
    *lines: tuple[str, str], reason: str = "Marfă returnată", reference: int = 1, **changes: Any
) -> IssueCreditNote:
    """Credit quantities of lines (id, quantity) of the invoice; without lines: all that is left."""
    command = IssueCreditNote(
        invoice_id=INVOICE,
        credit_note_id=stream_id("credit_note", ORGANIZATION, reference),
        reference=reference,
        series="IZC",
        seller=SELLER,
        reason=reason,
        lines=tuple(LineToCredit(line_id=line_id, quantity=Decimal(quantity)) for line_id, quantity in lines),
    )
    return replace(command, **changes)


def pay(amount: str, *wishes: tuple[StreamId, str | None], day: date = TODAY, **changes: Any) -> RecordPayment:
    command = RecordPayment(
        payment_id=PAYMENT,
        document=1,
        customer_id=CUSTOMER,
        customer_name=BUYER.name,
        amount=ron(amount),
        date=day,
        method="bank_transfer",
        reference="OP 12",
        allocations=wishes_of(*wishes),
    )
    return replace(command, **changes)


def wishes_of(*wishes: tuple[StreamId, str | None]) -> tuple[AllocationWish, ...]:
    return tuple(
        AllocationWish(invoice_id=invoice_id, amount=None if amount is None else Decimal(amount))
        for invoice_id, amount in wishes
    )


def recorded(amount: str, unallocated: str, *taken: tuple[StreamId, str], day: date = TODAY) -> Recorded:
    return Recorded(
        document=1,
        customer_id=CUSTOMER,
        customer_name=BUYER.name,
        amount=ron(amount),
        date=day,
        method="bank_transfer",
        reference="OP 12",
        note="",
        allocations=allocations(*taken),
        unallocated=ron(unallocated),
    )


def allocations(*taken: tuple[StreamId, str]) -> tuple[Allocation, ...]:
    return tuple(Allocation(invoice_id=invoice_id, amount=ron(amount)) for invoice_id, amount in taken)


def received(amount: str, balance: str, day: date = TODAY) -> PaymentReceived:
    return PaymentReceived(
        payment_id=PAYMENT,
        amount=ron(amount),
        date=day,
        method="bank_transfer",
        reference="OP 12",
        customer_id=CUSTOMER,
        balance=ron(balance),
    )


def again(one: Line, **changes: Any) -> Line:
    """A line as it is after a change of what was asked for."""
    return priced(one.id, replace(as_input(one), **changes), one.net.currency)

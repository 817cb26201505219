"""What payments and what is undone of them have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from invoicing_domain.model.exchange.events import Exchange
from invoicing_domain.model.invoice.decide import issued_on, sent_of
from invoicing_domain.model.invoice.events import (
    ExchangeDifference,
    PaymentDeallocated,
    PaymentReceived,
    PaymentReversed,
)
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.payment.differences import difference
from invoicing_domain.model.payment.events import Allocated, Allocation, Deallocated, Recorded, Refunded, Reversed
from invoicing_domain.model.payment.state import Payment
from invoicing_domain.model.refusal import Refusal

Invoices = Mapping[str, Invoice | None]
InvoiceMoved = PaymentReceived | PaymentReversed | PaymentDeallocated | ExchangeDifference


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyMoved:
    """The facts about the payment and those about each invoice that it touches, by invoice id."""

    on_payment: tuple[Recorded | Allocated | Deallocated | Refunded | Reversed, ...]
    on_invoices: tuple[tuple[str, InvoiceMoved], ...] = ()


def received(
    invoices: Invoices,
    taken: Sequence[Allocation],
    payment_id: str,
    recorded: Recorded,
    day: date,
    rate: Exchange | None,
) -> tuple[tuple[str, InvoiceMoved], ...]:
    """What invoices are told of the money that they take."""
    facts: list[tuple[str, InvoiceMoved]] = []
    for one in taken:
        invoice = sent_of(invoices[one.invoice_id])
        fact = PaymentReceived(
            payment_id=payment_id,
            amount=one.amount,
            date=day,
            method=recorded.method,
            reference=recorded.reference,
            customer_id=recorded.customer_id,
            balance=invoice.balance - one.amount,
        )
        booked = difference(invoice, payment_id, one.amount, rate, recorded.date, day)
        facts += _with_difference(one.invoice_id, fact, booked)
    return tuple(facts)


def _with_difference(
    invoice_id: str, fact: InvoiceMoved, booked: ExchangeDifference | None
) -> list[tuple[str, InvoiceMoved]]:
    return [(invoice_id, fact)] if booked is None else [(invoice_id, fact), (invoice_id, booked)]


def given_back(
    invoice_id: str, fact: PaymentReversed | PaymentDeallocated, invoice: Invoice, rate: Exchange | None
) -> list[tuple[str, InvoiceMoved]]:
    """A fact that opens an invoice again, and its side in the books where it had one."""
    booked = None if rate is None else difference(invoice, fact.payment_id, -fact.amount, rate, fact.date, fact.date)
    return _with_difference(invoice_id, fact, booked)


def live(state: Payment | None) -> Payment:
    if state is None:
        raise Refusal("not_found", "there is no such payment")
    if state.reversed is not None:
        raise Refusal("payment_reversed", "this payment was reversed", date=state.reversed.date.isoformat())
    return state


def check_not_in_future(day: date, today: date) -> None:
    if day > today:
        raise Refusal("date_in_future", f"{day} has not come yet", date=day.isoformat(), today=today.isoformat())


def by_day(invoices: Invoices, taken: Sequence[Allocation], day: date) -> dict[date, tuple[Allocation, ...]]:
    """Allocations by the day from which on they count: `day`, or the one on which the invoice was issued, if later."""
    days: dict[date, tuple[Allocation, ...]] = {day: ()}
    for one in taken:
        counts = max(day, issued_on(invoices[one.invoice_id]))
        days[counts] = (*days.get(counts, ()), one)
    return dict(sorted(days.items()))


def check_issued(invoices: Invoices, taken: Sequence[Allocation], day: date) -> None:
    """No invoice is settled on a day on which there was none."""
    for one in taken:
        issued = issued_on(invoices[one.invoice_id])
        if day < issued:
            raise Refusal(
                "allocation_before_invoice",
                f"the invoice was issued on {issued}: nothing settles it before",
                invoice_id=one.invoice_id,
                date=day.isoformat(),
                issue_date=issued.isoformat(),
            )


def check_reason(reason: str, what: str) -> None:
    if not reason.strip():
        raise Refusal("reason_missing", f"{what} states why (reason)")


def summed(allocations: Sequence[Allocation], currency: str) -> Money:
    return sum((one.amount for one in allocations), start=zero(currency))


def too_early(moved: date) -> str:
    return f"the money came or was last moved on {moved}; what was not there cannot be taken back"


def days(day: date, moved: date) -> dict[str, str]:
    """What explains that a movement would come too early."""
    return {"date": day.isoformat(), "last_moved": moved.isoformat()}

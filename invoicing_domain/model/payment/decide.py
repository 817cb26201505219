"""Taking money in, spreading it over invoices, and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from invoicing_domain.model.context import Context
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.invoice.events import PaymentReceived, PaymentReversed
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.money import LARGEST_MINOR, Money, exact, least, zero
from invoicing_domain.model.payment.commands import AllocatePayment, AllocationWish, RecordPayment, ReversePayment
from invoicing_domain.model.payment.events import Allocated, Allocation, Recorded, Reversed
from invoicing_domain.model.payment.state import Payment
from invoicing_domain.model.refusal import Refusal

Invoices = Mapping[str, Invoice | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyMoved:
    """One fact about the payment and one about each invoice that it touches, by invoice id."""

    on_payment: Recorded | Allocated | Reversed
    on_invoices: tuple[tuple[str, PaymentReceived | PaymentReversed], ...]


def record(state: Payment | None, invoices: Invoices, command: RecordPayment, context: Context) -> MoneyMoved:
    """Money came in; what the allocations leave over stays as the customer's credit, never lost."""
    if state is not None:
        raise Refusal("payment_exists", "this payment is recorded already")
    if command.amount.minor <= 0:
        raise Refusal("amount_not_positive", "a payment is more than zero", amount=str(command.amount.decimal))
    if command.amount.minor > LARGEST_MINOR:
        raise Refusal("amount_too_large", f"{command.amount} is more than a payment can be")
    _check_not_in_future(command.date, context.today)
    taken = _allocate(invoices, command.allocations, command.amount, command.customer_id)
    left = command.amount - _sum(taken, command.amount.currency)
    recorded = Recorded(
        document=command.document,
        customer_id=command.customer_id,
        customer_name=command.customer_name,
        amount=command.amount,
        date=command.date,
        method=command.method,
        reference=command.reference,
        note=command.note,
        allocations=taken,
        unallocated=left,
    )
    return MoneyMoved(
        on_payment=recorded, on_invoices=_received(invoices, taken, command.payment_id, recorded, command.date)
    )


def allocate(state: Payment | None, invoices: Invoices, command: AllocatePayment, context: Context) -> MoneyMoved:
    payment = _live(state)
    if command.date < payment.recorded.date:
        raise Refusal(
            "allocation_before_payment", f"the money came on {payment.recorded.date}", date=command.date.isoformat()
        )
    _check_not_in_future(command.date, context.today)
    taken = _allocate(invoices, command.allocations, payment.unallocated, payment.recorded.customer_id)
    if not taken:
        raise Refusal("nothing_to_allocate", "the payment is used up, or nothing is left to pay on these invoices")
    left = payment.unallocated - _sum(taken, payment.unallocated.currency)
    return MoneyMoved(
        on_payment=Allocated(date=command.date, allocations=taken, unallocated=left),
        on_invoices=_received(invoices, taken, command.payment_id, payment.recorded, command.date),
    )


def reverse(state: Payment | None, invoices: Invoices, command: ReversePayment, context: Context) -> MoneyMoved:
    payment = _live(state)
    if not command.reason.strip():
        raise Refusal("reason_missing", "a reversal states why (reason)")
    if command.date < payment.last_moved:
        raise Refusal(
            "reversal_before_payment",
            f"the money came or was last allocated on {payment.last_moved}; what was not there cannot be taken back",
            date=command.date.isoformat(),
            last_moved=payment.last_moved.isoformat(),
        )
    _check_not_in_future(command.date, context.today)
    amounts: dict[str, Money] = {}
    for one in payment.allocations:
        amounts[one.invoice_id] = amounts.get(one.invoice_id, zero(one.amount.currency)) + one.amount
    taken = tuple(Allocation(invoice_id=invoice_id, amount=amount) for invoice_id, amount in amounts.items())
    facts = tuple(
        (
            one.invoice_id,
            PaymentReversed(
                payment_id=command.payment_id,
                amount=one.amount,
                date=command.date,
                reason=command.reason,
                customer_id=payment.recorded.customer_id,
                balance=sent_of(invoices[one.invoice_id]).balance + one.amount,
            ),
        )
        for one in taken
    )
    reversal = Reversed(date=command.date, reason=command.reason, allocations=taken, unallocated=payment.unallocated)
    return MoneyMoved(on_payment=reversal, on_invoices=facts)


def _live(state: Payment | None) -> Payment:
    if state is None:
        raise Refusal("not_found", "there is no such payment")
    if state.reversed is not None:
        raise Refusal("payment_reversed", "this payment was reversed", date=state.reversed.date.isoformat())
    return state


def _check_not_in_future(day: date, today: date) -> None:
    if day > today:
        raise Refusal("date_in_future", f"{day} has not come yet", date=day.isoformat(), today=today.isoformat())


def _allocate(
    invoices: Invoices, wishes: Sequence[AllocationWish], available: Money, customer_id: str
) -> tuple[Allocation, ...]:
    """Turn wishes into amounts, in order; an explicit amount that does not fit is refused, not trimmed."""
    taken: list[Allocation] = []
    left = available
    seen: set[str] = set()
    for wish in wishes:
        if wish.invoice_id in seen:
            raise Refusal("allocation_repeated", "an invoice appears twice", invoice_id=wish.invoice_id)
        seen.add(wish.invoice_id)
        invoice = sent_of(invoices[wish.invoice_id])
        _check_fits(invoice, customer_id, available.currency, wish.invoice_id)
        amount = _amount(wish, invoice, left)
        if amount:
            taken.append(Allocation(invoice_id=wish.invoice_id, amount=amount))
            left -= amount
    return tuple(taken)


def _check_fits(invoice: Invoice, customer_id: str, currency: str, invoice_id: str) -> None:
    if invoice.currency != currency:
        raise Refusal(
            "currency_mismatch",
            f"the invoice is in {invoice.currency}, the payment in {currency}",
            invoice_id=invoice_id,
        )
    if invoice.header.customer.customer_id != customer_id:
        raise Refusal("customer_mismatch", "the invoice belongs to another customer", invoice_id=invoice_id)


def _amount(wish: AllocationWish, invoice: Invoice, left: Money) -> Money:
    if wish.amount is None:
        return least(left, invoice.balance)
    try:
        amount = exact(wish.amount, left.currency)
    except ValueError as error:
        raise Refusal("amount_invalid", str(error), invoice_id=wish.invoice_id) from None
    if amount.minor <= 0:
        raise Refusal("amount_not_positive", "an allocation is more than zero", invoice_id=wish.invoice_id)
    if amount > invoice.balance:
        raise Refusal(
            "allocation_exceeds_balance",
            f"the invoice has {invoice.balance} left to pay, not {amount}",
            invoice_id=wish.invoice_id,
            balance=str(invoice.balance.decimal),
        )
    if amount > left:
        raise Refusal(
            "allocations_exceed_payment",
            f"only {left} of the payment is left to allocate, not {amount}",
            invoice_id=wish.invoice_id,
            left=str(left.decimal),
        )
    return amount


def _sum(allocations: Sequence[Allocation], currency: str) -> Money:
    return sum((one.amount for one in allocations), start=zero(currency))


def _received(
    invoices: Invoices, taken: Sequence[Allocation], payment_id: str, recorded: Recorded, day: date
) -> tuple[tuple[str, PaymentReceived], ...]:
    return tuple(
        (
            one.invoice_id,
            PaymentReceived(
                payment_id=payment_id,
                amount=one.amount,
                date=day,
                method=recorded.method,
                reference=recorded.reference,
                customer_id=recorded.customer_id,
                balance=sent_of(invoices[one.invoice_id]).balance - one.amount,
            ),
        )
        for one in taken
    )

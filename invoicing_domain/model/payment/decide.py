"""Taking money in, and spreading it over invoices."""

from collections.abc import Sequence
from typing import Literal

from invoicing_domain.model.context import Context
from invoicing_domain.model.exchange.events import Exchange
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.money import LARGEST_MINOR, Money, exact, least
from invoicing_domain.model.payment.commands import AllocatePayment, AllocationWish, RecordPayment
from invoicing_domain.model.payment.events import Allocated, Allocation, Recorded
from invoicing_domain.model.payment.moving import (
    Invoices,
    MoneyMoved,
    by_day,
    check_issued,
    check_not_in_future,
    live,
    received,
    summed,
)
from invoicing_domain.model.payment.state import Claim, Payment
from invoicing_domain.model.refusal import Refusal

Source = Literal["payment", "credit note"]


def record(
    state: Payment | None,
    invoices: Invoices,
    command: RecordPayment,
    context: Context,
    exchange: Exchange | None = None,
) -> MoneyMoved:
    """Money came in; what the allocations leave over stays as the customer's credit, never lost.

    Money that came before its invoice was issued is credit until then.
    """
    if state is not None:
        raise Refusal("payment_exists", "this payment is recorded already")
    if command.amount.minor <= 0:
        raise Refusal("amount_not_positive", "a payment is more than zero", amount=str(command.amount.decimal))
    if command.amount.minor > LARGEST_MINOR:
        raise Refusal("amount_too_large", f"{command.amount} is more than a payment can be")
    check_not_in_future(command.date, context.today)
    taken = allocation_of(invoices, command.allocations, command.amount, command.customer_id)
    (_, at_once), *later = by_day(invoices, taken, command.date).items()
    recorded = _recorded(command, at_once, exchange)
    facts: list[Recorded | Allocated] = [recorded]
    on_invoices = [*received(invoices, at_once, command.payment_id, recorded, command.date, exchange)]
    left = recorded.unallocated
    for day, ones in later:
        left -= summed(ones, left.currency)
        facts.append(Allocated(date=day, allocations=ones, unallocated=left))
        on_invoices += received(invoices, ones, command.payment_id, recorded, day, exchange)
    return MoneyMoved(on_payment=tuple(facts), on_invoices=tuple(on_invoices))


def _recorded(command: RecordPayment, taken: tuple[Allocation, ...], exchange: Exchange | None) -> Recorded:
    return Recorded(
        document=command.document,
        customer_id=command.customer_id,
        customer_name=command.customer_name,
        amount=command.amount,
        date=command.date,
        method=command.method,
        reference=command.reference,
        note=command.note,
        allocations=taken,
        unallocated=command.amount - summed(taken, command.amount.currency),
        external_reference=command.external_reference,
        exchange=exchange,
    )


def same_again(claim: Claim, existing: Payment | None, command: RecordPayment) -> None:
    """The same outside reference is the same payment: silent when it says the same, refused when it does not."""
    if existing is None:
        raise TypeError(f"payment {claim.payment_id} is claimed, and not recorded")
    recorded = existing.recorded
    if recorded.amount != command.amount or recorded.customer_id != command.customer_id:
        raise Refusal(
            "external_reference_reused",
            f"{command.method} {command.external_reference} is a payment of {recorded.amount} already",
            payment_id=claim.payment_id,
            external_reference=command.external_reference,
            amount=str(recorded.amount.decimal),
        )


def allocate(
    state: Payment | None,
    invoices: Invoices,
    command: AllocatePayment,
    context: Context,
    exchange: Exchange | None = None,
) -> MoneyMoved:
    """Customer credit goes to invoices; `exchange` is the rate of the payment, where it has none of its own."""
    payment = live(state)
    if command.date < payment.free_since:
        raise Refusal(
            "allocation_before_payment",
            f"the money came, or was free again, on {payment.free_since}",
            date=command.date.isoformat(),
        )
    check_not_in_future(command.date, context.today)
    taken = allocation_of(invoices, command.allocations, payment.unallocated, payment.recorded.customer_id)
    if not taken:
        raise Refusal("nothing_to_allocate", "the payment is used up, or nothing is left to pay on these invoices")
    check_issued(invoices, taken, command.date)
    left = payment.unallocated - summed(taken, payment.unallocated.currency)
    return MoneyMoved(
        on_payment=(Allocated(date=command.date, allocations=taken, unallocated=left),),
        on_invoices=received(
            invoices, taken, command.payment_id, payment.recorded, command.date, payment.recorded.exchange or exchange
        ),
    )


def allocation_of(
    invoices: Invoices,
    wishes: Sequence[AllocationWish],
    available: Money,
    customer_id: str,
    source: Source = "payment",
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
        _check_fits(invoice, customer_id, available.currency, wish.invoice_id, source)
        amount = _amount(wish, invoice, left, source)
        if amount:
            taken.append(Allocation(invoice_id=wish.invoice_id, amount=amount))
            left -= amount
    return tuple(taken)


def _check_fits(invoice: Invoice, customer_id: str, currency: str, invoice_id: str, source: Source) -> None:
    if invoice.currency != currency:
        raise Refusal(
            "currency_mismatch",
            f"the invoice is in {invoice.currency}, the {source} in {currency}",
            invoice_id=invoice_id,
        )
    if invoice.header.customer.customer_id != customer_id:
        raise Refusal("customer_mismatch", "the invoice belongs to another customer", invoice_id=invoice_id)


def _amount(wish: AllocationWish, invoice: Invoice, left: Money, source: Source) -> Money:
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
        raise _used_up(left, amount, wish.invoice_id, source)
    return amount


def _used_up(left: Money, amount: Money, invoice_id: str, source: Source) -> Refusal:
    text = f"only {left} of the {source} is left to allocate, not {amount}"
    if source == "credit note":
        return Refusal("applications_exceed_credit_note", text, invoice_id=invoice_id, left=str(left.decimal))
    return Refusal("allocations_exceed_payment", text, invoice_id=invoice_id, left=str(left.decimal))

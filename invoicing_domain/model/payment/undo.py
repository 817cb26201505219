"""Taking money back: from invoices (wrong match), to the customer (refund), or altogether (bounced)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from invoicing_domain.model.context import Context
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.invoice.events import PaymentDeallocated, PaymentReversed
from invoicing_domain.model.money import Money, exact
from invoicing_domain.model.payment.commands import AllocationWish, DeallocatePayment, RefundPayment, ReversePayment
from invoicing_domain.model.payment.differences import rate_booked
from invoicing_domain.model.payment.events import Allocation, Deallocated, Refunded, Reversed
from invoicing_domain.model.payment.moving import (
    InvoiceMoved,
    Invoices,
    MoneyMoved,
    check_not_in_future,
    check_reason,
    days,
    given_back,
    live,
    summed,
    too_early,
)
from invoicing_domain.model.payment.state import Payment, held_by_invoice
from invoicing_domain.model.refusal import Refusal


def deallocate(state: Payment | None, invoices: Invoices, command: DeallocatePayment, context: Context) -> MoneyMoved:
    payment = live(state)
    check_reason(command.reason, "a deallocation")
    if command.date < payment.last_moved:
        raise Refusal(
            "deallocation_before_payment", too_early(payment.last_moved), **days(command.date, payment.last_moved)
        )
    check_not_in_future(command.date, context.today)
    taken = to_take_back(held_by_invoice(payment.allocations), command.allocations)
    facts: list[tuple[str, InvoiceMoved]] = []
    for one in taken:
        invoice = sent_of(invoices[one.invoice_id])
        fact = PaymentDeallocated(
            payment_id=command.payment_id,
            amount=one.amount,
            date=command.date,
            reason=command.reason,
            customer_id=payment.recorded.customer_id,
            balance=invoice.balance + one.amount,
        )
        facts += given_back(one.invoice_id, fact, invoice, rate_booked(invoice, command.payment_id))
    left = payment.unallocated + summed(taken, payment.unallocated.currency)
    return MoneyMoved(
        on_payment=(Deallocated(date=command.date, reason=command.reason, allocations=taken, unallocated=left),),
        on_invoices=tuple(facts),
    )


def refund(state: Payment | None, command: RefundPayment, context: Context) -> MoneyMoved:
    """Customer credit goes back to the customer; never more than is there."""
    payment = live(state)
    check_reason(command.reason, "a refund")
    if command.date < payment.free_since:
        raise Refusal("refund_before_payment", too_early(payment.free_since), **days(command.date, payment.free_since))
    check_not_in_future(command.date, context.today)
    amount = to_refund(payment.unallocated, command.amount)
    refunded = Refunded(
        date=command.date,
        amount=amount,
        method=command.method,
        reference=command.reference,
        reason=command.reason,
        unallocated=payment.unallocated - amount,
    )
    return MoneyMoved(on_payment=(refunded,))


def reverse(state: Payment | None, invoices: Invoices, command: ReversePayment, context: Context) -> MoneyMoved:
    payment = live(state)
    check_reason(command.reason, "a reversal")
    if payment.refunds:
        raise Refusal(
            "payment_refunded",
            f"{payment.refunded} of this payment went back to the customer; what was given back did come in",
            refunded=str(payment.refunded.decimal),
        )
    if command.date < payment.last_moved:
        raise Refusal(
            "reversal_before_payment", too_early(payment.last_moved), **days(command.date, payment.last_moved)
        )
    check_not_in_future(command.date, context.today)
    held = held_by_invoice(payment.allocations)
    taken = tuple(Allocation(invoice_id=invoice_id, amount=amount) for invoice_id, amount in held.items())
    facts: list[tuple[str, InvoiceMoved]] = []
    for one in taken:
        invoice = sent_of(invoices[one.invoice_id])
        fact = PaymentReversed(
            payment_id=command.payment_id,
            amount=one.amount,
            date=command.date,
            reason=command.reason,
            customer_id=payment.recorded.customer_id,
            balance=invoice.balance + one.amount,
        )
        facts += given_back(one.invoice_id, fact, invoice, rate_booked(invoice, command.payment_id))
    reversal = Reversed(date=command.date, reason=command.reason, allocations=taken, unallocated=payment.unallocated)
    return MoneyMoved(on_payment=(reversal,), on_invoices=tuple(facts))


def to_take_back(held: Mapping[str, Money], wishes: Sequence[AllocationWish]) -> tuple[Allocation, ...]:
    """Wishes as amounts that the invoices do hold; without an amount, all of it."""
    taken: dict[str, Allocation] = {}
    for wish in wishes:
        if wish.invoice_id in taken:
            raise Refusal("allocation_repeated", "an invoice appears twice", invoice_id=wish.invoice_id)
        whole = held.get(wish.invoice_id)
        if not whole:
            raise Refusal("nothing_to_deallocate", "the invoice holds nothing of it", invoice_id=wish.invoice_id)
        amount = whole if wish.amount is None else stated(wish.amount, whole.currency)
        if amount > whole:
            raise Refusal(
                "deallocation_exceeds_allocation",
                f"the invoice holds {whole}, not {amount}",
                invoice_id=wish.invoice_id,
                held=str(whole.decimal),
            )
        taken[wish.invoice_id] = Allocation(invoice_id=wish.invoice_id, amount=amount)
    if not taken:
        raise Refusal("nothing_to_deallocate", "name the invoices to take it from")
    return tuple(taken.values())


def to_refund(available: Money, wanted: Decimal | None) -> Money:
    if not available:
        raise Refusal("refund_exceeds_credit", "nothing is left to refund", left=str(available.decimal))
    amount = available if wanted is None else stated(wanted, available.currency)
    if amount > available:
        raise Refusal(
            "refund_exceeds_credit",
            f"{available} is left to refund, not {amount}",
            left=str(available.decimal),
        )
    return amount


def stated(amount: Decimal, currency: str) -> Money:
    try:
        money = exact(amount, currency)
    except ValueError as error:
        raise Refusal("amount_invalid", str(error)) from None
    if money.minor <= 0:
        raise Refusal("amount_not_positive", "an amount is more than zero", amount=str(money.decimal))
    return money

"""Handlers of what moves money: payments, credit, and the exchange rates that they are booked at."""

from collections.abc import Sequence
from datetime import date

from invoicing_domain.categories import CREDIT_NOTE, EXCHANGE_RATES, INVOICE, ORGANIZATION, PAYMENT, PAYMENT_CLAIM
from invoicing_domain.model.context import Context
from invoicing_domain.model.credit_note import applying
from invoicing_domain.model.credit_note.commands import ApplyCredit, RefundCredit, UnapplyCredit
from invoicing_domain.model.exchange import decide as rates
from invoicing_domain.model.exchange.commands import GivenRate, PublishRates
from invoicing_domain.model.exchange.events import DayRates, Exchange
from invoicing_domain.model.identity import StreamId, claim_id, rates_id
from invoicing_domain.model.invoice import state as invoice
from invoicing_domain.model.payment import decide as payments
from invoicing_domain.model.payment import undo as undoing
from invoicing_domain.model.payment.commands import (
    AllocatePayment,
    AllocationWish,
    DeallocatePayment,
    RecordPayment,
    RefundPayment,
    ReversePayment,
)
from invoicing_domain.model.payment.events import ReferenceClaimed
from invoicing_domain.model.payment.moving import MoneyMoved
from invoicing_domain.work import Work


def exchange_of(currency: str, given: GivenRate | None, day: date, context: Context, work: Work) -> Exchange | None:
    if given is not None:
        return rates.given(given, currency, day)
    if not books_in_lei(currency, context, work):
        return None
    this_month = work.load(EXCHANGE_RATES, rates_id(context.organization_id, day))
    last_month = work.load(EXCHANGE_RATES, rates_id(context.organization_id, rates.month_before(day)))
    return rates.published(currency, day, this_month, last_month)


def books_in_lei(currency: str, context: Context, work: Work) -> bool:
    """Whether amounts in this currency have to be stated in lei too."""
    if currency == rates.BASE:
        return False
    seller = work.load(ORGANIZATION, context.organization_id)
    return seller is not None and seller.profile.currency == rates.BASE


def exchange_at_issue(
    state: invoice.Invoice | None, given: GivenRate | None, context: Context, work: Work
) -> Exchange | None:
    """The rate of an invoice that is not in the currency of the books: as given, or as BNR published it.

    It is of the day on which VAT became chargeable, where that is before the day of issue.
    """
    if state is None or state.phase != "draft":
        return None
    issued = state.header.issue_date or context.today
    day = min(state.header.tax_point_date or issued, issued)
    found = exchange_of(state.currency, given, day, context, work)
    if found is None and books_in_lei(state.currency, context, work):
        raise rates.missing(state.currency, day)
    return found


def publish_rates(command: PublishRates, context: Context, work: Work) -> None:
    work.load(EXCHANGE_RATES, command.rates_id)
    months: dict[StreamId, list[DayRates]] = {}
    for day in command.days:
        months.setdefault(rates_id(context.organization_id, day.date), []).append(day)
    for month, days in months.items():
        work.record(EXCHANGE_RATES, month, rates.publish(work.load(EXCHANGE_RATES, month), tuple(days)))


def record_payment(command: RecordPayment, context: Context, work: Work) -> None:
    touched = _invoices(command.allocations, work)
    if command.external_reference and _found_again(command, context, work):
        return
    work.begin(PAYMENT, command.payment_id)
    exchange = exchange_of(command.amount.currency, command.exchange, command.date, context, work)
    moved = payments.record(work.load(PAYMENT, command.payment_id), touched, command, context, exchange)
    _move(command.payment_id, moved, work)


def _found_again(command: RecordPayment, context: Context, work: Work) -> bool:
    """Whether the outside reference stands for a payment already; else it stands for this one from now on."""
    claimed = claim_id(context.organization_id, command.method, command.external_reference)
    claim = work.load(PAYMENT_CLAIM, claimed)
    if claim is None:
        fact = ReferenceClaimed(
            payment_id=command.payment_id, method=command.method, external_reference=command.external_reference
        )
        work.record(PAYMENT_CLAIM, claimed, [fact])
        return False
    existing = work.load(PAYMENT, claim.payment_id)
    payments.same_again(claim, existing, command)
    work.answer_with(StreamId(claim.payment_id))
    return True


def allocate_payment(command: AllocatePayment, context: Context, work: Work) -> None:
    touched = _invoices(command.allocations, work)
    state = work.load(PAYMENT, command.payment_id)
    exchange = None
    if state is not None and state.recorded.exchange is None:
        exchange = exchange_of(state.recorded.amount.currency, None, state.recorded.date, context, work)
    _move(command.payment_id, payments.allocate(state, touched, command, context, exchange), work)


def deallocate_payment(command: DeallocatePayment, context: Context, work: Work) -> None:
    state = work.load(PAYMENT, command.payment_id)
    moved = undoing.deallocate(state, _invoices(command.allocations, work), command, context)
    _move(command.payment_id, moved, work)


def refund_payment(command: RefundPayment, context: Context, work: Work) -> None:
    state = work.load(PAYMENT, command.payment_id)
    _move(command.payment_id, undoing.refund(state, command, context), work)


def reverse_payment(command: ReversePayment, context: Context, work: Work) -> None:
    state = work.load(PAYMENT, command.payment_id)
    paid = state.allocations if state is not None else ()
    touched = {one.invoice_id: work.load(INVOICE, one.invoice_id) for one in paid}
    _move(command.payment_id, undoing.reverse(state, touched, command, context), work)


def _invoices(wishes: Sequence[AllocationWish], work: Work) -> dict[str, invoice.Invoice | None]:
    return {wish.invoice_id: work.load(INVOICE, wish.invoice_id) for wish in wishes}


def _move(payment_id: str, moved: MoneyMoved, work: Work) -> None:
    work.record(PAYMENT, payment_id, moved.on_payment)
    for invoice_id, fact in moved.on_invoices:
        work.record(INVOICE, invoice_id, [fact])


def apply_credit(command: ApplyCredit, context: Context, work: Work) -> None:
    state = work.load(CREDIT_NOTE, command.credit_note_id)
    moved = applying.apply(state, _invoices(command.allocations, work), command, context)
    _move_credit(command.credit_note_id, moved, work)


def unapply_credit(command: UnapplyCredit, context: Context, work: Work) -> None:
    state = work.load(CREDIT_NOTE, command.credit_note_id)
    moved = applying.unapply(state, _invoices(command.allocations, work), command, context)
    _move_credit(command.credit_note_id, moved, work)


def refund_credit(command: RefundCredit, context: Context, work: Work) -> None:
    state = work.load(CREDIT_NOTE, command.credit_note_id)
    _move_credit(command.credit_note_id, applying.refund(state, command, context), work)


def _move_credit(credit_note_id: StreamId, moved: applying.CreditMoved, work: Work) -> None:
    work.record(CREDIT_NOTE, credit_note_id, [moved.on_note])
    for invoice_id, fact in moved.on_invoices:
        work.record(INVOICE, invoice_id, [fact])

"""What becomes of an invoice. Each life acts, then yields the day on which it goes on; the agenda wakes it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Final

from deploy.demo_data.desk import Desk, Sale
from deploy.demo_data.market import Customer, basket
from deploy.demo_data.words import CREDIT_REASONS, NOTES
from invoicing_domain.model.dates import due_after
from invoicing_domain.model.identity import StreamId, order_id
from invoicing_domain.model.invoice.commands import (
    AddNote,
    DiscardDraft,
    DraftInvoice,
    ExtendDueDate,
    HoldReminders,
    IssueCreditNote,
    LineToCredit,
    RecordEFacturaAnswer,
    RecordEFacturaSubmission,
    RecordReminder,
    Reissue,
    Sending,
    SendInvoice,
)
from invoicing_domain.model.invoice.events import Header, OrderReference
from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.order.commands import InvoiceOrder
from invoicing_domain.model.payment.commands import AllocationWish, RecordPayment, ReversePayment

Life = Iterator[date]
Begin = Callable[[Sale, Life], None]
"""Begins another life beside the one that goes on."""

REMINDED_AFTER_DAYS: Final = (7, 14, 30)
FILED_SINCE: Final = date(2024, 7, 1)
"""When filing e-Factura between businesses became the rule."""

MOST_PAID_AT_ONCE: Final = 12
"""Invoices in one payment."""

METHODS: Final = ("bank_transfer",) * 8 + ("card", "cash")


def drafted(desk: Desk, begin: Begin, customer: Customer) -> None:
    """A draft, from a sales order sometimes, and what follows upon it."""
    invoice_id, reference = desk.document("invoice")
    chance, today = desk.chance, desk.today
    order = None
    if desk.happens(0.15):
        outside = f"SO-{today:%y%m}-{reference:06d}"
        order = OrderReference(id=outside, number=outside, date=today)
    draft = DraftInvoice(
        invoice_id=invoice_id,
        reference=reference,
        header=Header(
            customer=customer.buyer,
            currency=customer.currency,
            payment_terms_days=customer.terms_days,
            notes=chance.choice(NOTES).format(number=chance.randrange(100, 10_000)),
            buyer_reference=f"PO-{today.year}-{chance.randrange(1, 9_999):04d}" if desk.happens(0.3) else "",
            order=order,
        ),
        lines=basket(chance, customer, today),
        series=desk.organization.profile.invoice_series,
    )
    if order is None:
        desk.do(draft)
    else:
        stream = desk.begin(order_id(desk.organization_id, order.id))
        desk.do(InvoiceOrder(order_id=stream, order=order, draft=draft))
        desk.settle(stream)
    sale = Sale(customer, invoice_id)
    begin(sale, draft_life(desk, begin, sale))


def draft_life(desk: Desk, begin: Begin, sale: Sale) -> Life:
    if desk.happens(0.012):
        yield desk.in_days(1, 10)
        desk.do(DiscardDraft(invoice_id=sale.invoice_id, reason="Comandă anulată"))
        return
    if desk.happens(0.4):
        yield desk.in_days(1, 4)
    elif desk.happens(0.01):
        yield desk.in_days(20, 200)
    profile = desk.organization.profile
    sending = Sending(
        series=profile.invoice_series,
        seller=desk.seller,
        default_terms_days=profile.payment_terms_days,
        exchange=desk.rate(sale.customer.currency),
    )
    desk.do(SendInvoice(invoice_id=sale.invoice_id, sending=sending))
    sale.customer.owing[sale.invoice_id] = None
    for life in (filing_life, reminder_life, correction_life, remark_life):
        begin(sale, life(desk, begin, sale))
    begin(sale, payment_life(desk, begin, sale))


def filing_life(desk: Desk, _: Begin, sale: Sale) -> Life:
    """e-Factura: filed within days, answered soon after, refused now and then and filed again."""
    if desk.today < FILED_SINCE or sale.customer.profile.kind not in {"business", "public"}:
        return
    yield desk.in_days(0, 3)
    refused = desk.happens(0.015)
    for status in ("nok", "ok") if refused else ("ok",):
        index = str(desk.chance.randrange(10**9, 10**10))
        sealed = sha256(index.encode()).hexdigest()
        desk.do(RecordEFacturaSubmission(invoice_id=sale.invoice_id, xml_sha256=sealed, upload_index=index))
        yield desk.in_days(0, 1)
        desk.do(
            RecordEFacturaAnswer(
                invoice_id=sale.invoice_id,
                upload_index=index,
                status="nok" if status == "nok" else "ok",
                response_code="ERR" if status == "nok" else "OK",
                answer_sha256=sealed,
            )
        )
        if status == "nok":
            yield desk.in_days(1, 40)


def reminder_life(desk: Desk, _: Begin, sale: Sale) -> Life:
    """A step after each number of days, as long as something is left to pay."""
    sent = desk.invoice(sale.invoice_id).sent
    email = sale.customer.profile.email
    for step in REMINDED_AFTER_DAYS if sent is not None and email else ():
        due = desk.invoice(sale.invoice_id).due_date or desk.today
        yield max(due + timedelta(days=step), desk.today)
        if not desk.is_open(sale.invoice_id):
            return
        if desk.happens(0.01):
            desk.do(HoldReminders(invoice_id=sale.invoice_id, reason="Se discută cu clientul"))
            return
        message = f"<{sale.invoice_id}.{step}@demo.example>"
        desk.do(
            RecordReminder(invoice_id=sale.invoice_id, step=step, date=desk.today, to=email or "", message_id=message)
        )


def correction_life(desk: Desk, begin: Begin, sale: Sale) -> Life:
    """Credit notes: a part of a line, all of it with a corrected draft, or all of it for good."""
    if not desk.happens(0.033):
        return
    yield desk.in_days(1, 45)
    invoice = desk.invoice(sale.invoice_id)
    line = invoice.lines[0]
    partly = desk.happens(0.6) and line.quantity > 1 and desk.is_open(sale.invoice_id)
    if not partly and (invoice.paid.minor or invoice.credit_notes):
        return
    note_id, reference = desk.document("credit_note")
    again, again_reference = desk.document("invoice") if not partly and desk.happens(0.7) else (None, 0)
    desk.do(
        IssueCreditNote(
            invoice_id=sale.invoice_id,
            credit_note_id=note_id,
            reference=reference,
            series=desk.organization.profile.credit_note_series,
            seller=desk.seller,
            reason=desk.chance.choice(CREDIT_REASONS),
            lines=(LineToCredit(line_id=line.id, quantity=Decimal(1)),) if partly else (),
            reissue=None if again is None else Reissue(invoice_id=again, reference=again_reference),
            cancels=not partly and again is None,
        )
    )
    desk.settle(note_id)
    if again is not None:
        corrected = Sale(sale.customer, again)
        begin(corrected, draft_life(desk, begin, corrected))


def remark_life(desk: Desk, _: Begin, sale: Sale) -> Life:
    """A later day to pay by, or a note."""
    if not desk.happens(0.015):
        return
    yield desk.in_days(2, 25)
    if desk.happens(0.6):
        desk.do(AddNote(invoice_id=sale.invoice_id, text="Clientul a confirmat primirea facturii."))
    elif desk.is_open(sale.invoice_id):
        later = due_after(desk.invoice(sale.invoice_id).due_date or desk.today, 15)
        desk.do(ExtendDueDate(invoice_id=sale.invoice_id, due_date=later, reason="Reeșalonare convenită telefonic"))


def payment_life(desk: Desk, begin: Begin, sale: Sale) -> Life:
    """Around its usual day, in one part or two, a little too much now and then, and by some customers never."""
    due = desk.invoice(sale.invoice_id).due_date or desk.today
    usual = due + timedelta(days=round(sale.customer.days_late + desk.chance.expovariate(1 / 6)))
    yield max(usual, desk.today + timedelta(days=1))
    if desk.happens(0.015):
        return
    if desk.is_open(sale.invoice_id) and desk.happens(0.11):
        gross = desk.invoice(sale.invoice_id).totals.gross
        part = Money(max(gross.minor // desk.chance.randint(2, 4), 1), gross.currency)
        pay(desk, begin, sale, min(part, desk.invoice(sale.invoice_id).balance))
        if desk.happens(0.1):
            return
        yield desk.in_days(10, 50)
    if desk.is_open(sale.invoice_id):
        over = desk.chance.randrange(1_000, 50_000) if desk.happens(0.02) else 0
        pay(desk, begin, sale, desk.invoice(sale.invoice_id).balance + Money(over, sale.customer.currency))


def pay(desk: Desk, begin: Begin, sale: Sale, amount: Money) -> None:
    """The customer pays this invoice; one who pays all at once, the others that are open too."""
    customer = sale.customer
    paid = [sale.invoice_id]
    if customer.pays_all_at_once:
        others = [one for one in customer.owing if one != sale.invoice_id and desk.is_open(one)]
        paid += others[: MOST_PAID_AT_ONCE - 1]
        amount += sum((desk.invoice(one).balance for one in paid[1:]), start=zero(amount.currency))
    payment_id, document = desk.document("payment")
    desk.do(
        RecordPayment(
            payment_id=payment_id,
            document=document,
            customer_id=customer.customer_id,
            customer_name=customer.buyer.name,
            amount=amount,
            date=desk.today,
            method=desk.chance.choice(METHODS),
            reference=f"OP {document}",
            allocations=tuple(AllocationWish(invoice_id=one) for one in paid),
            exchange=desk.rate(customer.currency),
        )
    )
    if len(paid) == 1 and desk.happens(0.004):
        begin(sale, bounce_life(desk, begin, sale, payment_id))
    else:
        desk.settle(payment_id)


def bounce_life(desk: Desk, begin: Begin, sale: Sale, payment_id: StreamId) -> Life:
    """The bank takes the money back; it comes again later."""
    yield desk.in_days(1, 5)
    desk.do(ReversePayment(payment_id=payment_id, date=desk.today, reason="Plată contestată la bancă"))
    desk.settle(payment_id)
    yield desk.in_days(5, 30)
    if desk.is_open(sale.invoice_id):
        pay(desk, begin, sale, desk.invoice(sale.invoice_id).balance)

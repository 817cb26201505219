"""From bodies to commands: references become streams, and what `decide` has to know of outside is put in."""

from collections.abc import Iterable
from dataclasses import replace

from invoicing_domain.model.amounts import AMOUNT
from invoicing_domain.model.customer.commands import RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.customer.state import Customer, as_buyer
from invoicing_domain.model.identity import StreamId, order_id, stream_id
from invoicing_domain.model.invoice.commands import DraftInvoice, Sending
from invoicing_domain.model.invoice.events import Header, OrderReference
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.order.commands import InvoiceOrder
from invoicing_domain.model.organization.state import Organization, as_seller
from invoicing_domain.model.party import Buyer
from invoicing_domain.model.payment.commands import AllocationWish, RecordPayment
from invoicing_domain.requests import values
from invoicing_domain.requests.asker import Asker
from invoicing_domain.requests.bodies import (
    AllocationBody,
    FromOrderBody,
    InvoiceBody,
    InvoicePaymentBody,
    PaymentBody,
    SendBody,
)
from invoicing_domain.requests.misread import misread


def buyer(body: InvoiceBody, asker: Asker) -> tuple[Buyer, RegisterCustomer | None]:
    """The buyer of a new draft: a known customer, or a new one that is registered with it."""
    if body.customer_id is not None and body.customer is None:
        customer_id, known = asker.customer(body.customer_id, "/customer_id")
        return as_buyer(customer_id, known), None
    if body.customer is None or body.customer_id is not None:
        raise misread("/customer_id", "give either customer_id or customer", "missing")
    return new_buyer(values.profile(body.customer, "/customer"), asker)


def new_buyer(given: CustomerProfile, asker: Asker) -> tuple[Buyer, RegisterCustomer]:
    reference = asker.new("customer")
    customer_id = stream_id("customer", asker.organization_id, reference)
    registers = RegisterCustomer(customer_id=customer_id, reference=reference, profile=given)
    return as_buyer(customer_id, Customer(reference=reference, profile=given)), registers


def header(body: InvoiceBody, customer: Buyer, asker: Asker) -> Header:
    return Header(
        customer=customer,
        currency=body.currency or asker.profile.currency,
        issue_date=body.issue_date,
        due_date=body.due_date,
        payment_terms_days=body.payment_terms_days,
        discount=values.discount(body.discount, "/discount"),
        charges=values.charges(body.charges, asker.home),
        tax_point_date=body.tax_point_date,
        delivery_date=body.delivery_date,
        delivery_country=body.delivery_country,
        notes=body.notes,
        buyer_reference=body.buyer_reference,
        payment_reference=body.payment_reference,
        metadata=body.metadata,
    )


def draft(body: InvoiceBody, asker: Asker) -> DraftInvoice:
    lines = values.lines(body.lines, asker.home)
    customer, registers = buyer(body, asker)
    reference = asker.new("invoice")
    return DraftInvoice(
        invoice_id=stream_id("invoice", asker.organization_id, reference),
        reference=reference,
        header=header(body, customer, asker),
        lines=lines,
        series=asker.profile.invoice_series,
        registers=registers,
    )


def invoice_order(body: FromOrderBody, asker: Asker) -> InvoiceOrder:
    """An accepted sales order. The id of the order is its identity: told again it leads to the same invoice."""
    if not body.send and (body.deliver != "none" or body.series or body.exchange):
        raise misread("/send", "deliver, series and exchange are about sending: they count only with send")
    order = OrderReference(id=body.order.id, number=body.order.number or body.order.id, date=body.order.date)
    how = SendBody(deliver=body.deliver, series=body.series, exchange=body.exchange)
    plain = draft(body, asker)
    return InvoiceOrder(
        order_id=order_id(asker.organization_id, order.id),
        order=order,
        draft=replace(
            plain,
            header=replace(plain.header, order=order),
            sending=sending(how, asker.organization) if body.send else None,
        ),
    )


def sending(body: SendBody, seller: Organization) -> Sending:
    return Sending(
        series=body.series or seller.profile.invoice_series,
        seller=as_seller(seller),
        default_terms_days=seller.profile.payment_terms_days,
        deliver=body.deliver,
        exchange=values.given_rate(body.exchange),
    )


def invoice_payment(body: InvoicePaymentBody, invoice_id: StreamId, invoice: Invoice, asker: Asker) -> RecordPayment:
    """A payment to one invoice that was sent."""
    customer = invoice.header.customer
    amount = values.money(body.amount, invoice.currency, "/amount")
    reference = asker.new("payment")
    return RecordPayment(
        payment_id=stream_id("payment", asker.organization_id, reference),
        document=reference,
        customer_id=customer.customer_id,
        customer_name=customer.name,
        amount=amount,
        date=body.date,
        method=body.method,
        reference=body.reference,
        note=body.note,
        external_reference=body.external_reference,
        exchange=values.given_rate(body.exchange),
        allocations=(AllocationWish(invoice_id=invoice_id),),
    )


def payment(body: PaymentBody, asker: Asker) -> RecordPayment:
    """A payment of a customer over any number of invoices."""
    amount = values.money(body.amount, body.currency or asker.profile.currency, "/amount")
    customer_id, customer = asker.customer(body.customer_id, "/customer_id")
    allocations = wishes(body.allocations, asker)
    reference = asker.new("payment")
    return RecordPayment(
        payment_id=stream_id("payment", asker.organization_id, reference),
        document=reference,
        customer_id=customer_id,
        customer_name=customer.profile.name,
        amount=amount,
        date=body.date,
        method=body.method,
        reference=body.reference,
        note=body.note,
        external_reference=body.external_reference,
        exchange=values.given_rate(body.exchange),
        allocations=allocations,
    )


def wishes(given: Iterable[AllocationBody], asker: Asker) -> tuple[AllocationWish, ...]:
    return tuple(_wish(one, f"/allocations/{n}", asker) for n, one in enumerate(given))


def _wish(body: AllocationBody, pointer: str, asker: Asker) -> AllocationWish:
    invoice_id = asker.invoice(body.invoice_id, f"{pointer}/invoice_id")
    amount = None if body.amount is None else values.number(body.amount, AMOUNT, f"{pointer}/amount")
    return AllocationWish(invoice_id=invoice_id, amount=amount)

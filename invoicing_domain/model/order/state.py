"""A sales order as its fact tells it."""

from dataclasses import dataclass

from invoicing_domain.model.order.events import OrderInvoiced


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicedOrder:
    invoice_id: str


def evolve(_: InvoicedOrder | None, fact: OrderInvoiced) -> InvoicedOrder:
    return InvoicedOrder(invoice_id=fact.invoice_id)

"""What happened to an accepted sales order: it became an invoice, once."""

from dataclasses import dataclass

from invoicing_domain.model.invoice.events import OrderReference


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderInvoiced:
    """The first and only fact of a stream named after an order: this invoice is what it became."""

    order: OrderReference
    invoice_id: str

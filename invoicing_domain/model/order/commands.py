"""What one may ask about a sales order."""

from dataclasses import dataclass

from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.commands import DraftInvoice
from invoicing_domain.model.invoice.events import OrderReference


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceOrder:
    """Make the invoice of an order, and send it when `draft` says so; an order that has one keeps it as it is.

    `draft` names the same order in its header.
    """

    order_id: StreamId
    order: OrderReference
    draft: DraftInvoice

    @property
    def invoice_id(self) -> StreamId:
        return self.draft.invoice_id

"""Which invoice an order stands for."""

from invoicing_domain.model.order.commands import InvoiceOrder
from invoicing_domain.model.order.events import OrderInvoiced
from invoicing_domain.model.order.state import InvoicedOrder
from invoicing_domain.model.refusal import Refusal


def invoice(state: InvoicedOrder | None, command: InvoiceOrder) -> tuple[OrderInvoiced, ...]:
    """The id of the order is its identity: what else the command says counts only the first time."""
    if state is not None:
        return ()
    if not command.order.id.strip():
        raise Refusal("order_id_missing", "an order is known by its id")
    return (OrderInvoiced(order=command.order, invoice_id=command.invoice_id),)

"""What an invoice loses on paper: letters that no font of ours has, told while they still can be written otherwise."""

from collections.abc import Iterator
from typing import Final

from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.invoice.warnings import Notice
from invoicing_domain.paper.printable import MISSING, unprintable

_MOST_NAMED: Final = 20


def warnings_of_paper(invoice: Invoice) -> tuple[Notice, ...]:
    lost = unprintable(_texts(invoice))
    if not lost:
        return ()
    named = " ".join(lost[:_MOST_NAMED]) + (" …" if len(lost) > _MOST_NAMED else "")
    return (Notice("letters_unprintable", f"on paper {MISSING} stands for letters that cannot be printed: {named}"),)


def _texts(invoice: Invoice) -> Iterator[str]:
    """What people wrote and is printed; of the seller too, once it is settled who that is."""
    header = invoice.header
    for party in (header.customer, *([invoice.sent.seller] if invoice.sent else ())):
        yield from (party.name, party.address.street, party.address.city, party.address.postal_code)
    for line in invoice.lines:
        yield from (line.description, line.details)
    yield from (charge.description for charge in header.charges)
    yield from (header.notes, header.buyer_reference, header.payment_reference)
    if header.order is not None:
        yield header.order.number

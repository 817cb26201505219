from datetime import date
from typing import Any

from invoicing_domain.model.identity import order_id
from invoicing_domain.model.invoice.commands import DraftInvoice
from invoicing_domain.model.invoice.events import OrderReference
from invoicing_domain.model.order.commands import InvoiceOrder
from invoicing_domain.model.order.events import OrderInvoiced
from invoicing_domain.model.order.state import InvoicedOrder, evolve
from tests.support import facts
from tests.support.facts import INVOICE, ORDER, SECOND, SENDING, SERIES, added, allocated, drafted, line, opened, sent
from tests.support.sentences import given, on, refused

REFERENCE = OrderReference(id="ord-9", number="CMD 9/2026", date=date(2026, 11, 20))


def accepted(draft: DraftInvoice, order: OrderReference = REFERENCE) -> InvoiceOrder:
    return InvoiceOrder(order_id=ORDER, order=order, draft=draft)


def draft(**changes: Any) -> DraftInvoice:
    return facts.draft_invoice(facts.line_input(), order=REFERENCE, **changes)


def test_an_accepted_order_becomes_a_draft() -> None:
    given().when(accepted(draft())).then(
        on(ORDER, OrderInvoiced(order=REFERENCE, invoice_id=INVOICE)),
        on(INVOICE, drafted(order=REFERENCE), *added(line())),
    )


def test_an_accepted_order_is_drafted_and_sent_in_one_step() -> None:
    given(on(SERIES, opened())).when(accepted(draft(sending=SENDING))).then(
        on(ORDER, OrderInvoiced(order=REFERENCE, invoice_id=INVOICE)),
        on(INVOICE, drafted(order=REFERENCE), *added(line()), sent(line())),
        on(SERIES, allocated(1)),
    )


def test_the_same_order_again_is_nothing_new_whatever_else_it_says() -> None:
    invoiced = on(ORDER, OrderInvoiced(order=REFERENCE, invoice_id=INVOICE))
    history = (invoiced, on(INVOICE, drafted(order=REFERENCE), *added(line())))
    given(*history).when(accepted(draft(reference=2))).then()
    given(*history, on(SERIES, opened())).when(accepted(draft(reference=2, sending=SENDING, notes="urgent"))).then()


def test_an_order_that_cannot_be_invoiced_is_not_taken_for_invoiced() -> None:
    given().when(accepted(draft(sending=SENDING))).then(refused("series_not_found"))


def test_an_order_without_an_id_cannot_be_told_from_another() -> None:
    given().when(accepted(draft(), OrderReference(id=" ", number="1", date=date(2026, 11, 20)))).then(
        refused("order_id_missing")
    )


def test_a_second_order_is_a_second_invoice() -> None:
    other = OrderReference(id="ord-10", number="CMD 10/2026", date=date(2026, 11, 20))
    stream = order_id(facts.ORGANIZATION, "ord-10")
    command = InvoiceOrder(
        order_id=stream, order=other, draft=facts.draft_invoice(facts.line_input(), reference=2, order=other)
    )
    given(on(ORDER, OrderInvoiced(order=REFERENCE, invoice_id=INVOICE))).when(command).then(
        on(stream, OrderInvoiced(order=other, invoice_id=SECOND)),
        on(SECOND, drafted(2, order=other), *added(line())),
    )


def test_an_order_knows_the_invoice_that_it_became() -> None:
    invoiced = OrderInvoiced(order=REFERENCE, invoice_id=INVOICE)
    assert evolve(None, invoiced) == InvoicedOrder(invoice_id=INVOICE)

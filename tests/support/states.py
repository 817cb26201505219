"""States of the streams that a memory holds."""

from invoicing_domain.categories import CREDIT_NOTE, NUMBER_SERIES
from invoicing_domain.categories import INVOICE as INVOICES
from invoicing_domain.categories import PAYMENT as PAYMENTS
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.number_series.state import NumberSeries
from invoicing_domain.model.payment.state import Payment
from tests.support.facts import INVOICE, NOTE, PAYMENT, SERIES
from tests.support.sentences import Memory


def invoice_in(memory: Memory, invoice_id: str = INVOICE) -> Invoice:
    state = memory.load(INVOICES, invoice_id).state
    assert state is not None
    return state


def payment_in(memory: Memory, payment_id: str = PAYMENT) -> Payment:
    state = memory.load(PAYMENTS, payment_id).state
    assert state is not None
    return state


def series_in(memory: Memory, stream_id: str = SERIES) -> NumberSeries:
    state = memory.load(NUMBER_SERIES, stream_id).state
    assert state is not None
    return state


def credit_note_in(memory: Memory, credit_note_id: str = NOTE) -> CreditNote:
    state = memory.load(CREDIT_NOTE, credit_note_id).state
    assert state is not None
    return state

"""Replay: what was stored, read back and folded must be what the commands left behind."""

from typing import Any, Final

from invoicing_domain import categories
from invoicing_domain.model.bulk_run.events import BulkRunStarted
from invoicing_domain.model.credit_note.events import Issued
from invoicing_domain.model.customer.events import CustomerRegistered
from invoicing_domain.model.exchange.events import RatesPublished
from invoicing_domain.model.invoice.events import (
    CreditApplied,
    CreditNoteIssued,
    CreditUnapplied,
    Drafted,
    PaymentDeallocated,
    PaymentReceived,
    PaymentReversed,
    ReminderSent,
)
from invoicing_domain.model.job.events import JobCancelled, JobDecided, JobRetried
from invoicing_domain.model.letter_template.events import TemplateChanged, TemplateReset
from invoicing_domain.model.number_series.events import SeriesOpened
from invoicing_domain.model.order.events import OrderInvoiced
from invoicing_domain.model.organization.events import OrganizationRegistered
from invoicing_domain.model.payment.events import Recorded, ReferenceClaimed
from invoicing_domain.model.proforma.events import ProformaDrafted
from invoicing_domain.model.recurring.events import RecurringScheduled
from invoicing_domain.recording.application import Category
from invoicing_domain.recording.codec import Codec
from invoicing_domain.recording.envelope import meta_of
from tests.support.facts import asked
from tests.support.sentences import Memory

CODEC: Final = Codec()

BEGINNINGS: Final[dict[type, Category[Any]]] = {
    Drafted: categories.INVOICE,
    Issued: categories.CREDIT_NOTE,
    Recorded: categories.PAYMENT,
    ReferenceClaimed: categories.PAYMENT_CLAIM,
    RatesPublished: categories.EXCHANGE_RATES,
    SeriesOpened: categories.NUMBER_SERIES,
    CustomerRegistered: categories.CUSTOMER,
    OrderInvoiced: categories.ORDER,
    ProformaDrafted: categories.PROFORMA,
    RecurringScheduled: categories.RECURRING,
    BulkRunStarted: categories.BULK_RUN,
    JobRetried: categories.JOB,
    TemplateChanged: categories.LETTER_TEMPLATE,
    TemplateReset: categories.LETTER_TEMPLATE,
    JobCancelled: categories.JOB,
    JobDecided: categories.JOB,
    OrganizationRegistered: categories.ORGANIZATION,
}
"""The category of a stream, by its first fact."""


STATING_THE_BALANCE: Final = (
    PaymentReceived,
    PaymentReversed,
    PaymentDeallocated,
    CreditNoteIssued,
    CreditApplied,
    CreditUnapplied,
    ReminderSent,
)


def assert_replay_equals_live(memory: Memory) -> None:
    for stream_id, facts in memory.streams.items():
        category = BEGINNINGS[type(facts[0])]
        state: Any = None
        for fact in facts:
            read = CODEC.decode(CODEC.topic(fact), CODEC.encode(fact, meta_of(asked())))[0]
            assert read == fact
            state = category.evolve(state, read)
            if isinstance(read, STATING_THE_BALANCE):
                assert state.balance == read.balance
        assert state == memory.live.get(stream_id, state)

"""A state without what is personal in it is what its facts fold to once the customer is erased."""

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest

from invoicing_domain.model.credit_note import events as note_events
from invoicing_domain.model.credit_note import state as credit_note
from invoicing_domain.model.customer import state as customer
from invoicing_domain.model.customer.events import CustomerChanged, CustomerRegistered
from invoicing_domain.model.erasure import parted, parted_state
from invoicing_domain.model.invoice import events as invoice_events
from invoicing_domain.model.invoice import state as invoice
from invoicing_domain.model.payment import state as payment
from invoicing_domain.model.payment.events import Recorded
from invoicing_domain.model.proforma import state as proforma
from invoicing_domain.model.proforma.events import ProformaDrafted, ProformaSent
from invoicing_domain.model.recurring import state as recurring
from invoicing_domain.model.recurring.events import RecurringChanged, RecurringScheduled
from tests.support.facts import CUSTOMER
from tests.support.persons import as_person
from tests.support.samples import SAMPLES

Evolve = Callable[[Any, Any], Any]


def sample(kind: type) -> Any:
    return as_person(SAMPLES[kind])


def letters(events: Any) -> list[Any]:
    """One that is wanted, one that went out, one that did not."""
    return [
        replace(sample(events.EmailRequested), request=1),
        replace(sample(events.Emailed), request=None),
        replace(sample(events.EmailFailed), request=None),
    ]


DRAFTED = [sample(invoice_events.Drafted), sample(invoice_events.LineAdded)]
SENT = [*DRAFTED, sample(invoice_events.Sent), sample(invoice_events.ReminderSent), *letters(invoice_events)]

HISTORIES: dict[str, tuple[Evolve, list[Any]]] = {
    "a draft": (invoice.evolve, DRAFTED),
    "a changed draft": (invoice.evolve, [*DRAFTED, sample(invoice_events.DraftChanged)]),
    "a sent invoice": (invoice.evolve, SENT),
    "a credit note": (credit_note.evolve, [sample(note_events.Issued), *letters(note_events)]),
    "a payment": (payment.evolve, [sample(Recorded)]),
    "a proforma": (proforma.evolve, [sample(ProformaDrafted)]),
    "a sent proforma": (proforma.evolve, [sample(ProformaDrafted), sample(ProformaSent)]),
    "a schedule": (recurring.evolve, [sample(RecurringScheduled), sample(RecurringChanged)]),
    "a customer": (customer.evolve, [sample(CustomerRegistered), sample(CustomerChanged)]),
}


def fold(evolve: Evolve, facts: list[Any]) -> Any:
    return reduce(evolve, facts, None)


def kept(fact: Any) -> Any:
    parts = parted(fact, CUSTOMER)
    return fact if parts is None else parts.kept


@pytest.mark.parametrize("name", HISTORIES)
def test_what_is_kept_of_a_state_is_what_is_kept_of_its_facts(name: str) -> None:
    evolve, facts = HISTORIES[name]
    state, without = fold(evolve, facts), fold(evolve, [kept(fact) for fact in facts])
    parts = parted_state(state, CUSTOMER)
    assert parts is not None
    assert state != without
    assert (parts.kept, parts.personal) == (without, {})
    assert parts.customer_id == CUSTOMER


@pytest.mark.parametrize("name", HISTORIES)
def test_what_names_nobody_any_more_has_nothing_to_part(name: str) -> None:
    evolve, facts = HISTORIES[name]
    assert parted_state(fold(evolve, [kept(fact) for fact in facts]), CUSTOMER) is None

"""A reference stands for one document, also when it was given out twice."""

from typing import Any

import pytest

from invoicing_domain.model.customer.commands import RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.commands import ORGANIZATION, context, draft


def register(reference: int) -> RegisterCustomer:
    return RegisterCustomer(
        customer_id=stream_id("customer", ORGANIZATION, reference),
        reference=reference,
        profile=CustomerProfile(name=f"Customer {reference}"),
    )


@pytest.mark.parametrize("command", [draft(7), register(7)])
def test_a_reference_that_is_taken_is_refused_by_name(service: InvoicingService, ledger: Ledger, command: Any) -> None:
    service.execute(command, context())
    before = ledger.recorder.max_notification_id()
    with pytest.raises(Refusal) as refusal:
        service.execute(command, context())
    assert refusal.value.code == "reference_in_use"
    assert ledger.recorder.max_notification_id() == before

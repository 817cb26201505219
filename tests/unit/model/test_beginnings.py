"""A history that lost its beginning, or has another's fact in it, is an error of the program: it says so and stops."""

from collections.abc import Callable
from typing import Any

import pytest

from invoicing_domain.model.bulk_run import state as bulk_run
from invoicing_domain.model.bulk_run.events import BulkRunAdvanced
from invoicing_domain.model.credit_note import state as credit_note
from invoicing_domain.model.credit_note.events import Emailed
from invoicing_domain.model.customer import state as customer
from invoicing_domain.model.customer.events import CustomerChanged
from invoicing_domain.model.invoice import state as invoice
from invoicing_domain.model.invoice.events import Discarded, LineAdded, PaymentReceived, Sent
from invoicing_domain.model.payment import state as payment
from invoicing_domain.model.payment.events import Reversed
from invoicing_domain.model.proforma import state as proforma
from invoicing_domain.model.proforma.events import ProformaSent
from invoicing_domain.model.recurring import state as recurring
from invoicing_domain.model.recurring.events import RecurringChanged
from invoicing_domain.model.webhook_endpoint import state as webhook_endpoint
from invoicing_domain.model.webhook_endpoint.events import WebhookEndpointChanged
from tests.support.facts import drafted, recorded
from tests.support.samples import SAMPLES

Evolve = Callable[[Any, Any], object]


@pytest.mark.parametrize(
    ("evolve", "later", "complaint"),
    [
        (bulk_run.evolve, BulkRunAdvanced, "a bulk run begins with BulkRunStarted"),
        (credit_note.evolve, Emailed, "a credit note begins with Issued, not with Emailed"),
        (customer.evolve, CustomerChanged, "a customer begins with CustomerRegistered"),
        (invoice.evolve, LineAdded, "an invoice begins with Drafted, not with LineAdded"),
        (invoice.evolve, Sent, "an invoice begins with Drafted, not with Sent"),
        (invoice.evolve, PaymentReceived, "an invoice begins with Drafted, not with PaymentReceived"),
        (invoice.evolve, Discarded, "an invoice begins with Drafted, not with Discarded"),
        (payment.evolve, Reversed, "a payment begins with Recorded, not with Reversed"),
        (proforma.evolve, ProformaSent, "a proforma begins with ProformaDrafted, not with ProformaSent"),
        (
            recurring.evolve,
            RecurringChanged,
            "a recurring invoice begins with RecurringScheduled, not with RecurringChanged",
        ),
        (webhook_endpoint.evolve, WebhookEndpointChanged, "a webhook endpoint begins with WebhookEndpointRegistered"),
    ],
)
def test_a_stream_begins_at_its_beginning(evolve: Evolve, later: type, complaint: str) -> None:
    with pytest.raises(TypeError, match=f"^{complaint}$"):
        evolve(None, SAMPLES[later])


def test_a_stream_holds_no_fact_of_another_kind() -> None:
    with pytest.raises(TypeError, match=r"^Recorded is not a fact about a sent invoice$"):
        invoice.evolve(invoice.evolve(None, drafted()), recorded("1.00", "1.00"))  # type: ignore[arg-type]

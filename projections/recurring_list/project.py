"""From facts to the state of each recurring invoice, by the domain's own fold."""

from operator import attrgetter
from typing import Final, get_args

from invoicing_domain.model.recurring.events import RecurringFact, RecurringScheduled
from invoicing_domain.model.recurring.state import RecurringInvoice, evolve
from projections.states import keeping

MODEL: Final = keeping(
    RecurringInvoice,
    "recurring_list",
    identity="recurring_id",
    facts=get_args(RecurringFact),
    begins=RecurringScheduled,
    evolve=evolve,
    asked_by={
        "reference": attrgetter("reference"),
        "status": attrgetter("status"),
        "next_on": attrgetter("next_on"),
        "customer_id": attrgetter("plan.header.customer.customer_id"),
    },
)

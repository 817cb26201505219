"""From facts to the state of each proforma, by the domain's own fold."""

from operator import attrgetter
from typing import Final, get_args

from invoicing_domain.model.proforma.events import ProformaDrafted, ProformaFact
from invoicing_domain.model.proforma.state import Proforma, evolve
from projections.states import keeping

MODEL: Final = keeping(
    Proforma,
    "proforma_list",
    identity="proforma_id",
    facts=get_args(ProformaFact),
    begins=ProformaDrafted,
    evolve=evolve,
    asked_by={
        "reference": attrgetter("reference"),
        "status": attrgetter("status"),
        "number": lambda proforma: proforma.sent.number if proforma.sent else None,
        "customer_id": attrgetter("header.customer.customer_id"),
    },
)

"""Rows that hold a whole state of the domain change with its shape, though neither schema.sql nor project.py does."""

import hashlib
from typing import Any, Final

import msgspec
import orjson
import pytest

from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.proforma.state import Proforma
from invoicing_domain.model.recurring.state import RecurringInvoice
from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint
from projections.catalogue import MODELS

KEPT: Final[dict[str, tuple[type, int, str]]] = {
    "invoice_detail": (Invoice, 3, "d542e05e99a4481a"),
    "organization_list": (OrganizationProfile, 2, "4ad4cb826bf96603"),
    "proforma_list": (Proforma, 1, "bf57e0f68e725f1c"),
    "recurring_list": (RecurringInvoice, 1, "87669cedd6e83797"),
    "webhook_endpoint_list": (WebhookEndpoint, 1, "f93445b0c710ee23"),
}
"""For each: what its rows keep, its version, and the shape that this version kept."""

WORDS: Final = frozenset({"title", "description"})


@pytest.mark.parametrize("name", KEPT)
def test_a_state_of_another_shape_raises_the_version_of_what_keeps_it(name: str) -> None:
    kept, version, shape = KEPT[name]
    [model] = [one for one in MODELS if one.name == name]
    assert (model.version, shape_of(kept)) == (version, shape), "raise the model's `version`, then write both down here"


def shape_of(kept: type) -> str:
    return hashlib.sha256(orjson.dumps(bare(msgspec.json.schema(kept)), option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def bare(schema: Any) -> Any:
    """Without words for people."""
    if isinstance(schema, dict):
        return {key: bare(value) for key, value in schema.items() if not (key in WORDS and isinstance(value, str))}
    return [bare(one) for one in schema] if isinstance(schema, list) else schema

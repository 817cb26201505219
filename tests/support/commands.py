"""Commands for tests that care about recording, not about what is recorded: one company, one customer, plain lines."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from uuid import uuid4

from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.invoice.commands import DraftInvoice, Sending, SendInvoice
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.organization.commands import RegisterOrganization
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.party import Address, Buyer, Seller
from invoicing_domain.model.vat import Vat

ORGANIZATION: Final = StreamId("01940000-0000-8000-8000-000000000001")
OTHER_ORGANIZATION: Final = StreamId("01940000-0000-8000-8000-000000000002")

_SELLER = Seller(name="Izvor Demo SRL", tax_id="RO14399840", address=Address(city="Cluj-Napoca", county="RO-CJ"))
_ADDRESS = Address(street="Str. Fabricii 12", city="Turda", county="RO-CJ", postal_code="401001")
_LINE = LineInput(
    description="Consultanță tehnică",
    quantity=Decimal(2),
    unit_price=Decimal("100.00"),
    vat=Vat("S", Decimal(21)),
)


def context(organization_id: str = ORGANIZATION) -> Context:
    """A context as a door makes it: a new command every time, on one and the same day."""
    command_id = str(uuid4())
    return Context(
        at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        today=date(2026, 11, 23),
        organization_id=organization_id,
        actor=Actor(kind="token", id="1f2e3d4c", name="Tests"),
        command_id=command_id,
        correlation_id=command_id,
    )


def register_organization(organization_id: StreamId = ORGANIZATION) -> RegisterOrganization:
    """The company, with its series IZV and IZC."""
    return RegisterOrganization(organization_id=organization_id, profile=OrganizationProfile(name="Izvor Demo SRL"))


def draft(
    reference: int, *, organization_id: str = ORGANIZATION, lines: int = 1, sending: Sending | None = None
) -> DraftInvoice:
    """A draft under a prepared reference: one fact and one more a line."""
    return DraftInvoice(
        invoice_id=stream_id("invoice", organization_id, reference),
        reference=reference,
        header=Header(
            customer=Buyer(
                customer_id=stream_id("customer", organization_id, 1),
                name="Atelierul de Mobilă Turda SRL",
                tax_id="RO18547290",
                email="contabilitate@mobila-turda.example",
                address=_ADDRESS,
            ),
            currency="RON",
            payment_terms_days=30,
            buyer_reference="PO-2026-117",
        ),
        lines=tuple(replace(_LINE, details=f"etapa {number}") for number in range(1, lines + 1)),
        sending=sending,
    )


def sending(series: str = "IZV") -> Sending:
    return Sending(series=series, seller=_SELLER, default_terms_days=30)


def send(reference: int, *, organization_id: str = ORGANIZATION, series: str = "IZV") -> SendInvoice:
    return SendInvoice(invoice_id=stream_id("invoice", organization_id, reference), sending=sending(series))

"""Asker: for whom a request is read."""

from dataclasses import dataclass

from invoicing_domain.categories import CUSTOMER, INVOICE
from invoicing_domain.model.customer.state import Customer
from invoicing_domain.model.identity import Kind, StreamId, resolve
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.organization.state import Organization
from invoicing_domain.recording.application import Ledger
from invoicing_domain.requests.misread import misread


@dataclass(frozen=True, slots=True)
class Asker:
    """An organization as it is now, and the ledger that knows its documents."""

    ledger: Ledger
    organization_id: str
    organization: Organization

    @property
    def profile(self) -> OrganizationProfile:
        return self.organization.profile

    @property
    def home(self) -> str:
        """The country whose law holds."""
        return self.profile.address.country

    def new(self, kind: Kind) -> int:
        """The next small integer for a document of this kind."""
        return self.ledger.recorder.next_reference(self.organization_id, kind)

    def customer(self, text: str, pointer: str) -> tuple[StreamId, Customer]:
        """The customer that a body names at `pointer`."""
        found = resolve("customer", self.organization_id, text)
        state = None if found is None else self.ledger.load(CUSTOMER, found).state
        if found is None or state is None:
            raise misread(pointer, f"there is no customer {text}", "unknown_customer")
        return found, state

    def invoice(self, text: str, pointer: str) -> StreamId:
        """The invoice that a body names at `pointer`."""
        found = resolve("invoice", self.organization_id, text)
        if found is None or self.ledger.load(INVOICE, found).state is None:
            raise misread(pointer, f"there is no invoice {text}", "unknown_invoice")
        return found

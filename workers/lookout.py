"""Looking at an invoice as the ledger has it now: what every decision about a reminder rests on."""

from dataclasses import dataclass
from datetime import date, datetime

from invoicing_domain.categories import CUSTOMER, INVOICE, LETTER_TEMPLATE, ORGANIZATION
from invoicing_domain.clock import Clock
from invoicing_domain.letters.unsubscribing import Unsubscribing, link
from invoicing_domain.model.customer.state import Customer, address_of
from invoicing_domain.model.dates import local_date
from invoicing_domain.model.identity import template_id
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.letter_template.events import LetterKind, LetterTemplate
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.party import Buyer, Language
from invoicing_domain.recording.application import Ledger
from workers.policies.reminders import NotDue, Verdict, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An invoice as the ledger has it now, and what the policy says about it today."""

    invoice: Invoice | None
    version: int
    today: date
    recipient: str | None
    verdict: Verdict


class Lookout:
    """Loads streams and asks the policy; never a read model, which may lag."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def profile(self, organization_id: str) -> OrganizationProfile | None:
        state = self._ledger.load(ORGANIZATION, organization_id).state
        return None if state is None else state.profile

    def now(self) -> datetime:
        return self._clock.now()

    def today(self, profile: OrganizationProfile) -> date:
        return local_date(self._clock.now(), profile.time_zone)

    def today_of(self, organization_id: str) -> date:
        return self.today(self._profile(organization_id))

    def view(self, organization_id: str, invoice_id: str) -> View:
        profile, loaded = self._profile(organization_id), self._ledger.load(INVOICE, invoice_id)
        today, invoice = self.today(profile), loaded.state
        if invoice is None:
            return View(invoice=None, version=0, today=today, recipient=None, verdict=NotDue(reason="draft"))
        buyer = invoice.header.customer
        customer = self._customer(buyer)
        recipient, declined = address_of(buyer, customer), customer is not None and customer.declines("reminders")
        verdict = judge(invoice, today=today, steps=profile.reminder_steps, recipient=recipient, declined=declined)
        return View(invoice=invoice, version=loaded.version, today=today, recipient=recipient, verdict=verdict)

    def _profile(self, organization_id: str) -> OrganizationProfile:
        profile = self.profile(organization_id)
        if profile is None:
            raise LookupError(f"there is no organization {organization_id}")
        return profile

    def address_of(self, buyer: Buyer) -> str | None:
        """Where to write to by now."""
        return address_of(buyer, self._customer(buyer))

    def _customer(self, buyer: Buyer) -> Customer | None:
        return self._ledger.load(CUSTOMER, buyer.customer_id).state if buyer.customer_id else None

    def unsubscribe_link(self, base_url: str | None, organization_id: str, customer_id: str) -> str | None:
        """Where the reader of a reminder declines further ones."""
        return link(base_url, self._ledger.vault.signature, Unsubscribing(organization_id, customer_id, "reminders"))

    def template(self, organization_id: str, kind: LetterKind, language: Language) -> LetterTemplate | None:
        """The seller's own words for a letter; None: the house's."""
        own = self._ledger.load(LETTER_TEMPLATE, template_id(organization_id, kind, language)).state
        return own.template if own else None

    def hidden(self, organization_id: str, customer_id: str, address: str, effect_key: str) -> str:
        """An address for the book of jobs, readable as long as its customer is not erased."""
        if not customer_id:
            return address
        return self._ledger.vault.sealed_text(organization_id, customer_id, address, about=effect_key)

    def shown(self, hidden: str) -> str:
        return self._ledger.vault.opened_text(hidden)

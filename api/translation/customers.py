"""A customer as answers show it: its profile, what it owes and is owed by then, and what its erasure took and left."""

from collections.abc import Sequence
from typing import Final

from api.doors import missing
from api.shapes import views
from api.translation import parts
from api.translation.amounts import amount, major
from invoicing_domain.model.customer.state import Customer as State
from invoicing_domain.model.money import zero
from invoicing_domain.model.personal import CONTACT, IDENTITY
from invoicing_domain.model.reference.retention import GROUND, kept_until
from invoicing_domain.recording.application import Loaded
from projections.receivable_movements.query import CustomerBalance, Documents

_ELSEWHERE: Final = {"to": "reminders.to", "customer_name": "payments.customer_name"}
_CONTACT: Final = tuple(_ELSEWHERE.get(name, name) for name in CONTACT)


def customer_view(
    customer_id: str, loaded: Loaded[State], balances: Sequence[CustomerBalance], home: str
) -> views.CustomerView:
    """The answer for a customer; `home` is the organization's currency."""
    if loaded.state is None:
        raise missing("customer")
    state = loaded.state
    rendered = tuple(map(_balance, balances))
    nothing = amount(zero(home))
    at_home = next(
        (one for one in rendered if one.currency == home),
        views.BalanceView(currency=home, balance=nothing, credit=nothing),
    )
    profile = state.profile
    return views.CustomerView(
        id=customer_id,
        reference=state.reference,
        name=profile.name,
        kind=profile.kind,
        tax_id=profile.tax_id,
        email=profile.email,
        phone=profile.phone,
        ibans=profile.ibans,
        language=profile.language,
        address=parts.address(profile.address),
        contact_name=profile.contact_name,
        identifier=profile.identifier,
        legal_registration=profile.legal_registration,
        declined_notices=profile.declined_notices,
        balance=at_home.balance,
        credit=at_home.credit,
        balances=rendered,
        erased_at=state.erased_at,
        version=loaded.version,
        position=loaded.position,
    )


def erasure_view(customer_id: str, loaded: Loaded[State], documents: Sequence[Documents]) -> views.ErasureView:
    """What was erased, and what is kept on which ground; raises where there is no erased customer."""
    state = loaded.state
    if state is None or state.erased_at is None:
        raise missing("customer")
    return views.ErasureView(
        id=customer_id,
        reference=state.reference,
        erased_at=state.erased_at,
        erased=(*_CONTACT, *IDENTITY) if state.profile.kind == "person" else _CONTACT,
        kept=tuple(map(_kept, documents)),
        version=loaded.version,
        position=loaded.position,
    )


def _kept(of: Documents) -> views.KeptView:
    return views.KeptView(
        what="invoices" if of.kind == "invoice" else "credit_notes",
        documents=of.count,
        fields=IDENTITY,
        legal_ground=GROUND,
        until=kept_until(of.newest),
    )


def _balance(of: CustomerBalance) -> views.BalanceView:
    return views.BalanceView(
        currency=of.currency,
        balance=major(of.open_invoices, of.currency),
        credit=major(of.credit, of.currency),
    )

"""The company whose history is made: a new organization, with all that its documents have to say about it."""

from typing import Final

import psycopg

from deploy.demo import PROFILE
from deploy.errors import RefusedError
from deploy.first_start import operator_context, register_organization
from invoicing_domain.categories import ORGANIZATION
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.organization.commands import ChangeOrganization, SettingsChanges
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService

_OTHERS: Final = (
    "SELECT count(*) FROM izvor.events"
    " WHERE topic NOT LIKE 'organization.%' AND topic NOT LIKE 'number_series.opened/%'"
)
_WHO: Final = SettingsChanges(
    name=PROFILE.name, tax_id=PROFILE.tax_id, email=PROFILE.email, ibans=PROFILE.ibans, address=PROFILE.address
)


def found(ledger: Ledger, conninfo: str) -> str:
    """The id of the organization: the only one there is, else a new one. Refuses a database with other facts."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        row = connection.execute(_OTHERS).fetchone()
    others = row[0] if row else 0
    known = ledger.organizations()
    if others or len(known) > 1:
        raise RefusedError(
            f"made-up invoices go into a database of their own: this one has {others} other facts"
            f" and {len(known)} organizations; give another --data or --database"
        )
    service = InvoicingService(ledger)
    if not known:
        return register_organization(service, PROFILE)
    organization = ledger.load(ORGANIZATION, known[0]).state
    if organization is None or organization.profile.currency != PROFILE.currency:
        raise RefusedError(f"the organization keeps its books in another currency than {PROFILE.currency}")
    if organization.profile.tax_id is None:
        command = ChangeOrganization(organization_id=StreamId(known[0]), changes=_WHO)
        service.execute(command, operator_context(known[0]))
    return known[0]

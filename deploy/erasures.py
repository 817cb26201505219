"""After a restore: nobody comes back who was erased."""

from typing import Final

import psycopg

from deploy.first_start import operator_context
from invoicing_domain.model.customer.commands import EraseCustomer
from invoicing_domain.model.identity import StreamId
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from projections.runner import Runner

REASON: Final = "erased before the database was restored from a backup"

_SETTLE: Final = "SELECT organization_id::text, customer_id::text FROM izvor_keys.settle()"


def settle_erasures(conninfo: str) -> int:
    """Destroy keys that came back, and record again what an older backup does not know; how many customers that were.

    Lists are brought up to that point too, before anybody can read them.
    """
    with psycopg.connect(conninfo, autocommit=True) as connection:
        forgotten = connection.execute(_SETTLE).fetchall()
    if not forgotten:
        return 0
    with Ledger(conninfo) as ledger:
        service = InvoicingService(ledger)
        for organization_id, customer_id in forgotten:
            erasing = EraseCustomer(customer_id=StreamId(customer_id), reason=REASON)
            service.execute(erasing, operator_context(organization_id))
    Runner(conninfo).catch_up()
    return len(forgotten)

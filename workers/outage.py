"""Which errors are those of the database, and so end a pass, rather than those of one document."""

from typing import Final

import psycopg

from invoicing_domain.recording.patience import StoreUnavailable

OUTAGE: Final = (StoreUnavailable, psycopg.OperationalError, psycopg.InterfaceError)

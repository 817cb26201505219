"""Errors of the database end a pass; errors of one document are logged and harm no other."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from invoicing_domain.recording.patience import StoreUnavailable

OUTAGE: Final = (StoreUnavailable, psycopg.OperationalError, psycopg.InterfaceError)

_log = logging.getLogger(__name__)


@contextmanager
def harmless(complaint: str, subject: str) -> Iterator[None]:
    """What goes wrong with one document is logged; an outage of the database is raised."""
    try:
        yield
    except OUTAGE:
        raise
    except Exception:  # noqa: BLE001 - logged
        _log.exception(complaint, subject)

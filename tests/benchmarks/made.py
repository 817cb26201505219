"""Companies with a long history: made once by what `izvor demo-data` does, or found where they are kept."""

import json
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

import psycopg

from api.entrance.tokens import create
from deploy.cli.demo_data import CUSTOMERS_PER_INVOICE, record
from deploy.migrate import STEPS, migrate
from invoicing_domain.clock import SystemClock
from projections.readiness import outdated
from projections.rebuild import rebuild
from tests.benchmarks.harness import Bench

SEED: Final = 1

_FIRST: Final = "SELECT organization_id::text FROM izvor.events ORDER BY notification_id LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How large a history is, and how long it took to make."""

    invoices: int
    facts: int
    recorded_seconds: float
    rebuilt_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    url: str
    organization_id: str
    token: str
    making: Making


def company(bench: Bench, invoices: int) -> Company:
    """A company with so many invoices, its read models as this program wants them, and a token of an admin."""
    diary = bench.home / f"company_{invoices}.json"
    url = bench.lasting_database(f"company_{invoices}")
    if diary.exists():
        making = Making(**json.loads(diary.read_text()))
        _bring_up_to_date(url)
    else:
        making = _make(url, invoices)
        diary.write_text(json.dumps(asdict(making)))
    with psycopg.connect(url, autocommit=True) as connection:
        organization_id = connection.execute(_FIRST).fetchall()[0][0]
        now = SystemClock().now()
        token = create(connection, organization_id=organization_id, role="admin", name="bench", now=now)
    return Company(url=url, organization_id=organization_id, token=token, making=making)


def _make(url: str, invoices: int) -> Making:
    yesterday = SystemClock().now().date() - timedelta(days=1)
    began = time.monotonic()
    facts = record(url, invoices, invoices // CUSTOMERS_PER_INVOICE, SEED, yesterday)
    recorded = time.monotonic()
    list(rebuild(url))
    rebuilt = time.monotonic()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return Making(invoices=invoices, facts=facts, recorded_seconds=recorded - began, rebuilt_seconds=rebuilt - recorded)


def _bring_up_to_date(url: str) -> None:
    """Tables of an older shape than this program's are built anew, before views over them are made."""
    migrate(url, STEPS)
    with psycopg.connect(url, autocommit=True) as connection:
        stale = outdated(connection)
    if stale:
        list(rebuild(url, stale))
    migrate(url)

"""A real broker for all tests of this folder, and topics that each test has for itself."""

import gc
import logging
import shutil
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.kafka.broker import Broker
from tests.support.commands import context, register_organization
from tests.support.desk import Desk
from tests.support.reminders import work_pool
from tests.support.topics import Reader
from workers.kafka.cluster import Cluster, provide

logging.getLogger("kafka").setLevel(logging.CRITICAL)  # brokers are stopped on purpose here


# kafka-python leaves the socket of a failed connection to the garbage collector, which complains.
LEFT_SOCKETS = "ignore:Exception ignored in. <(socket.socket|ssl.SSLSocket):pytest.PytestUnraisableExceptionWarning"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/integration/kafka/" in item.path.as_posix():
            item.add_marker(pytest.mark.filterwarnings(LEFT_SOCKETS))


@pytest.fixture(autouse=True)
def sockets_collected() -> Iterator[None]:
    """Here, and not in the middle of somebody else's test."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    home = tmp_path_factory.mktemp("kafka")
    with Broker(home) as running:
        yield running
    shutil.rmtree(home)


@pytest.fixture
def cluster(broker: Broker) -> Cluster:
    return Cluster(servers=broker.address, prefix=f"t{uuid4().hex[:12]}")


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    with Ledger(database) as ledger:
        yield ledger


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def reader(cluster: Cluster) -> Reader:
    return Reader(cluster)


@pytest.fixture
def desk(database: str, ledger: Ledger, cluster: Cluster, reader: Reader) -> Iterator[Desk]:
    InvoicingService(ledger).execute(register_organization(), context())
    provide(cluster, ["commands", "command-results", "dead-letters"])
    with work_pool(database) as pool:
        yield Desk(ledger, cluster, reader, pool)

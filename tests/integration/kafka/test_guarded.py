"""A broker that lets nobody in without TLS and a password: facts go out, commands come in, strangers stay outside."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient
from kafka.admin import UserScramCredentialUpsertion

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.kafka.broker import Broker
from tests.kafka.entrance import PASSWORD, USER
from tests.support.commands import context, register_organization
from tests.support.desk import Desk, order
from tests.support.processes import wait_until
from tests.support.reminders import work_pool
from tests.support.topics import Reader, running
from workers.bridge.relay import Relay
from workers.kafka.cluster import TROUBLE, Cluster, Login, provide
from workers.kafka.outlet import Outlet

SCRAM = "SCRAM-SHA-512"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    home = tmp_path_factory.mktemp("guarded")
    with Broker(home, guarded=True) as broker:
        with closing(KafkaAdminClient(bootstrap_servers=broker.address)) as admin:
            admin.alter_user_scram_credentials([UserScramCredentialUpsertion(USER, SCRAM, PASSWORD)])
        yield broker
    shutil.rmtree(home)


def known(broker: Broker, mechanism: str) -> Cluster:
    assert broker.entrance is not None
    return Cluster(
        servers=broker.entrance.address,
        prefix=f"t{uuid4().hex[:12]}",
        encrypted=True,
        authorities=broker.entrance.authority,
        login=Login(mechanism=mechanism, user=USER, password=PASSWORD),
    )


@pytest.mark.parametrize("mechanism", ["PLAIN", SCRAM])
def test_who_encrypts_and_logs_in_publishes_facts_and_answers_commands(
    database: str, ledger: Ledger, guarded: Broker, mechanism: str
) -> None:
    cluster = known(guarded, mechanism)
    reader = Reader(cluster)
    InvoicingService(ledger).execute(register_organization(), context())
    provide(cluster, ["events", "commands", "command-results", "dead-letters"])
    with work_pool(database) as pool:
        [result] = Desk(ledger, cluster, reader, pool).tell(order(1))
    assert result["outcome"] == "accepted"
    with running(Relay(database, ledger, cluster.topic("events"), lambda: Outlet(cluster))):
        wait_until(lambda: len(reader.facts()) == len(ledger.feed(0, 1000)))


def test_strangers_stay_outside(guarded: Broker) -> None:
    cluster = known(guarded, "PLAIN")
    strangers = [
        replace(cluster, login=Login(mechanism="PLAIN", user=USER, password="guessed")),
        replace(cluster, authorities=None),
    ]
    for stranger in strangers:
        with pytest.raises(TROUBLE):
            provide(stranger, ["events"])


def test_a_password_does_not_show(guarded: Broker) -> None:
    assert PASSWORD not in repr(known(guarded, SCRAM))

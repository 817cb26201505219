"""Keys and the list of the erased, beside facts from a backup of another day; and who may start with which secret."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.erasures import REASON, settle_erasures
from deploy.postgres.embedded import EmbeddedPostgres, wheel_binaries
from deploy.roles import EVERY, ONE, acting_as
from deploy.safety import UnsafeStartError, refuse_unsafe_start
from invoicing_domain.categories import CUSTOMER
from invoicing_domain.categories import ORGANIZATION as ORGANIZATION_CATEGORY
from invoicing_domain.model.customer.commands import EraseCustomer, RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.personal import ERASED
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.keyring import VARIABLE, Keyring, OtherKey, WrongSecretKey
from invoicing_domain.service import InvoicingService
from projections.check import check
from projections.runner import Runner
from tests.support.commands import ORGANIZATION, OTHER_ORGANIZATION, context, register_organization
from tests.support.databases import fresh_database

ANA = stream_id("customer", ORGANIZATION, 1)
ION = stream_id("customer", ORGANIZATION, 2)


@pytest.fixture
def lived(database: str) -> str:
    """A database with two persons in it, and lists of them."""
    with Ledger(database) as ledger:
        service = InvoicingService(ledger)
        service.execute(register_organization(), context())
        for reference, customer_id, name in ((1, ANA, "Ana Pop"), (2, ION, "Ion Pop")):
            profile = CustomerProfile(name=name, kind="person", email=f"{name[:3].lower()}@example.ro")
            service.execute(RegisterCustomer(customer_id=customer_id, reference=reference, profile=profile), context())
    Runner(database).catch_up()
    return database


def erase_ana(database: str) -> None:
    with Ledger(database) as ledger:
        InvoicingService(ledger).execute(EraseCustomer(customer_id=ANA, reason="asked for"), context())


def names(database: str) -> list[str]:
    with Ledger(database) as ledger:
        found = [ledger.load(CUSTOMER, one).state for one in (ANA, ION)]
    return [state.profile.name for state in found if state is not None]


def listed(database: str) -> list[str]:
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT name FROM read.customer_list ORDER BY reference").fetchall()
    return [name for (name,) in rows]


def saved(database: str, file: Path, *options: str) -> Path:
    run("pg_dump", "--dbname", database, "--format", "custom", "--file", str(file), *options)
    return file


def run(program: str, *arguments: str) -> None:
    subprocess.run([wheel_binaries() / program, *arguments], check=True, timeout=60)


@pytest.fixture
def restored(server: EmbeddedPostgres) -> Iterator[str]:
    """An empty database to restore into."""
    with fresh_database(server, template="template0") as url:
        yield url


def test_an_old_backup_of_everything_else_comes_back_without_the_erased(
    lived: str, restored: str, tmp_path: Path
) -> None:
    everything_else = saved(lived, tmp_path / "rest", "--exclude-schema=izvor_keys")
    erase_ana(lived)
    keys = saved(lived, tmp_path / "keys", "--schema=izvor_keys")
    for backup in (keys, everything_else):
        run("pg_restore", "--dbname", restored, "--exit-on-error", str(backup))
    assert listed(restored) == ["Ana Pop", "Ion Pop"]
    for role in (EVERY, ONE):
        with pytest.raises(UnsafeStartError, match="who were erased are back after a restore: run `izvor migrate`"):
            refuse_unsafe_start(acting_as(restored, role), {}, isolated=role == ONE)

    assert settle_erasures(restored) == 1

    assert listed(restored) == [ERASED, "Ion Pop"]
    assert names(restored) == [ERASED, "Ion Pop"]
    with Ledger(restored) as ledger:
        assert ledger.history(ANA)[-1].fact.reason == REASON
    assert settle_erasures(restored) == 0
    refuse_unsafe_start(acting_as(restored, EVERY), {})
    assert list(check(restored)) == []


def test_an_old_backup_of_keys_gives_nothing_back(lived: str) -> None:
    with psycopg.connect(lived, autocommit=True) as connection:
        kept = connection.execute("SELECT * FROM izvor_keys.customer_key").fetchall()
        erase_ana(lived)
        connection.execute("TRUNCATE izvor_keys.customer_key, izvor_keys.erased")
        for row in kept:
            connection.execute("INSERT INTO izvor_keys.customer_key VALUES (%s, %s, %s)", row)
        connection.execute("INSERT INTO izvor_keys.erased VALUES (%s, %s, now())", (ANA, ORGANIZATION))
    assert "erased customers" in {finding.check for finding in check(lived)}
    with pytest.raises(UnsafeStartError, match="after a restore"):
        refuse_unsafe_start(acting_as(lived, EVERY), {})
    assert settle_erasures(lived) == 0
    assert names(lived) == [ERASED, "Ion Pop"]
    refuse_unsafe_start(acting_as(lived, EVERY), {})


def test_an_erased_customer_never_gets_a_key_again(lived: str) -> None:
    erase_ana(lived)
    with psycopg.connect(lived, autocommit=True) as connection:
        keyring = Keyring()
        assert set(keyring.found_or_new(connection, [ANA, ION])) == {ION}
        with pytest.raises(OtherKey):
            keyring.keep(connection, ORGANIZATION, {ANA: keyring.new_key(ANA)})
        assert keyring.keys(connection, [ANA]) == {}


def test_each_customer_has_a_key_of_its_own_and_organizations_do_not_see_each_others(lived: str) -> None:
    with psycopg.connect(acting_as(lived, ONE), autocommit=True) as connection:
        seen = []
        for organization_id in (ORGANIZATION, OTHER_ORGANIZATION):
            connection.execute("SELECT set_config('izvor.organization', %s, false)", (organization_id,))
            seen.append(len(Keyring().keys(connection, [ANA, ION])))
        assert seen == [2, 0]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM izvor_keys.customer_key")


def test_another_secret_key_stops_the_start_and_opens_nothing(lived: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "another key than the one that was used before")
    for role in (EVERY, ONE):
        with pytest.raises(UnsafeStartError, match=r"IZVOR_SECRET_KEY is not the key .*: give the one that was kept"):
            refuse_unsafe_start(acting_as(lived, role), {}, isolated=role == ONE)
    with Ledger(lived) as ledger, pytest.raises(WrongSecretKey):
        ledger.load(CUSTOMER, ANA)


def test_without_a_secret_key_only_what_is_not_personal_works(lived: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    with Ledger(lived) as ledger:
        assert ledger.load(ORGANIZATION_CATEGORY, ORGANIZATION).state is not None
        with pytest.raises(WrongSecretKey, match="IZVOR_SECRET_KEY is not set"):
            ledger.load(CUSTOMER, ANA)

"""Artifacts are kept once, as they were, for the organization that keeps them."""

import psycopg
import pytest

from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.artifacts import Artifact, Artifacts, Damaged
from tests.support.commands import ORGANIZATION, OTHER_ORGANIZATION

PAPER = Artifact("application/pdf", b"%PDF-1.7\x00\xff" * 1000)


@pytest.fixture
def artifacts(ledger: Ledger) -> Artifacts:
    return Artifacts(ledger.recorder.datastore)


def test_what_is_kept_comes_back_byte_for_byte(artifacts: Artifacts) -> None:
    digest = artifacts.keep(ORGANIZATION, PAPER)
    assert digest == PAPER.sha256
    assert artifacts.fetch(ORGANIZATION, digest) == PAPER


def test_the_same_bytes_are_kept_once(artifacts: Artifacts, database: str) -> None:
    assert artifacts.keep(ORGANIZATION, PAPER) == artifacts.keep(ORGANIZATION, PAPER)
    with psycopg.connect(database) as owner:
        assert owner.execute("SELECT count(*), min(length(content)) FROM izvor.artifact").fetchone() == (1, 10_000)


def test_what_two_organizations_have_in_common_each_keeps_for_itself(artifacts: Artifacts) -> None:
    digest = artifacts.keep(ORGANIZATION, PAPER)
    assert artifacts.fetch(OTHER_ORGANIZATION, digest) is None
    assert artifacts.keep(OTHER_ORGANIZATION, PAPER) == digest
    assert artifacts.fetch(OTHER_ORGANIZATION, digest) == PAPER


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE izvor.artifact SET media_type = 'text/plain'",
        "DELETE FROM izvor.artifact",
        "TRUNCATE izvor.artifact",
    ],
)
def test_nobody_changes_or_removes_what_is_kept(artifacts: Artifacts, database: str, change: str) -> None:
    artifacts.keep(ORGANIZATION, PAPER)
    with psycopg.connect(database) as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(change.encode())


def test_the_database_takes_no_bytes_under_a_wrong_name(artifacts: Artifacts, database: str) -> None:
    artifacts.keep(ORGANIZATION, PAPER)
    with psycopg.connect(database) as owner, pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("INSERT INTO izvor.artifact VALUES (%s, %s, 'application/pdf', 'x')", (ORGANIZATION, bytes(32)))


def test_what_rotted_on_the_disk_is_not_handed_out(artifacts: Artifacts, database: str) -> None:
    digest = artifacts.keep(ORGANIZATION, PAPER)
    with psycopg.connect(database) as owner:
        owner.execute("ALTER TABLE izvor.artifact DISABLE TRIGGER artifacts_are_final")
        owner.execute("ALTER TABLE izvor.artifact DROP CONSTRAINT artifact_check")
        owner.execute("UPDATE izvor.artifact SET content = 'rotten'")
    with pytest.raises(Damaged, match=digest):
        artifacts.fetch(ORGANIZATION, digest)

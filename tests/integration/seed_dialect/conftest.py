"""One house for all tests of the old dialect, and a company of its own for each."""

from collections.abc import Iterator

import pytest

from api.seed_dialect import desk
from deploy.postgres.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database
from tests.support.house import House, open_house
from tests.support.seed import OldCompany, old_company


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Lists are waited for as long as a busy machine takes; how long people wait has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "WAIT_SECONDS", 60.0)
        yield


@pytest.fixture(scope="session")
def house(template: EmbeddedPostgres) -> Iterator[House]:
    with fresh_database(template) as database, open_house(database, patience_seconds=60) as running:
        yield running


@pytest.fixture
def old(house: House) -> OldCompany:
    return old_company(house)

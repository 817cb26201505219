"""One house for all tests of the doors, and a company of its own for each."""

from collections.abc import Iterator

import pytest

from api import doors
from deploy.postgres.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database
from tests.support.house import Company, House, open_house


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Lists are waited for as long as a busy machine takes; how long people wait has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doors, "WAIT_SECONDS", 60.0)
        yield


@pytest.fixture(scope="session")
def house(template: EmbeddedPostgres) -> Iterator[House]:
    with fresh_database(template) as database, open_house(database, patience_seconds=60) as running:
        yield running


@pytest.fixture
def company(house: House) -> Company:
    return house.company()


@pytest.fixture
def house_company_in_yen(house: House) -> Company:
    return house.company(currency="JPY")

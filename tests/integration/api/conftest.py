"""One house for all tests of the doors, and a company of its own for each."""

from collections.abc import Iterator

import pytest

from deploy.postgres.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database
from tests.support.house import Company, House, open_house


@pytest.fixture(scope="session")
def house(template: EmbeddedPostgres) -> Iterator[House]:
    with fresh_database(template) as database, open_house(database) as running:
        yield running


@pytest.fixture
def company(house: House) -> Company:
    return house.company()


@pytest.fixture
def house_company_in_yen(house: House) -> Company:
    return house.company(currency="JPY")

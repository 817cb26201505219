"""One house for all tests of the old dialect, and a company of its own for each."""

from collections.abc import Iterator

import pytest

from deploy.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database
from tests.support.house import House, open_house
from tests.support.seed import OldCompany


@pytest.fixture(scope="session")
def house(template: EmbeddedPostgres) -> Iterator[House]:
    with fresh_database(template) as database, open_house(database) as running:
        yield running


@pytest.fixture
def old(house: House) -> OldCompany:
    company = house.company()
    customer = company.customer(
        "Atelierul Ștefănescu SRL",
        tax_id="RO18547290",
        email="contabilitate@stefanescu.example",
        phone="+40 264 123 456",
        address={"street": "Str. Lungă 3", "city": "Turda", "county": "RO-CJ", "postal_code": "401001"},
    )
    return OldCompany(company, str(customer["reference"]))

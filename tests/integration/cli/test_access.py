"""Who may come in, from the command line."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import falcon.testing
import psycopg
import pytest

from api.entrance.access import Access
from api.entrance.tokens import Tokens
from api.wiring import wire
from invoicing_domain.clock import SystemClock
from tests.integration.cli.conftest import Cli
from tests.support.processes import wait_until


@pytest.fixture
def client(company: str) -> Iterator[falcon.testing.TestClient]:
    api = wire(company)
    yield falcon.testing.TestClient(api.app)
    api.close()


def ask(client: falcon.testing.TestClient, token: str) -> int:
    answer = client.simulate_get("/api/v1/organization", headers={"Authorization": f"Bearer {token}"})
    return int(answer.status_code)


def access(company: str, token: str) -> Access | None:
    return Tokens().recognise(partial(psycopg.connect, company), token, SystemClock().now())


def test_a_new_token_is_printed_alone_and_holds_its_role_and_name(cli: Cli, company: str, organization: str) -> None:
    created = cli("token", "create", "--role", "clerk", "--name", "till 1")
    assert (created.returncode, created.stderr) == (0, "")
    token = created.stdout.removesuffix("\n")
    assert token.split() == [token]
    found = access(company, token)
    assert found is not None
    assert (found.role, found.name, found.organization_id) == ("clerk", "till 1", organization)


def test_a_token_expires_after_its_days(cli: Cli) -> None:
    cli("token", "create", "--role", "bi", "--expires", "30")
    (listed,) = json.loads(cli("token", "list", "--json").stdout)
    left = datetime.fromisoformat(listed["expires"]) - datetime.fromisoformat(listed["created"])
    assert left == timedelta(days=30)
    assert datetime.fromisoformat(listed["expires"]).tzinfo == UTC


def test_a_token_for_clients_of_the_old_codes_says_so_in_the_list(cli: Cli) -> None:
    cli("token", "create", "--role", "clerk", "--compat", "perfex")
    (listed,) = json.loads(cli("token", "list", "--json").stdout)
    assert listed["compat"] == "perfex"
    refused = cli("token", "create", "--role", "clerk", "--compat", "strict")
    assert refused.returncode != 0
    assert "--compat is perfex" in refused.stderr


def test_the_list_shows_tokens_without_their_secrets(cli: Cli) -> None:
    token = cli("token", "create", "--role", "sales", "--name", "shop [1]").stdout.strip()
    _, token_id, secret = token.split("_", 2)
    table = cli("token", "list").stdout
    assert token_id in table
    assert "shop [1]" in table
    as_json = cli("token", "list", "--json").stdout
    assert [(one["id"], one["role"], one["state"]) for one in json.loads(as_json)] == [(token_id, "sales", "live")]
    assert secret not in table + as_json


def test_a_revoked_token_is_refused_soon_and_for_good(cli: Cli, client: falcon.testing.TestClient) -> None:
    token = cli("token", "create", "--role", "admin").stdout.strip()
    assert ask(client, token) == 200
    token_id = token.split("_")[1]
    assert cli("token", "revoke", token_id).returncode == 0
    wait_until(lambda: ask(client, token) == 401)
    assert [one["state"] for one in json.loads(cli("token", "list", "--json").stdout)] == ["revoked"]
    again = cli("token", "revoke", token_id)
    assert again.returncode == 1
    assert again.stderr == f"izvor: there is no live token {token_id}: see `izvor token list`\n"


def test_with_several_organizations_a_token_says_whose_it_is(cli: Cli, company: str) -> None:
    created = cli(
        "organization", "create", "--name", "A doua SRL", "--tax-id", "RO6859662", "--invoice-series", "B",
        "--iban", "RO49AAAA1B31007593840000",
    )  # fmt: skip
    assert created.returncode == 0
    second = created.stdout.strip()
    listed = json.loads(cli("organization", "list", "--json").stdout)
    assert [one["name"] for one in listed if one["id"] == second] == ["A doua SRL"]
    assert len(listed) == 2
    assert "A doua SRL" in cli("organization", "list").stdout
    unclear = cli("token", "create", "--role", "clerk")
    assert unclear.returncode == 1
    assert unclear.stderr == "izvor: there are several: give --organization ID\n"
    token = cli("token", "create", "--role", "clerk", "--organization", second).stdout.strip()
    found = access(company, token)
    assert found is not None
    assert found.organization_id == second


def test_a_token_for_nobody_is_refused(cli: Cli) -> None:
    refused = cli("token", "create", "--role", "clerk", "--organization", "nobody")
    assert refused.returncode == 1
    assert refused.stderr == "izvor: there is no organization nobody: see `izvor organization list`\n"


def test_a_seller_with_faults_is_not_registered_and_each_fault_is_told(cli: Cli) -> None:
    wrong = ("--tax-id", "RO6859663", "--iban", "RO49AAAA1B31007593840001", "--county", "Moldova")
    refused = cli("organization", "create", "--name", "A treia SRL", *wrong)
    assert refused.returncode == 1
    assert [word in refused.stderr for word in ("tax_id", "ibans/0", "address/county")] == [True] * 3
    assert "A treia SRL" not in cli("organization", "list").stdout

"""The database itself keeps organizations apart: where a query forgets to, names another, or goes through a view."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection, sql
from psycopg.rows import tuple_row

from api.reads import Reads
from deploy.migrate import migrate
from deploy.postgres.embedded import EmbeddedPostgres
from deploy.roles import EVERY, ONE, acting_as, are_missing, keep_search_fast
from deploy.safety import UnsafeStartError, refuse_open_tables, refuse_unsafe_start
from invoicing_domain.bounces import mail_digest, read_notice
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.datastore import Datastore
from invoicing_domain.recording.isolation import isolate
from invoicing_domain.recording.tenancy import NOBODY, asking_for_nothing_of_anybody, work_for, work_for_nobody
from projections.credit_note_list import query as credit_note_list
from projections.customer_list import query as customer_list
from projections.invoice_detail import query as invoice_detail
from projections.invoice_list import query as invoice_list
from projections.invoice_list.filters import InvoiceFilter
from projections.invoice_search import query as invoice_search
from projections.jobs.mails import mail_of
from projections.organization_list import query as organization_list
from projections.payment_list import query as payment_list
from projections.rebuild import rebuild
from projections.receivable_movements import query as receivable_movements
from projections.runner import Runner
from projections.series_list import query as series_list
from tests.support.databases import fresh_database
from tests.support.house import Company, House, good, open_house
from tests.support.jobs import dead_mails
from tests.support.notices import WRITTEN

NOBODYS: Final = "00000000-0000-0000-0000-00000000beef"
TABLES: Final = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
WHERE n.nspname IN ('izvor', 'read', 'work') AND c.relkind = 'r' ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Neighbours:
    house: House
    url: str
    mine: Company
    theirs: Company


def live(company: Company) -> None:
    invoice = company.sent()
    company.credit(company.sent(), reissue=True)
    company.pay(invoice, "10.00")
    good(company.admin.post("/invoices", {"customer_id": company.customer()["id"]}, key="k"), 201)


SHOWN_WORK = {"job", "attempt"}
"""What of the workers' tables the API shows."""


@pytest.fixture(scope="module")
def neighbours(template: EmbeddedPostgres) -> Iterator[Neighbours]:
    with fresh_database(template) as database, open_house(database) as house:
        mine, theirs = house.company(), house.company()
        live(mine)
        live(theirs)
        good(mine.admin.get("/invoices", after=str(house.ledger.feed(0, 1000)[-1].position)))
        yield Neighbours(house, database, mine, theirs)


@pytest.fixture
def tables(neighbours: Neighbours) -> list[tuple[str, str]]:
    with psycopg.connect(neighbours.url) as owner:
        return owner.cursor(row_factory=tuple_row).execute(TABLES).fetchall()


def as_one(url: str, organization: str | None) -> Connection[Any]:
    connection = psycopg.connect(acting_as(url, ONE), autocommit=True)
    if organization is not None:
        connection.execute("SELECT set_config('izvor.organization', %s, false)", (organization,))
    return connection


def organizations_in(connection: Connection[Any], schema: str, table: str) -> set[str]:
    query = sql.SQL("SELECT DISTINCT organization_id::text FROM {}").format(sql.Identifier(schema, table))
    return {row[0] for row in connection.execute(query).fetchall()}


def test_every_table_that_knows_an_organization_is_protected_for_its_owner_too(neighbours: Neighbours) -> None:
    question = (
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " AND a.attname = 'organization_id' JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    )
    with psycopg.connect(neighbours.url) as owner:
        assert owner.execute(question).fetchall() == []


def test_a_query_without_any_filter_shows_ones_own_rows_alone(
    neighbours: Neighbours, tables: list[tuple[str, str]]
) -> None:
    mine, theirs = neighbours.mine.organization_id, neighbours.theirs.organization_id
    filled = 0
    with psycopg.connect(neighbours.url) as owner, as_one(neighbours.url, mine) as connection:
        for schema, table in tables:
            everything = organizations_in(owner, schema, table)
            if (schema == "work" and table not in SHOWN_WORK) or table == "token":
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    organizations_in(connection, schema, table)
                continue
            assert organizations_in(connection, schema, table) == everything & {mine}, f"{schema}.{table}"
            filled += {mine, theirs} <= everything
    assert filled >= 9, "the two companies left rows in most tables"


@pytest.mark.parametrize("organization", [None, ""])
def test_a_connection_for_nobody_sees_nothing(
    neighbours: Neighbours, tables: list[tuple[str, str]], organization: str | None
) -> None:
    with as_one(neighbours.url, organization) as connection:
        for schema, table in tables:
            if schema != "work" and table != "token":
                assert organizations_in(connection, schema, table) == set(), f"{schema}.{table}"


@pytest.mark.parametrize("organization", ["*", "everybody"])
def test_a_setting_that_is_no_organization_opens_nothing(neighbours: Neighbours, organization: str) -> None:
    with as_one(neighbours.url, organization) as connection, pytest.raises(psycopg.errors.InvalidTextRepresentation):
        organizations_in(connection, "read", "invoice_list")


def test_views_are_closed_to_the_api(neighbours: Neighbours) -> None:
    with as_one(neighbours.url, neighbours.mine.organization_id) as connection:
        for (view,) in connection.execute("SELECT viewname FROM pg_views WHERE schemaname = 'bi'").fetchall():
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier("bi", view)))


def test_few_functions_act_with_the_rights_of_their_owner(neighbours: Neighbours) -> None:
    """Each is a hole in the wall, made on purpose: it gives out nothing that says anything, or asks whose it is."""
    question = (
        "SELECT p.pronamespace::regnamespace::text || '.' || p.proname FROM pg_proc p WHERE p.prosecdef"
        " AND p.pronamespace::regnamespace::text IN ('izvor', 'izvor_keys', 'read', 'bi', 'work') ORDER BY 1"
    )
    with psycopg.connect(neighbours.url) as owner:
        found = [name for (name,) in owner.execute(question).fetchall()]
    assert set(found) == {
        *("izvor.find_token", "izvor.head", "izvor_keys.destroy", "izvor_keys.is_settled", "izvor_keys.sample"),
        *("read.now", "read.invoices_with", "read.words_meant", "read.words_containing"),
    }


@pytest.mark.parametrize(
    "question",
    [
        "SELECT read.invoices_with(%s, 'consultanta'::tsquery, 10, true)",
        "SELECT read.words_meant(%s, '{consultamta}')",
        "SELECT read.words_meant(%s, '{consultanta}')",
        "SELECT read.words_containing(%s, '{sultan}')",
    ],
)
def test_searches_find_nothing_of_others(neighbours: Neighbours, question: str) -> None:
    mine, theirs = neighbours.mine.organization_id, neighbours.theirs.organization_id
    with as_one(neighbours.url, mine) as connection, as_one(neighbours.url, None) as nobody:
        assert connection.execute(question.encode(), (mine,)).fetchall()
        assert connection.execute(question.encode(), (theirs,)).fetchall() == []
        assert nobody.execute(question.encode(), (mine,)).fetchall() == []


def test_a_view_of_ones_own_opens_nothing(neighbours: Neighbours) -> None:
    """The way in that is forgotten most often: a view is read with the rights of its owner."""
    with as_one(neighbours.url, neighbours.mine.organization_id) as connection:
        connection.execute("CREATE TEMPORARY VIEW peep AS SELECT organization_id FROM read.invoice_list")
        assert connection.execute("SELECT DISTINCT organization_id::text FROM peep").fetchall() == [
            (neighbours.mine.organization_id,)
        ]


def test_the_queries_show_nothing_of_others_when_asked_for_them(neighbours: Neighbours) -> None:
    them = neighbours.theirs.organization_id
    invoice = good(neighbours.theirs.admin.get("/invoices"))["data"][0]
    with as_one(neighbours.url, neighbours.mine.organization_id) as ours:
        today = neighbours.mine.today
        assert not invoice_list.list_invoices(ours, them, InvoiceFilter(), today=today).rows
        assert not invoice_search.search(ours, them, "consultanță")
        assert invoice_list.get(ours, them, invoice_id=invoice["id"]) is None
        assert invoice_detail.get(ours, them, invoice["id"]) is None
        assert not customer_list.list_customers(ours, them).rows
        assert not payment_list.list_payments(ours, them).rows
        assert not credit_note_list.list_credit_notes(ours, them).rows
        assert not receivable_movements.aging(ours, them, today).rows
        assert not series_list.list_series(ours, them)
        assert organization_list.get(ours, them) is None
        mine = [row.organization_id for row in organization_list.organizations(ours)]
        assert mine == [neighbours.mine.organization_id]


def test_the_ledger_shows_no_facts_and_answers_of_others(neighbours: Neighbours) -> None:
    them = neighbours.theirs.organization_id
    theirs = neighbours.house.ledger.feed(0, 1000, them)
    ledger = Ledger(acting_as(neighbours.url, ONE), per_organization=True)
    try:
        work_for(neighbours.mine.organization_id)
        assert {one.originator_id for one in ledger.feed(0, 1000)}.isdisjoint(one.originator_id for one in theirs)
        assert ledger.feed(0, 1000, them) == []
        assert ledger.history(theirs[0].originator_id) == []
        assert ledger.recorder.find_answer(them, "k") is None
        assert ledger.recorder.find_answer(neighbours.mine.organization_id, "k") is not None
    finally:
        work_for_nobody()
        ledger.close()


@pytest.mark.parametrize(
    "statement",
    [
        f"CALL izvor.record(%s, '{{{NOBODYS}}}', '{{1}}', '{{x/1}}', '{{abc}}', {', '.join(['NULL'] * 10)})",
        (
            f"CALL izvor.record(%s, '{{}}', '{{}}', '{{}}', '{{}}', 'k', 'x', 200::smallint, 'x', '{NOBODYS}', 1,"
            " NULL, NULL, true, NULL)"
        ),
        f"SELECT izvor_keys.keep(%s, '{{{NOBODYS}}}', '{{abc}}')",
        "SELECT izvor.next_reference(%s, 'invoice')",
    ],
    ids=["a fact", "an answer", "a key", "a reference"],
)
def test_nothing_is_recorded_for_another_organization(neighbours: Neighbours, statement: str) -> None:
    before = len(neighbours.house.ledger.feed(0, 1000))
    with (
        as_one(neighbours.url, neighbours.mine.organization_id) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        connection.execute(statement.encode(), (neighbours.theirs.organization_id,))
    assert len(neighbours.house.ledger.feed(0, 1000)) == before


def test_positions_count_the_facts_of_everybody(neighbours: Neighbours) -> None:
    with psycopg.connect(neighbours.url) as owner, as_one(neighbours.url, None) as connection:
        newest = owner.execute("SELECT max(notification_id) FROM izvor.events").fetchone()
        assert connection.execute("SELECT izvor.head()").fetchone() == newest


def test_tokens_can_be_asked_about_one_at_a_time_and_not_listed(neighbours: Neighbours) -> None:
    with as_one(neighbours.url, None) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT token_id FROM izvor.token")
        assert connection.execute("SELECT * FROM izvor.find_token('00000000')").fetchall() == []


def test_a_connection_that_is_lent_again_shows_nothing_of_the_one_before(neighbours: Neighbours) -> None:
    """One connection for everybody in turn: the trap of a setting that outlives its request."""
    url = acting_as(neighbours.url, ONE)
    datastore, reads = Datastore(url, pool_size=1, max_overflow=0, per_organization=True), Reads(url, 1, 5.0)
    question = "SELECT DISTINCT organization_id::text AS id, pg_backend_pid() AS pid FROM read.invoice_list"
    me, them = neighbours.mine.organization_id, neighbours.theirs.organization_id
    pids = set()
    try:
        for organization in (me, them, NOBODY, them, me, me, NOBODY, me):
            work_for(organization)
            with datastore.connection() as connection:
                first = [row["id"] for row in connection.execute(question).fetchall()]
            with datastore.get_connection() as connection:
                assert [row["id"] for row in connection.execute(question).fetchall()] == first
            with reads.connection() as connection:
                found = connection.execute(question).fetchall()
            assert first == [row[0] for row in found] == [organization][: len(organization)]
            pids |= {row[1] for row in found}
        assert len(pids) == 1
    finally:
        work_for_nobody()
        datastore.close()
        reads.close()


def test_a_connection_that_is_lent_as_it_stands_is_told_again_before_it_shows_rows(neighbours: Neighbours) -> None:
    reads = Reads(acting_as(neighbours.url, ONE), 1, 5.0)
    me, them = neighbours.mine.organization_id, neighbours.theirs.organization_id
    try:
        for organization in (me, them, me):
            work_for(organization)
            with reads.connection() as connection:
                assert organizations_in(connection, "read", "invoice_list") == {organization}
            work_for_nobody()
            with asking_for_nothing_of_anybody(), reads.connection() as connection:
                assert connection.execute("SELECT current_setting('izvor.organization')").fetchone() == (organization,)
            with reads.connection() as connection:
                assert organizations_in(connection, "read", "invoice_list") == set()
    finally:
        work_for_nobody()
        reads.close()


def test_a_connection_whose_last_telling_failed_is_not_trusted(neighbours: Neighbours) -> None:
    reads = Reads(acting_as(neighbours.url, ONE), 1, 5.0)
    me, them = neighbours.mine.organization_id, neighbours.theirs.organization_id
    try:
        work_for(me)
        with reads.connection() as connection, psycopg.connect(neighbours.url, autocommit=True) as owner:
            owner.execute("SELECT pg_terminate_backend(%s, 10000)", (connection.info.backend_pid,))
        work_for(them)
        with reads.connection() as connection:
            assert organizations_in(connection, "read", "invoice_list") == {them}
    finally:
        work_for_nobody()
        reads.close()


def test_rows_stay_protected_when_read_models_are_rebuilt_and_migrated(neighbours: Neighbours) -> None:
    for _ in rebuild(neighbours.url):
        pass
    assert migrate(neighbours.url) == ()
    test_every_table_that_knows_an_organization_is_protected_for_its_owner_too(neighbours)
    with as_one(neighbours.url, neighbours.mine.organization_id) as connection:
        assert organizations_in(connection, "read", "invoice_list") == {neighbours.mine.organization_id}


def test_those_who_work_for_all_see_all(neighbours: Neighbours, tables: list[tuple[str, str]]) -> None:
    with psycopg.connect(neighbours.url) as owner, psycopg.connect(acting_as(neighbours.url, EVERY)) as worker:
        for schema, table in tables:
            assert organizations_in(worker, schema, table) == organizations_in(owner, schema, table)


def test_an_owner_that_is_no_superuser_migrates_projects_and_checks(
    server: EmbeddedPostgres, template: EmbeddedPostgres
) -> None:
    """As on servers that somebody else runs: COPY is not to be had there under row-level security."""
    assert template is server
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE landlord LOGIN CREATEROLE")
        admin.execute("CREATE DATABASE rented OWNER landlord")
        try:
            url = server.url_of("rented", "landlord")
            admin.execute("GRANT izvor_app, izvor_all TO landlord WITH ADMIN OPTION")
            migrate(url)
            with open_house(url) as house:
                company = house.company()
                live(company)
                newest = str(house.ledger.feed(0, 1000)[-1].position)
                assert len(good(company.admin.get("/invoices", after=newest))["data"]) == 4
                for _ in rebuild(url):
                    pass
                Runner(url).catch_up()
                assert len(good(company.admin.get("/invoices"))["data"]) == 4
        finally:
            admin.execute("DROP DATABASE IF EXISTS rented WITH (FORCE)")
            admin.execute("DROP ROLE landlord")


@pytest.mark.parametrize(
    ("index", "condition"),
    [
        ("USING gin (found jsonb_path_ops)", """found @> '[1]'"""),
        ("USING gin (vector)", "vector @@ 'a'::tsquery"),
        ("(lower(words))", "lower(words) = 'a'"),
        ("USING gin (words gin_trgm_ops)", "words LIKE '%abcd%'"),
        ("USING gin (words gin_trgm_ops)", "words % 'abcd'"),
        ("USING gin (words gin_trgm_ops)", "'abcd' <% words"),
    ],
    ids=["contents", "full text", "lower case", "parts", "like", "word like"],
)
def test_indexes_serve_searches_under_row_level_security_too(database: str, index: str, condition: str) -> None:
    """The server looks into an index before it has judged whose row it is only for functions that it trusts."""
    with psycopg.connect(database) as owner:
        owner.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        keep_search_fast(owner)
        owner.execute("CREATE TABLE read.sample (organization_id uuid, found jsonb, words text, vector tsvector)")
        owner.execute(f"CREATE INDEX ON read.sample {index}".encode())
        isolate(owner)
    with as_one(database, str(UUID(int=1))) as connection:
        connection.execute("SET enable_seqscan = off")
        rows = connection.execute(f"EXPLAIN SELECT 1 FROM read.sample WHERE {condition}".encode()).fetchall()
    assert "Index Cond" in "\n".join(row[0] for row in rows)


def test_a_mail_that_came_back_is_looked_up_in_an_index_under_row_level_security_too(database: str) -> None:
    one = str(UUID(int=1))
    dead_mails(database, one, 1000)
    notice = read_notice(
        WRITTEN["postfix"](f"<{mail_digest('mail:7')}@atelier.example>", "ion@client.example").encode()
    )
    with as_one(database, one) as connection, connection.transaction():
        found = mail_of(connection, notice, one)
        looks = connection.execute("SELECT pg_stat_get_xact_numscans('work.job_mail'::regclass)").fetchone()
    assert found is not None
    assert (found.effect_key, looks) == ("mail:7", (1,))


def test_an_owner_that_would_shut_itself_out_stays_open_and_is_told(
    server: EmbeddedPostgres, template: EmbeddedPostgres
) -> None:
    """The roles are there, made by another installation, and nobody has made this owner a member of them."""
    assert template is server
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE lodger LOGIN")
        admin.execute("CREATE DATABASE sublet OWNER lodger")
        try:
            url = server.url_of("sublet", "lodger")
            migrate(url)
            with psycopg.connect(url) as owner:
                assert are_missing(owner)
                with pytest.raises(UnsafeStartError, match=r"GRANT izvor_app, izvor_all TO the owner"):
                    refuse_open_tables(owner)
            refuse_unsafe_start(url, {})
            admin.execute("GRANT izvor_app, izvor_all TO lodger")
            migrate(url)
            refuse_unsafe_start(acting_as(url, ONE), {}, isolated=True)
        finally:
            admin.execute("DROP DATABASE IF EXISTS sublet WITH (FORCE)")
            admin.execute("DROP ROLE lodger")

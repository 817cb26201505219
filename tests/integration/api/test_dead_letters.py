"""Dead letters over HTTP are jobs like others: a company sees and decides about its own."""

import psycopg

from tests.support.house import Company, good, refused
from tests.support.jobs import NOW, letter
from workers.bridge.dead_letters import NOBODY
from workers.jobs.enqueue import bury


def buried(company: Company, organization_id: str, number: int) -> int:
    with psycopg.connect(company.house.database) as connection:
        bury(connection, letter(organization_id, number), "unknown_type: there are: invoice.send", NOW)
        [(job,)] = connection.execute("SELECT max(id) FROM work.job").fetchall()
    return int(job)


def test_a_company_finds_its_dead_letters_among_its_jobs_and_hands_them_in_again(company: Company) -> None:
    other = company.house.company()
    mine = buried(company, company.organization_id, 1)
    for number, whose in enumerate((other.organization_id, NOBODY), start=2):
        refused(company.admin.get(f"/jobs/{buried(company, whose, number)}"), 404, "not_found")
    [row] = good(company.admin.get("/jobs", "queue=dead-letters&status=dead"))["data"]
    assert (row["id"], row["reason"]) == (mine, "unknown_type: there are: invoice.send")
    ordered = good(company.admin.post(f"/jobs/{mine}/retry", {"reason": "the shop is repaired"}), 202)
    assert (ordered["id"], ordered["decision"]) == (mine, "retry")


def test_the_same_message_buried_twice_is_one_letter(company: Company) -> None:
    first, again = (buried(company, company.organization_id, 1) for _ in range(2))
    assert first == again

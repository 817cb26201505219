"""Jobs over HTTP: seen by those who may read history, decided by administrators, applied by the workers."""

from typing import Any

import psycopg

from tests.support.house import Company, good, refused
from tests.support.jobs import NOW, wish
from workers.jobs.enqueue import enqueue


def job_of(company: Company, status: str = "dead", number: int = 1) -> int:
    """A job in the table as a worker would have left it."""
    key = f"reminder:{company.organization_id}:{number}"
    with psycopg.connect(company.house.database) as connection:
        enqueue(connection, [wish(effect_key=key, organization_id=company.organization_id, queue="reminders")], NOW)
        row = connection.execute(
            "UPDATE work.job SET status = %s, attempt = 1, outcome = %s WHERE effect_key = %s RETURNING id",
            [status, '{"reason": "550 no such mailbox", "to": "ion@client.example"}', key],
        ).fetchone()
        assert row is not None
        connection.execute(
            "INSERT INTO work.attempt (job_id, attempt, organization_id, worker_id, answer)"
            " VALUES (%s, 1, %s, gen_random_uuid(), %s)",
            [row[0], company.organization_id, '{"status": "dead", "reason": "550 no such mailbox"}'],
        )
    return int(row[0])


def test_a_job_is_shown_with_its_attempts_and_without_the_address(company: Company) -> None:
    number = job_of(company)
    job: dict[str, Any] = good(company.admin.get(f"/jobs/{number}"))
    assert (job["status"], job["reason"], job["attempt"]) == ("dead", "550 no such mailbox", 1)
    assert [one["answer"] for one in job["attempts"]] == ["550 no such mailbox"]
    assert "ion@client.example" not in str(job)


def test_jobs_are_listed_newest_first_in_pages(company: Company) -> None:
    numbers = [job_of(company, number=number) for number in range(3)]
    first = good(company.admin.get("/jobs", "limit=2"))
    second = good(company.admin.get("/jobs", f"limit=2&after={first['next']}"))
    assert [one["id"] for one in first["data"] + second["data"]] == numbers[::-1]
    assert (first["has_more"], second["has_more"], second["next"]) == (True, False, None)
    assert good(company.admin.get("/jobs", "status=in_doubt"))["data"] == []
    assert len(good(company.admin.get("/jobs", "status=dead&queue=reminders"))["data"]) == 3
    refused(company.admin.get("/jobs", "after=x"), 422, "validation_failed")


def test_an_empty_house_has_no_jobs(company: Company) -> None:
    assert good(company.admin.get("/jobs")) == {"data": [], "has_more": False, "next": None}


def test_another_company_s_job_is_not_there(company: Company) -> None:
    number = job_of(company)
    other = company.house.company()
    assert good(other.admin.get("/jobs"))["data"] == []
    refused(other.admin.get(f"/jobs/{number}"), 404, "not_found")
    reason = {"reason": "mine"}
    for verb, body in {"retry": reason, "cancel": reason, "decision": {**reason, "went_out": True}}.items():
        refused(other.admin.post(f"/jobs/{number}/{verb}", body), 404, "not_found")
    assert good(company.admin.get(f"/jobs/{number}"))["status"] == "dead"


def test_a_decision_is_recorded_with_who_and_why(company: Company) -> None:
    number = job_of(company)
    answer = good(company.admin.post(f"/jobs/{number}/retry", {"reason": "the mailbox exists again"}), 202)
    assert (answer["id"], answer["decision"]) == (number, "retry")
    fact = good(company.admin.get("/events", "limit=1000"))["data"][-1]
    assert fact["type"].startswith("job.retried")
    assert fact["data"]["reason"] == "the mailbox exists again"
    assert fact["meta"]["actor"]["name"] == "the admin"


def test_a_repeated_request_decides_once(company: Company) -> None:
    number = job_of(company)
    first, again = (company.admin.post(f"/jobs/{number}/cancel", {"reason": "called"}, key="c-1") for _ in range(2))
    assert good(first, 202) == good(again, 202)
    assert again.headers["idempotency-replayed"] == "true"


def test_what_does_not_fit_is_refused_with_its_reason(company: Company) -> None:
    doubtful, dead = job_of(company, "in_doubt"), job_of(company, number=2)
    refused(company.admin.post(f"/jobs/{doubtful}/retry", {"reason": "again"}), 409, "job_in_doubt")
    refused(
        company.admin.post(f"/jobs/{dead}/decision", {"went_out": True, "reason": "it did"}), 409, "job_not_in_doubt"
    )
    good(company.admin.post(f"/jobs/{doubtful}/decision", {"went_out": False, "reason": "not in the log"}), 202)
    refused(company.admin.post(f"/jobs/{job_of(company, 'sent', 3)}/cancel", {"reason": "x"}), 409, "job_status_unfit")
    refused(company.admin.post(f"/jobs/{dead}/cancel", {"reason": ""}), 422, "validation_failed")
    refused(company.admin.post("/jobs/999999999/cancel", {"reason": "x"}), 404, "not_found")

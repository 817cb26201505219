"""Jobs over HTTP: seen by those who may read history, decided by administrators, applied by the workers."""

from typing import Any

import psycopg

from projections.jobs.query import MOST_COUNTED
from tests.support.house import Company, good, refused
from tests.support.jobs import NOW, dead_mails, wish
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


def test_jobs_are_found_by_what_was_said_last_and_since_when(company: Company) -> None:
    number = job_of(company)
    soon, later = "2126-01-01T00:00:00Z", "2026-01-01T00:00:00%2B02:00"
    assert [one["id"] for one in good(company.admin.get("/jobs", f"error=No%20Such&since={later}"))["data"]] == [number]
    assert good(company.admin.get("/jobs", "error=%25"))["data"] == []
    assert good(company.admin.get("/jobs", f"since={soon}"))["data"] == []
    problem = refused(company.admin.get("/jobs", "since=2026-01-01T00:00:00"), 422, "validation_failed")
    assert problem["errors"][0]["pointer"] == "since"


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


def decided(company: Company, decision: str, status: str = "dead", **others: Any) -> dict[str, Any]:
    wanted = {"status": status, **others.pop("filter", {})}
    body = {"decision": decision, "filter": wanted, "reason": "the server is repaired", **others}
    answer: dict[str, Any] = good(company.admin.post("/jobs/decisions", body))
    return answer


def decisions(company: Company) -> list[tuple[str, int]]:
    facts = good(company.admin.get("/events", "limit=1000"))["data"]
    return [(one["type"], one["data"]["reference"]) for one in facts if one["type"].startswith("job.")]


def test_many_are_decided_about_by_filter_with_a_fact_and_a_result_for_each(company: Company) -> None:
    mine = [job_of(company, number=number) for number in range(3)]
    job_of(company, "in_doubt", number=4)
    answer = decided(company, "retry", filter={"queue": "reminders", "error": "550"})
    assert (answer["matching"], answer["next"]) == (3, None)
    assert [(one["id"], one["ok"], one["replayed"], one["problem"]) for one in answer["results"]] == [
        (number, True, False, None) for number in mine
    ]
    assert decisions(company) == [("job.retried/1", number) for number in mine]


def test_a_dry_run_shows_which_and_how_many_and_does_nothing(company: Company) -> None:
    mine = [job_of(company, number=number) for number in range(3)]
    answer = decided(company, "cancel", dry_run=True, limit=2)
    assert (answer["matching"], [one["id"] for one in answer["results"]]) == (3, mine[:2])
    assert [one["ok"] for one in answer["results"]] == [None, None]
    assert decisions(company) == []


def test_a_set_of_any_size_is_counted_so_far_and_no_further(company: Company) -> None:
    dead_mails(company.house.database, company.organization_id, MOST_COUNTED + 150)
    first = decided(company, "cancel", dry_run=True)
    assert (first["matching"], len(first["results"])) == (MOST_COUNTED, 100)
    last = decided(company, "cancel", dry_run=True, after=str(first["results"][0]["id"] + MOST_COUNTED))
    assert (last["matching"], last["next"] is None) == (149, False)


def test_a_big_set_is_gone_through_in_batches_and_a_repeat_decides_nothing_twice(company: Company) -> None:
    mine = [job_of(company, "in_doubt", number=number) for number in range(5)]
    after, seen = None, []
    for _ in range(3):
        first = decided(company, "went_out", "in_doubt", limit=2, after=after)
        again = decided(company, "went_out", "in_doubt", limit=2, after=after)
        assert [one["replayed"] for one in again["results"]] == [True] * len(first["results"])
        seen += [one["id"] for one in first["results"]]
        after = first["next"]
    assert (after, seen) == (None, mine)
    assert decisions(company) == [("job.decided/1", number) for number in mine]


def test_a_job_that_came_back_to_where_it_was_is_decided_about_anew(company: Company) -> None:
    number = job_of(company)
    decided(company, "retry")
    with psycopg.connect(company.house.database) as connection:
        connection.execute("UPDATE work.job SET changed_at = clock_timestamp() WHERE id = %s", [number])
    assert [one["replayed"] for one in decided(company, "retry")["results"]] == [False]
    assert decisions(company) == [("job.retried/1", number)] * 2


def test_a_decision_that_fits_no_job_of_that_status_is_refused_as_a_whole(company: Company) -> None:
    job_of(company, "in_doubt")
    for status, decision, code in (
        ("in_doubt", "retry", "job_in_doubt"),
        ("sending", "cancel", "job_status_unfit"),
        ("dead", "went_out", "job_not_in_doubt"),
    ):
        body = {"decision": decision, "filter": {"status": status}, "reason": "x"}
        refused(company.admin.post("/jobs/decisions", body), 409, code)
    body = {"decision": "cancel", "filter": {"status": "dead"}, "reason": " "}
    refused(company.admin.post("/jobs/decisions", body), 422, "reason_missing")
    for wrong, pointer in (
        ({"filter": {"status": "dead", "since": "2026-01-01T00:00:00"}}, "/filter/since"),
        ({"after": "x"}, "/after"),
        ({"after": "9" * 30}, "/after"),
        ({"limit": 101}, "/limit"),
        ({"filter": {}}, "/filter/status"),
    ):
        problem = refused(
            company.admin.post("/jobs/decisions", {**body, "reason": "y", **wrong}), 422, "validation_failed"
        )
        assert problem["errors"][0]["pointer"] == pointer
    assert decisions(company) == []


def test_another_company_s_jobs_are_in_no_filter(company: Company) -> None:
    job_of(company)
    answer = decided(company.house.company(), "retry")
    assert (answer["matching"], answer["results"]) == (0, [])

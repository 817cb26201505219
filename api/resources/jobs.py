"""Jobs over HTTP: what the workers do outside, and what people decide about it."""

from typing import Final

import falcon
import msgspec

from api.doors import Doors, Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import STATUS_OF_REFUSAL, invalid
from api.shapes import mail_shapes as shapes
from api.shapes.issuing_views import BulkProblemView
from api.translation.paging import link
from invoicing_domain.job_decisions import MOST_AT_ONCE, Decided, check, decide_each
from invoicing_domain.model.identity import StreamId, reference_of
from invoicing_domain.model.job.commands import Decision, command_of
from projections.jobs import query as jobs
from projections.jobs.query import JobFilter, JobRow

_LONGEST_NUMBER: Final = 18
"""In digits: what a bigint holds in any case."""


class Jobs(Resource):
    @operation(
        Operation(
            summary="Mails and other errands of the workers, newest first; what is in doubt waits for a decision",
            permission=Permission.READ_HISTORY,
            query=shapes.JobQuery,
            answer=shapes.JobsView,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: shapes.JobQuery = call.query
        with self._doors.reading() as connection:
            rows = jobs.list_jobs(
                connection,
                call.organization_id,
                _filter(query, "since"),
                before=_number(query.after, "after"),
                limit=query.limit + 1,
            )
        more = len(rows) > query.limit
        shown = rows[: query.limit]
        after = str(shown[-1].id) if more else None
        link(req, resp, after)
        send(resp, shapes.JobsView(data=tuple(_view(row) for row in shown), has_more=more, next=after))


class Job(Resource):
    @operation(
        Operation(
            summary="A job with its attempts, latest first",
            permission=Permission.READ_HISTORY,
            answer=shapes.JobDetailView,
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        _, row = _find(self._doors, call, document)
        with self._doors.reading() as connection:
            tried = jobs.attempts(connection, call.organization_id, row.id)
        attempts = tuple(msgspec.convert(one, shapes.JobAttemptView, from_attributes=True) for one in tried)
        send(resp, shapes.JobDetailView(**msgspec.structs.asdict(_view(row)), attempts=attempts))


class JobRetry(Resource):
    @operation(
        Operation(
            summary="Try a dead or cancelled job again, if it is still wanted",
            permission=Permission.ADMINISTER,
            body=shapes.JobReasonBody,
            answer=shapes.JobOrderView,
            status=202,
            writes=True,
            refusals=("not_found", "job_in_doubt", "job_status_unfit"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        _order(self._doors, req, resp, document, "retry")


class JobCancelling(Resource):
    @operation(
        Operation(
            summary="Give a waiting, dead or doubtful job up: nothing goes out any more",
            permission=Permission.ADMINISTER,
            body=shapes.JobReasonBody,
            answer=shapes.JobOrderView,
            status=202,
            writes=True,
            refusals=("not_found", "job_status_unfit"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        _order(self._doors, req, resp, document, "cancel")


class JobDecision(Resource):
    @operation(
        Operation(
            summary="Say whether a job in doubt went out: its fact is recorded, or it is done again if still wanted",
            permission=Permission.ADMINISTER,
            body=shapes.DecisionBody,
            answer=shapes.JobOrderView,
            status=202,
            writes=True,
            refusals=("not_found", "job_not_in_doubt"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        _order(self._doors, req, resp, document, "went_out" if call_of(req).body.went_out else "not_sent")


class JobDecisions(Resource):
    @operation(
        Operation(
            summary=(
                f"Decide about jobs by filter, oldest first, at most {MOST_AT_ONCE} a call, with a result for each:"
                " go on with `after`: `next` until there is none. A dry run shows which, and how many. Asked again, the"
                " same decision about a job that nothing happened to is recorded once"
            ),
            permission=Permission.ADMINISTER,
            body=shapes.DecisionsBody,
            answer=shapes.JobDecisionsView,
            refusals=("job_in_doubt", "job_not_in_doubt", "job_status_unfit", "reason_missing"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        body: shapes.DecisionsBody = call.body
        check(body.decision, body.filter.status, body.reason, call.context)
        wanted, after = _filter(body.filter, "/filter/since"), _number(body.after, "/after") or 0
        with self._doors.reading() as connection:
            rows = jobs.following_jobs(connection, call.organization_id, wanted, after=after, limit=body.limit + 1)
            more = len(rows) > body.limit
            matching = jobs.count_jobs(connection, call.organization_id, wanted, after=after) if more else len(rows)
        rows = rows[: body.limit]
        view = shapes.JobDecisionsView(
            decision=body.decision,
            dry_run=body.dry_run,
            matching=matching,
            results=self._results(call, body, rows),
            next=str(rows[-1].id) if more else None,
        )
        send(resp, view)

    def _results(self, call: Call, body: shapes.DecisionsBody, rows: list[JobRow]) -> tuple[shapes.JobResultView, ...]:
        if body.dry_run:
            return tuple(shapes.JobResultView(id=row.id, effect_key=row.effect_key) for row in rows)
        seen = [row.seen for row in rows]
        return tuple(
            _result(one) for one in decide_each(self._doors.service, body.decision, seen, body.reason, call.context)
        )


def _result(of: Decided) -> shapes.JobResultView:
    problem = None
    if (no := of.refusal) is not None:
        status = STATUS_OF_REFUSAL.get(no.code, 422)
        problem = BulkProblemView(status=status, code=no.code, detail=no.message, facts=dict(no.facts))
    return shapes.JobResultView(
        id=of.job.reference, effect_key=of.job.effect_key, ok=problem is None, replayed=of.replayed, problem=problem
    )


def _order(doors: Doors, req: falcon.Request, resp: falcon.Response, document: str, decision: Decision) -> None:
    call = call_of(req)
    job_id, row = _find(doors, call, document)
    reason: str = call.body.reason
    view = shapes.JobOrderView(id=row.id, effect_key=row.effect_key, decision=decision, reason=reason)
    doors.execute(call, resp, lambda: command_of(decision, job_id, row.seen, reason), render=lambda _: view, status=202)


def _find(doors: Doors, call: Call, text: str) -> tuple[StreamId, JobRow]:
    job_id = doors.find(call, "job", text)
    with doors.reading() as connection:
        row = jobs.find(connection, call.organization_id, reference_of(job_id))
    if row is None:
        raise missing("job")
    return job_id, row


def _view(row: JobRow) -> shapes.JobView:
    return msgspec.convert(row, shapes.JobView, from_attributes=True)


def _filter(asked: shapes.JobQuery | shapes.JobFilterBody, pointer: str) -> JobFilter:
    if asked.since is not None and asked.since.tzinfo is None:
        raise invalid(pointer, "is an instant with its zone, such as 2026-11-23T09:00:00Z")
    return JobFilter(status=asked.status, queue=asked.queue, since=asked.since, error=asked.error)


def _number(cursor: str | None, pointer: str) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _LONGEST_NUMBER):
        raise invalid(pointer, "is no cursor of this list")
    return int(cursor)

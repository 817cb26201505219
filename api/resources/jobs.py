"""Jobs over HTTP: what the workers do outside, and what people decide about it."""

from collections.abc import Callable
from typing import Literal

import falcon
import msgspec

from api.doors import Doors, Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import invalid
from api.shapes import mail_shapes as shapes
from api.translation.paging import link
from invoicing_domain.model.identity import StreamId, reference_of
from invoicing_domain.model.job.commands import CancelJob, DecideJob, RetryJob, SeenJob
from projections.jobs import query as jobs
from projections.jobs.query import JobRow

Decision = Literal["retry", "cancel", "went_out", "not_sent"]


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
                status=query.status,
                queue=query.queue,
                before=_before(query.after),
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
        reason: str = call_of(req).body.reason
        _order(
            self._doors, req, resp, document, "retry", lambda job, seen: RetryJob(job_id=job, seen=seen, reason=reason)
        )


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
        reason: str = call_of(req).body.reason
        _order(
            self._doors,
            req,
            resp,
            document,
            "cancel",
            lambda job, seen: CancelJob(job_id=job, seen=seen, reason=reason),
        )


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
        body: shapes.DecisionBody = call_of(req).body
        _order(
            self._doors,
            req,
            resp,
            document,
            "went_out" if body.went_out else "not_sent",
            lambda job, seen: DecideJob(job_id=job, seen=seen, went_out=body.went_out, reason=body.reason),
        )


def _order(
    doors: Doors,
    req: falcon.Request,
    resp: falcon.Response,
    document: str,
    decision: Decision,
    command: Callable[[StreamId, SeenJob], object],
) -> None:
    call = call_of(req)
    job_id, row = _find(doors, call, document)
    seen = SeenJob(reference=row.id, effect_key=row.effect_key, status=row.status, attempt=row.attempt)
    view = shapes.JobOrderView(id=row.id, effect_key=row.effect_key, decision=decision, reason=call.body.reason)
    doors.execute(call, resp, lambda: command(job_id, seen), render=lambda _: view, status=202)


def _find(doors: Doors, call: Call, text: str) -> tuple[StreamId, JobRow]:
    job_id = doors.find(call, "job", text)
    with doors.reading() as connection:
        row = jobs.find(connection, call.organization_id, reference_of(job_id))
    if row is None:
        raise missing("job")
    return job_id, row


def _view(row: JobRow) -> shapes.JobView:
    return msgspec.convert(row, shapes.JobView, from_attributes=True)


def _before(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit()):
        raise invalid("after", "is no cursor of this list")
    return int(cursor)

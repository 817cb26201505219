"""History over HTTP: the timeline of an invoice for people, its raw facts for auditors, and the whole feed."""

from typing import Any

import falcon
import orjson

from api.doors import Doors, Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.shapes import views
from api.shapes.queries import FeedQuery
from api.translation.summaries import summary
from invoicing_domain.model.identity import Kind
from invoicing_domain.recording.codec import to_plain
from invoicing_domain.recording.effective import effective_date
from invoicing_domain.recording.envelope import Recorded


def _plain(value: object) -> dict[str, Any]:
    decoded: dict[str, Any] = orjson.loads(orjson.dumps(value, default=to_plain))
    return decoded


def _facts(doors: Doors, call: Call, document: str, kind: Kind = "invoice") -> list[Recorded]:
    facts = doors.ledger.history(doors.find(call, kind, document))
    if not facts:
        raise missing(kind)
    return facts


def _entry(doors: Doors, call: Call, recorded: Recorded) -> views.HistoryEntryView:
    meta = recorded.meta
    return views.HistoryEntryView(
        version=recorded.originator_version,
        position=recorded.position,
        type=doors.ledger.codec.topic(recorded.fact).partition("/")[0],
        recorded_at=meta.at,
        effective_date=effective_date(recorded, call.organization.profile.time_zone),
        actor=views.ActorView(kind=meta.actor.kind, id=meta.actor.id, name=meta.actor.name),
        reason=meta.reason,
        request_id=meta.correlation_id,
        summary=summary(recorded.fact),
        data=_plain(recorded.fact),
    )


def _fact(doors: Doors, recorded: Recorded) -> views.FactView:
    return views.FactView(
        position=recorded.position,
        stream_id=recorded.originator_id,
        version=recorded.originator_version,
        type=doors.ledger.codec.topic(recorded.fact),
        data=_plain(recorded.fact),
        meta=_plain(recorded.meta),
    )


class DocumentHistory(Resource):
    """The timeline of an invoice, or of another kind of document."""

    def __init__(self, doors: Doors, kind: Kind = "invoice") -> None:
        super().__init__(doors)
        self._kind = kind

    @operation(
        Operation(
            summary="What happened to it: who, when, why, in words",
            permission=Permission.READ_HISTORY,
            answer=views.HistoryView,
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        facts = _facts(self._doors, call, document, self._kind)
        send(resp, views.HistoryView(data=tuple(_entry(self._doors, call, one) for one in facts)))


class InvoiceEvents(Resource):
    @operation(
        Operation(
            summary="The recorded facts of an invoice, as they are stored",
            permission=Permission.READ_HISTORY,
            answer=views.FeedView,
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        facts = _facts(self._doors, call_of(req), document)
        data = tuple(_fact(self._doors, one) for one in facts)
        send(resp, views.FeedView(data=data, has_more=False, next=facts[-1].position))


class Feed(Resource):
    @operation(
        Operation(
            summary="Every fact of the organization, in the order of recording",
            permission=Permission.READ_HISTORY,
            query=FeedQuery,
            answer=views.FeedView,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: FeedQuery = call.query
        facts = self._doors.ledger.feed(query.after, query.limit + 1, call.organization_id)
        page = facts[: query.limit]
        view = views.FeedView(
            data=tuple(_fact(self._doors, one) for one in page),
            has_more=len(facts) > query.limit,
            next=page[-1].position if page else query.after,
        )
        send(resp, view)

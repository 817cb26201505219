"""Number series over HTTP: open, look at, close; and the report that proves that they have no hole."""

import re
from typing import Final

import falcon

from api.doors import Doors, Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.shapes.issuing_bodies import ReasonBody, SeriesBody, SeriesReportQuery
from api.shapes.issuing_views import (
    HoleView,
    SeriesListView,
    SeriesProofView,
    SeriesReportView,
    SeriesView,
)
from api.translation import issuing_rendering as rendering
from invoicing_domain.categories import NUMBER_SERIES
from invoicing_domain.handlers.issuing import default_prefixes
from invoicing_domain.model.identity import StreamId, series_id
from invoicing_domain.model.number_series.commands import CloseSeries, OpenSeries
from invoicing_domain.model.number_series.events import Series
from invoicing_domain.model.number_series.state import NumberSeries
from invoicing_domain.recording.application import Loaded
from invoicing_domain.service import Outcome
from projections.series_list import query as series_list

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _rendered(call: Call, outcome: Outcome) -> SeriesView:
    state, version, position = outcome.of(outcome.stream_id)
    return rendering.series(outcome.stream_id, state, version, position, call.organization.profile)


def _find(doors: Doors, call: Call, text: str) -> tuple[StreamId, Loaded[NumberSeries]]:
    """A series of the caller's own; its id follows from organization, kind and prefix, and so proves its owner."""
    if not _UUID.fullmatch(text):
        raise missing("number_series")
    found = StreamId(text.lower())
    loaded = doors.load(NUMBER_SERIES, found)
    about = loaded.state.series if loaded.state else None
    if about is None or series_id(call.organization_id, about.document, about.prefix) != found:
        raise missing("number_series")
    return found, loaded


class SeriesSettings(Resource):
    @operation(
        Operation(
            summary="The number series of the organization, by kind of document and prefix",
            permission=Permission.READ_LISTS,
            answer=SeriesListView,
            waits_for=("series_list",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        defaults = default_prefixes(call.organization.profile)
        with self._doors.reading() as connection:
            rows = series_list.list_series(connection, call.organization_id)
        data = tuple(
            SeriesView(
                id=row.series_id,
                document=row.document,
                prefix=row.prefix,
                first=row.first_value,
                next=row.first_value if row.last_value is None else row.last_value + 1,
                last_issue_date=row.last_issue_date,
                decision=row.decision,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                closed_on=row.closed_on,
                default=defaults[row.document] == row.prefix,
                version=row.version,
                position=row.position,
            )
            for row in rows
        )
        send(resp, SeriesListView(data=data))

    @operation(
        Operation(
            summary=(
                "Open a series; the same again is the same (200). The one that is used when none is named is a setting "
                "of the organization (`invoice_series`, `credit_note_series`, `proforma_series`)"
            ),
            permission=Permission.ADMINISTER,
            body=SeriesBody,
            answer=SeriesView,
            status=201,
            also=(200,),
            writes=True,
            refusals=(
                "series_exists",
                "series_prefix_taken",
                "series_closed",
                "series_prefix_invalid",
                "series_validity_invalid",
            ),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        body: SeriesBody = call.body
        series = Series(
            document=body.document,
            prefix=body.prefix,
            first=body.first,
            decision=body.decision,
            valid_from=body.valid_from,
            valid_to=body.valid_to,
        )
        opened = series_id(call.organization_id, body.document, body.prefix)
        self._doors.execute(
            call,
            resp,
            lambda: OpenSeries(series_id=opened, series=series),
            render=lambda outcome: _rendered(call, outcome),
            status=201,
            location=lambda view: f"/api/v1/settings/series/{view['id']}",
        )


class OneSeries(Resource):
    @operation(
        Operation(
            summary="A number series as it is now",
            permission=Permission.READ_LISTS,
            answer=SeriesView,
            refusals=("not_found",),
            tagged=True,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, series: str) -> None:
        call = call_of(req)
        found, loaded = _find(self._doors, call, series)
        if loaded.state is not None:
            view = rendering.series(found, loaded.state, loaded.version, loaded.position, call.organization.profile)
            send(resp, view, version=loaded.version)


class SeriesClosing(Resource):
    @operation(
        Operation(
            summary="Close a series: it gives no more numbers, for good; those given stand",
            permission=Permission.ADMINISTER,
            body=ReasonBody,
            body_optional=True,
            answer=SeriesView,
            writes=True,
            refusals=("not_found", "series_is_default"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, series: str) -> None:
        call = call_of(req)
        body: ReasonBody = call.body
        found, _ = _find(self._doors, call, series)
        self._doors.execute(
            call,
            resp,
            lambda: CloseSeries(series_id=found, reason=body.reason or call.context.reason or ""),
            render=lambda outcome: _rendered(call, outcome),
        )


class SeriesReport(Resource):
    @operation(
        Operation(
            summary="First to last number of each series, counted in the recorded facts: holes and order of issue",
            permission=Permission.READ_LISTS,
            query=SeriesReportQuery,
            answer=SeriesReportView,
            waits_for=("series_list",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: SeriesReportQuery = call.query
        with self._doors.reading() as connection:
            rows = [
                row
                for row in series_list.list_series(connection, call.organization_id)
                if query.document in {None, row.document} and query.prefix in {None, row.prefix}
            ]
            proven = [(row, *series_list.prove(connection, call.organization_id, row)) for row in rows]
        send(resp, SeriesReportView(data=tuple(_proof(row, proof, holes) for row, proof, holes in proven)))


def _proof(row: series_list.SeriesRow, proof: series_list.Proof, holes: list[series_list.Hole]) -> SeriesProofView:
    expected = 0 if proof.last_value is None else proof.last_value - row.first_value + 1
    return SeriesProofView(
        id=row.series_id,
        document=row.document,
        prefix=row.prefix,
        decision=row.decision,
        first=row.first_value,
        last=proof.last_value,
        last_number=row.last_number,
        first_issue_date=proof.first_issue_date,
        last_issue_date=proof.last_issue_date,
        closed_on=row.closed_on,
        count=proof.count,
        expected=expected,
        holes=tuple(HoleView(first=hole.first_value, last=hole.last_value) for hole in holes),
        dense=proof.count == proof.distinct_count == expected and not holes,
        in_order=proof.out_of_order == 0,
    )

"""Reports over HTTP. What each figure means is said where it is worked out: `projections.receivable_movements`."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

import falcon

from api.doors import Resource, send
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import invalid
from api.shapes import views
from api.shapes.queries import AgingQuery
from api.shapes.report_shapes import (
    MeasuresQuery,
    MeasuresRowView,
    MeasuresView,
    OnTimeRowView,
    OnTimeView,
    PeriodQuery,
)
from api.translation.amounts import major
from projections.receivable_movements.measures import Measures, OnTime, measures, on_time
from projections.receivable_movements.query import AgingRow, aging

USUAL_DAYS: Final = 90
"""Length of a period of which only the end is given."""

LONGEST_DAYS: Final = 3_660


def instant(given: datetime | None) -> datetime | None:
    if given is not None and given.tzinfo is None:
        raise invalid("known_at", "is an instant with its zone, such as 2026-11-23T09:00:00Z")
    return given


def period(since: date, until: date) -> tuple[date, date]:
    """Two days as a period; a problem for one that ends before it begins."""
    if since > until:
        raise invalid("from", f"{since} is after {until}")
    return since, until


def _period(query: PeriodQuery, latest: date) -> tuple[date, date]:
    until = query.until or latest
    if until.year <= 1:
        raise invalid("to", "is before anything that could be reported")
    since, _ = period(query.since or until - timedelta(days=USUAL_DAYS - 1), until)
    if (until - since).days >= LONGEST_DAYS:
        raise invalid("from", f"a period has at most {LONGEST_DAYS} days")
    if since.year <= 1:
        raise invalid("from", "is before anything that could be reported")
    return since, until


def _row(row: AgingRow) -> views.AgingRowView:
    def text(minor: int) -> str:
        return major(minor, row.currency)

    return views.AgingRowView(
        customer_id=row.customer_id,
        customer_name=row.customer_name,
        currency=row.currency,
        not_due=text(row.not_due),
        days_1_30=text(row.days_1_30),
        days_31_60=text(row.days_31_60),
        days_61_90=text(row.days_61_90),
        days_91_plus=text(row.days_91_plus),
        unapplied=text(row.unapplied),
        balance=text(row.balance),
    )


class Aging(Resource):
    @operation(
        Operation(
            summary="Receivables by age, as of any date, as known at any instant; the columns add up to the balance",
            permission=Permission.READ_LISTS,
            query=AgingQuery,
            answer=views.AgingView,
            waits_for=("receivable_movements",),
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: AgingQuery = call.query
        known_at = instant(query.known_at)
        as_of = query.as_of or call.context.today
        customer_id = None if query.customer_id is None else self._doors.find(call, "customer", query.customer_id)
        with self._doors.reading() as connection:
            found = aging(
                connection,
                call.organization_id,
                as_of=as_of,
                known_at=known_at,
                by=query.by,
                customer_id=customer_id,
            )
        view = views.AgingView(
            as_of=as_of,
            known_at=known_at,
            rows=tuple(map(_row, found.rows)),
            totals=tuple(map(_row, found.totals)),
        )
        send(resp, view)


class DaysSalesOutstanding(Resource):
    @operation(
        Operation(
            summary="DSO simple, by counting back and best possible, average days delinquent, collection effectiveness",
            permission=Permission.READ_LISTS,
            query=MeasuresQuery,
            answer=MeasuresView,
            waits_for=("receivable_movements",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: MeasuresQuery = call.query
        known_at = instant(query.known_at)
        since, until = _period(query, call.context.today)
        with self._doors.reading() as connection:
            found = measures(connection, call.organization_id, since=since, until=until, known_at=known_at)
        view = MeasuresView(
            since=since,
            until=until,
            days=(until - since).days + 1,
            known_at=known_at,
            rows=tuple(map(_measures, found)),
        )
        send(resp, view)


def _measures(row: Measures) -> MeasuresRowView:
    def text(minor: int) -> str:
        return major(minor, row.currency)

    return MeasuresRowView(
        currency=row.currency,
        sales=text(row.sales),
        opening_receivable=text(row.opening_receivable),
        closing_receivable=text(row.closing_receivable),
        closing_not_due=text(row.closing_not_due),
        dso=_figure(row.dso),
        dso_countback=_figure(row.dso_countback),
        best_possible_dso=_figure(row.best_possible_dso),
        average_days_delinquent=_figure(row.average_days_delinquent),
        collection_effectiveness=_figure(row.collection_effectiveness),
    )


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


class PaidOnTime(Resource):
    @operation(
        Operation(
            summary=(
                "Share of the invoices due in a period that were paid by their due date, by count and by value; what"
                " is not due yet is left out, so that the period ends yesterday at the latest"
            ),
            permission=Permission.READ_LISTS,
            query=PeriodQuery,
            answer=OnTimeView,
            waits_for=("receivable_movements",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        yesterday = call.context.today - timedelta(days=1)
        since, until = _period(call.query, yesterday)
        with self._doors.reading() as connection:
            found = on_time(connection, call.organization_id, since=since, until=min(until, yesterday))
        send(resp, OnTimeView(since=since, until=until, rows=tuple(map(_on_time, found))))


def _on_time(row: OnTime) -> OnTimeRowView:
    return OnTimeRowView(
        currency=row.currency,
        invoices_due=row.invoices_due,
        invoices_on_time=row.invoices_on_time,
        share_by_count=_figure(row.share_by_count),
        value_due=major(row.value_due, row.currency),
        value_on_time=major(row.value_on_time, row.currency),
        share_by_value=_figure(row.share_by_value),
    )

"""Reports over HTTP."""

import falcon

from api import rendering, views
from api.access import Permission
from api.call import call_of
from api.doors import Doors, send
from api.operations import Operation, operation
from api.problems import invalid
from api.queries import AgingQuery
from invoicing_domain.model.money import Money
from projections.receivable_movements.query import AgingRow, aging


def _row(row: AgingRow) -> views.AgingRowView:
    def text(minor: int) -> str:
        return rendering.amount(Money(minor, row.currency))

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


class Aging:
    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    @operation(
        Operation(
            summary="Receivables by age, as of any date, as known at any instant; the columns add up to the balance",
            permission=Permission.READ_LISTS,
            query=AgingQuery,
            answer=views.AgingView,
            waits_for=("receivable_movements",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: AgingQuery = call.query
        if query.known_at is not None and query.known_at.tzinfo is None:
            raise invalid("known_at", "is an instant with its zone, such as 2026-11-23T09:00:00Z")
        as_of = query.as_of or call.context.today
        with self._doors.reading() as connection:
            found = aging(connection, call.organization_id, as_of=as_of, known_at=query.known_at, by=query.by)
        view = views.AgingView(
            as_of=as_of,
            known_at=query.known_at,
            rows=tuple(map(_row, found.rows)),
            totals=tuple(map(_row, found.totals)),
        )
        send(resp, view)

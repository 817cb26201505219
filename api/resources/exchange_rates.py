"""Exchange rates over HTTP: take down what BNR published, and ask which rate counts for a day."""

from datetime import date

import falcon

from api.doors import Resource, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import Problem
from api.shapes import views
from api.shapes.queries import RateQuery
from api.translation import rendering
from api.translation.rates_xml import NotRatesError, read_rates
from invoicing_domain.categories import EXCHANGE_RATES
from invoicing_domain.model.exchange.commands import PublishRates
from invoicing_domain.model.exchange.decide import month_before, published
from invoicing_domain.model.exchange.events import DayRates
from invoicing_domain.model.identity import rates_id
from invoicing_domain.service import Outcome


class ExchangeRates(Resource):
    @operation(
        Operation(
            summary="Import the rates that BNR published (nbrfxrates.xml, of a day or of a year)",
            permission=Permission.WRITE_INVOICES,
            raw_body="application/xml",
            answer=views.RatesImportedView,
            writes=True,
            refusals=("rate_invalid",),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        try:
            days = read_rates(call.body)
        except NotRatesError as error:
            raise Problem(422, "rates_unreadable", str(error)) from None
        command = import_of(call.organization_id, days)
        self._doors.execute(call, resp, lambda: command, render=lambda outcome: _imported(days, outcome))

    @operation(
        Operation(
            summary="The rates that count for a document of a day: of that day, or the last ones before it",
            permission=Permission.READ_LISTS,
            query=RateQuery,
            answer=views.RatesView,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: RateQuery = call.query
        day = query.on or call.context.today
        send(resp, views.RatesView(date=day, data=self._rates(call, query, day)))

    def _rates(self, call: Call, query: RateQuery, day: date) -> tuple[views.DayRatesView, ...]:
        ledger, seller = self._doors.ledger, call.organization_id
        this = ledger.load(EXCHANGE_RATES, rates_id(seller, day)).state
        before = ledger.load(EXCHANGE_RATES, rates_id(seller, month_before(day))).state
        known = {code for month in (before, this) if month for rates in month.days.values() for code in rates}
        wanted = sorted(known if query.currency is None else known & {query.currency})
        found = ((code, published(code, day, this, before)) for code in wanted)
        return tuple(
            views.DayRatesView(currency=code, rate=rendering.rate(rate)) for code, rate in found if rate is not None
        )


def import_of(organization_id: str, days: tuple[DayRates, ...]) -> PublishRates:
    """The command that takes down the days of a file."""
    return PublishRates(rates_id=rates_id(organization_id, days[-1].date), days=days)


def _imported(days: tuple[DayRates, ...], outcome: Outcome) -> views.RatesImportedView:
    position = outcome.of(outcome.stream_id)[2]
    return views.RatesImportedView(first=days[0].date, last=days[-1].date, days=len(days), position=position)

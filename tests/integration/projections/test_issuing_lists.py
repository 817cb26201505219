"""Proformas, recurring invoices and series as they are listed: equal to the facts, and rebuilt the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import psycopg
import pytest

from invoicing_domain.categories import PROFORMA, RECURRING
from invoicing_domain.model.context import Context
from invoicing_domain.model.identity import StreamId, series_id, stream_id
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.number_series.commands import CloseSeries, OpenSeries
from invoicing_domain.model.number_series.events import Series
from invoicing_domain.model.party import Buyer, Seller
from invoicing_domain.model.proforma.commands import CancelProforma, DraftProforma, InvoiceProforma, SendProforma
from invoicing_domain.model.recurring.commands import PauseRecurring, ScheduleRecurring
from invoicing_domain.model.recurring.events import Plan, Rhythm
from invoicing_domain.model.vat import Vat
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recurrence import Billing
from invoicing_domain.service import InvoicingService
from projections.check import check
from projections.proforma_list import query as proforma_list
from projections.rebuild import rebuild
from projections.recurring_list import query as recurring_list
from projections.runner import Runner
from projections.series_list import query as series_list
from tests.support.commands import ORGANIZATION, context, register_organization, send
from tests.support.commands import draft as draft_of

HEADER = Header(customer=Buyer(customer_id=stream_id("customer", ORGANIZATION, 1), name="Ion Țăranu"), currency="RON")
LINE = LineInput(description="Chirie", quantity=Decimal("0.5"), unit_price=Decimal("99.99"), vat=Vat("S", Decimal(21)))


class Life:
    """Commands of one company, one after the other."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.service = InvoicingService(ledger)
        self.run(register_organization())

    def run(self, command: object, asked: Context | None = None) -> None:
        self.service.execute(command, asked or context())

    def proforma(self, reference: int, *then: str) -> StreamId:
        proforma_id = stream_id("proforma", ORGANIZATION, reference)
        self.run(DraftProforma(proforma_id=proforma_id, reference=reference, header=HEADER, lines=(LINE,)))
        steps = {
            "send": SendProforma(
                proforma_id=proforma_id, series="IZP", seller=Seller(name="S"), default_terms_days=30, opens=True
            ),
            "cancel": CancelProforma(proforma_id=proforma_id, reason="Refuzată"),
            "invoice": InvoiceProforma(
                proforma_id=proforma_id,
                invoice_id=stream_id("invoice", ORGANIZATION, 900 + reference),
                reference=900 + reference,
            ),
        }
        for step in then:
            self.run(steps[step])
        return proforma_id

    def schedule(self, reference: int, rhythm: Rhythm) -> StreamId:
        recurring_id = stream_id("recurring_invoice", ORGANIZATION, reference)
        plan = Plan(name="Chirie", header=HEADER, lines=(LINE,), rhythm=rhythm, catch_up="all", send=True)
        self.run(ScheduleRecurring(recurring_id=recurring_id, reference=reference, plan=plan))
        Billing(self.ledger, self.service).run(recurring_id, context())
        return recurring_id


@pytest.fixture
def life(database: str) -> Iterator[Life]:
    ledger = Ledger(database)
    yield Life(ledger)
    ledger.close()


def test_every_list_equals_the_facts_and_is_rebuilt_the_same(life: Life, database: str) -> None:
    runner = Runner(database)
    proformas = [life.proforma(1), life.proforma(2, "send", "invoice")]
    runner.catch_up()
    proformas += [life.proforma(3, "cancel"), life.proforma(4, "send")]
    weekly = Rhythm(every=1, unit="week", starts_on=date(2026, 11, 2))
    schedules = [life.schedule(1, weekly), life.schedule(2, replace(weekly, count=2)), life.schedule(3, weekly)]
    runner.catch_up()
    life.run(PauseRecurring(recurring_id=schedules[2]))
    other = series_id(ORGANIZATION, "invoice", "CJ")
    life.run(OpenSeries(series_id=other, series=Series(document="invoice", prefix="CJ", decision="Decizia 3")))
    life.run(CloseSeries(series_id=other))
    runner.catch_up()
    assert list(check(database)) == []
    with psycopg.connect(database, autocommit=True) as connection:
        listed = proforma_list.list_proformas(connection, ORGANIZATION, sort="reference").rows
        assert [(row.stream_id, row.state.status) for row in listed] == list(
            zip(proformas, ("draft", "invoiced", "cancelled", "sent"), strict=True)
        )
        assert [row.state for row in listed] == [life.ledger.load(PROFORMA, one).state for one in proformas]
        planned = recurring_list.list_recurring(connection, ORGANIZATION, sort="reference").rows
        assert [row.state for row in planned] == [life.ledger.load(RECURRING, one).state for one in schedules]
        assert [row.state.status for row in planned] == ["active", "ended", "paused"]
        due = recurring_list.due(connection, ORGANIZATION, date(2026, 11, 30))
        assert [one.recurring_id for one in due] == [schedules[0]]
        closed = [row.prefix for row in series_list.list_series(connection, ORGANIZATION) if row.closed_on]
        assert closed == ["CJ"]
        before = [proforma_list.list_proformas(connection, ORGANIZATION), planned]
        rebuild(database)
        assert [
            proforma_list.list_proformas(connection, ORGANIZATION),
            recurring_list.list_recurring(connection, ORGANIZATION, sort="reference").rows,
        ] == before


def test_the_report_finds_a_hole_and_an_order_that_was_turned_round(life: Life, database: str) -> None:
    for reference in range(1, 8):
        life.run(draft_of(reference))
        life.run(send(reference))
    Runner(database).catch_up()
    pushed = (
        "UPDATE izvor.events SET state = convert_to(replace(convert_from(state, 'UTF8'), %s, %s), 'UTF8')"
        " WHERE topic = 'number_series.number_allocated/1' AND convert_from(state, 'UTF8') LIKE %s"
    )
    with psycopg.connect(database, autocommit=True) as connection:
        row = next(one for one in series_list.list_series(connection, ORGANIZATION) if one.prefix == "IZV")
        proof, holes = series_list.prove(connection, ORGANIZATION, row)
        assert (proof.count, proof.first_value, proof.last_value, proof.out_of_order, holes) == (7, 1, 7, 0, [])
        connection.execute("ALTER TABLE izvor.events DISABLE TRIGGER events_are_final")
        for old, new in (('"value":7,', '"value":10,'), ('"value":1,', '"value":3,')):
            connection.execute(pushed, (old, new, f"%{old}%"))
        proof, holes = series_list.prove(connection, ORGANIZATION, row)
    assert [(hole.first_value, hole.last_value) for hole in holes] == [(1, 2), (7, 9)]
    assert (proof.count, proof.distinct_count, proof.last_value) == (7, 6, 10)
    assert proof.out_of_order == 1

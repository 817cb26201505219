from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from invoicing_domain.model.context import Context
from invoicing_domain.model.invoice.commands import DraftInvoice, ReviseDraft, SendInvoice
from invoicing_domain.model.invoice.events import DraftChanged, Drafted, LineAdded, LineChanged, Sent
from invoicing_domain.model.invoice.lines import Line, LineInput
from invoicing_domain.model.reference.vat_rates import ROMANIA, rates_in_force, standard_rate
from invoicing_domain.model.vat import Charge, Vat
from tests.support.facts import INVOICE, SENDING, SERIES, asked, draft_invoice, line_input, opened
from tests.support.sentences import Memory, given, on, refused

LAST_OF_JULY = date(2025, 7, 31)
FIRST_OF_AUGUST = date(2025, 8, 1)
OPEN = on(SERIES, opened())


def by_law(**changes: object) -> LineInput:
    return replace(line_input(vat=Vat("S", Decimal(0))), rate_by_law=True, **changes)  # type: ignore[arg-type]


def on_the(day: date) -> Context:
    return asked(today=day, at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def line_of(command: DraftInvoice, day: date) -> Line:
    [fact] = [fact for fact in Memory().run(command, on_the(day))[0].facts if isinstance(fact, LineAdded)]
    return fact.line


@pytest.mark.parametrize(
    ("day", "rates"),
    [
        (date(2016, 12, 31), None),
        (date(2017, 1, 1), [19, 9, 5]),
        (LAST_OF_JULY, [19, 9, 5]),
        (FIRST_OF_AUGUST, [21, 11, 9]),
        (date(2026, 7, 31), [21, 11, 9]),
        (date(2026, 8, 1), [21, 11]),
    ],
)
def test_rates_are_law_from_their_first_day_to_their_last(day: date, rates: list[int] | None) -> None:
    found = rates_in_force("RO", day)
    assert (None if found is None else [int(rate.percent) for rate in found]) == rates
    assert standard_rate("RO", day) == (None if rates is None else rates[0])


def test_every_rate_has_a_source_and_other_countries_are_not_known() -> None:
    assert all("Cod fiscal art. 291" in rate.source for rate in ROMANIA)
    assert (rates_in_force("DE", FIRST_OF_AUGUST), standard_rate("DE", FIRST_OF_AUGUST)) == (None, None)


def test_a_line_without_a_rate_gets_the_standard_rate_of_its_tax_point() -> None:
    assert line_of(draft_invoice(by_law()), LAST_OF_JULY).vat == Vat("S", Decimal(19))
    assert line_of(draft_invoice(by_law()), FIRST_OF_AUGUST).vat == Vat("S", Decimal(21))
    issued = draft_invoice(by_law(), issue_date=LAST_OF_JULY)
    assert line_of(issued, FIRST_OF_AUGUST).vat == Vat("S", Decimal(19))
    due = draft_invoice(by_law(), issue_date=FIRST_OF_AUGUST, tax_point_date=LAST_OF_JULY)
    assert line_of(due, FIRST_OF_AUGUST).vat == Vat("S", Decimal(19))


def test_a_line_without_a_rate_in_another_category_has_none() -> None:
    reverse = replace(by_law(), vat=Vat("AE", Decimal(0)))
    assert line_of(draft_invoice(reverse), FIRST_OF_AUGUST).vat == Vat("AE", Decimal(0))


def test_a_price_with_vat_contains_the_rate_that_is_law() -> None:
    line = line_of(draft_invoice(by_law(unit_price=Decimal(121), price_includes_vat=True)), FIRST_OF_AUGUST)
    assert (line.unit_price, str(line.net)) == (Decimal(100), "200.00 RON")


def test_a_rate_that_the_table_does_not_know_has_to_be_stated() -> None:
    command = draft_invoice(by_law(), tax_point_date=date(2016, 12, 31))
    given().when(command).then(refused("vat_rate_unknown", tax_point="2016-12-31"))


def test_a_draft_sent_under_a_new_law_takes_its_rate() -> None:
    transport = Charge(description="Transport", vat=Vat("S", Decimal(0)), amount=Decimal(10), rate_by_law=True)
    memory = Memory([OPEN])
    begun = memory.run(draft_invoice(by_law(), line_input(), charges=(transport,)), on_the(LAST_OF_JULY))
    drafted = begun[0].facts[0]
    assert isinstance(drafted, Drafted)
    assert drafted.header.charges[0].vat.rate == 19
    news = memory.run(SendInvoice(invoice_id=INVOICE, sending=SENDING), on_the(FIRST_OF_AUGUST))
    facts = [fact for one in news for fact in one.facts]
    assert [type(fact) for fact in facts[:3]] == [DraftChanged, LineChanged, Sent]
    assert [fact.line.vat.rate for fact in facts if isinstance(fact, LineChanged)] == [21]
    [sent] = [fact for fact in facts if isinstance(fact, Sent)]
    assert [(str(part.rate), str(part.base)) for part in sent.vat_breakdown] == [("21", "410.00 RON")]


def test_a_draft_sent_under_the_law_it_was_drafted_under_is_only_sent() -> None:
    memory = Memory([OPEN])
    memory.run(draft_invoice(by_law()), on_the(FIRST_OF_AUGUST))
    news = memory.run(SendInvoice(invoice_id=INVOICE, sending=SENDING), on_the(date(2025, 8, 2)))
    assert [type(fact) for fact in news[0].facts] == [Sent]


def test_a_new_tax_point_prices_the_lines_that_follow_the_law_anew() -> None:
    memory = Memory()
    memory.run(draft_invoice(by_law(), line_input()), on_the(FIRST_OF_AUGUST))
    change = ReviseDraft(invoice_id=INVOICE, changes={"tax_point_date": LAST_OF_JULY})
    facts = memory.run(change, on_the(FIRST_OF_AUGUST))[0].facts
    assert [fact.line.vat.rate for fact in facts if isinstance(fact, LineChanged)] == [19]


def test_a_rate_that_is_stated_takes_a_line_out_of_the_law() -> None:
    memory = Memory()
    memory.run(draft_invoice(by_law()), on_the(LAST_OF_JULY))
    stated = ReviseDraft(invoice_id=INVOICE, changed=(("1", {"vat": Vat("S", Decimal(9)), "rate_by_law": False}),))
    memory.run(stated, on_the(LAST_OF_JULY))
    later = ReviseDraft(invoice_id=INVOICE, changes={"tax_point_date": FIRST_OF_AUGUST})
    assert [type(fact) for fact in memory.run(later, on_the(FIRST_OF_AUGUST))[0].facts] == [DraftChanged]

from dataclasses import replace
from decimal import Decimal
from typing import Any

from invoicing_domain.model.invoice.commands import HeaderChanges, ReviseDraft
from invoicing_domain.model.invoice.events import Discarded, DraftChanged, LineChanged, LineRemoved
from invoicing_domain.model.invoice.lines import MAX_LINES, LineChanges
from invoicing_domain.model.vat import Vat
from tests.support.facts import (
    BUYER,
    INVOICE,
    TODAY,
    added,
    again,
    drafted,
    header,
    line,
    line_input,
    sent_invoice,
)
from tests.support.sentences import Happened, given, on, refused

DRAFT = on(INVOICE, drafted(), *added(line("1"), line("2", "1", "50.00")))
NOBODY_S_LINE = "9"


def revise(**parts: Any) -> ReviseDraft:
    return replace(ReviseDraft(invoice_id=INVOICE), **parts)


def test_a_change_of_the_header_is_one_fact_with_the_whole_header() -> None:
    changes = HeaderChanges(notes="Urgent", payment_terms_days=15)
    given(DRAFT).when(revise(changes=changes)).then(
        on(INVOICE, DraftChanged(header=header(notes="Urgent", payment_terms_days=15)))
    )


def test_a_change_to_what_is_there_already_is_silent() -> None:
    same = revise(
        changes=HeaderChanges(customer=BUYER, notes=""), changed=(("1", LineChanges(quantity=Decimal("2.00"))),)
    )
    given(DRAFT).when(same).then()


def test_lines_are_changed_removed_and_added_in_this_order() -> None:
    command = revise(
        changed=(("1", LineChanges(quantity=Decimal(3))),), removed=("2",), added=(line_input("1", "7.00"),)
    )
    given(DRAFT).when(command).then(
        on(
            INVOICE,
            LineChanged(line=again(line("1"), quantity=Decimal(3))),
            LineRemoved(line_id="2"),
            *added(line("3", "1", "7.00")),
        )
    )


def test_the_number_of_a_removed_line_is_never_used_again() -> None:
    history = on(INVOICE, *DRAFT.facts, LineRemoved(line_id="2"))
    given(history).when(revise(added=(line_input("1", "7.00"),))).then(on(INVOICE, *added(line("3", "1", "7.00"))))


def test_a_line_changed_in_two_places_of_one_request_gets_both_changes() -> None:
    command = revise(changed=(("1", LineChanges(quantity=Decimal(3))), ("1", LineChanges(unit_price=Decimal("9.00")))))
    given(DRAFT).when(command).then(
        on(INVOICE, LineChanged(line=again(line("1"), quantity=Decimal(3), unit_price=Decimal("9.00"))))
    )


def test_a_line_removed_twice_in_one_request_is_removed_once() -> None:
    given(DRAFT).when(revise(removed=("2", "2"))).then(on(INVOICE, LineRemoved(line_id="2")))


def test_another_currency_prices_every_line_anew() -> None:
    given(DRAFT).when(revise(changes=HeaderChanges(currency="JPY"))).then(
        on(
            INVOICE,
            DraftChanged(header=header(currency="JPY")),
            LineChanged(line=line("1", currency="JPY")),
            LineChanged(line=line("2", "1", "50.00", currency="JPY")),
        )
    )


def test_a_line_that_is_not_there_is_refused() -> None:
    for command in (revise(removed=(NOBODY_S_LINE,)), revise(changed=((NOBODY_S_LINE, LineChanges(details="x")),))):
        given(DRAFT).when(command).then(refused("line_not_found", line_id=NOBODY_S_LINE))


def test_what_would_be_refused_in_a_draft_is_refused_in_its_revision() -> None:
    refusals: list[tuple[ReviseDraft, str]] = [
        (revise(changes=HeaderChanges(currency="XXX")), "currency_unknown"),
        (revise(changes=HeaderChanges(issue_date=TODAY.replace(year=2027))), "issue_date_in_future"),
        (revise(changes=HeaderChanges(payment_terms_days=-1)), "payment_terms_invalid"),
        (revise(changed=(("1", LineChanges(quantity=Decimal(0))),)), "quantity_zero"),
        (revise(changed=(("1", LineChanges(vat=Vat("AE", Decimal(21)))),)), "vat_rate_invalid"),
        (revise(added=(line_input("1", "-1.00"),)), "unit_price_negative"),
        (revise(added=(line_input(),) * (MAX_LINES - 1)), "too_many_lines"),
        (revise(added=(line_input("999999999", "999999999999"),)), "amount_too_large"),
    ]
    for command, code in refusals:
        given(DRAFT).when(command).then(refused(code))


def test_lines_may_be_exchanged_when_the_draft_is_full() -> None:
    lines = tuple(line(str(n), "1", "1.00") for n in range(1, MAX_LINES + 1))
    full = on(INVOICE, drafted(), *added(*lines))
    given(full).when(revise(removed=("7",), added=(line_input("1", "2.00"),))).then(
        on(INVOICE, LineRemoved(line_id="7"), *added(line(str(MAX_LINES + 1), "1", "2.00")))
    )


def test_a_sent_a_discarded_or_an_unknown_invoice_is_not_revised() -> None:
    histories: list[tuple[tuple[Happened, ...], str]] = [
        ((on(INVOICE, *sent_invoice()),), "invoice_already_sent"),
        ((on(INVOICE, drafted(), Discarded()),), "invoice_discarded"),
        ((), "not_found"),
    ]
    for history, code in histories:
        given(*history).when(revise(changes=HeaderChanges(notes="x"))).then(refused(code))


def test_the_refusal_to_edit_a_sent_invoice_names_the_way_out() -> None:
    given(on(INVOICE, *sent_invoice())).when(revise()).then(
        refused("invoice_already_sent", number="IZV000001", way_out="credit-notes")
    )

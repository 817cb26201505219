from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from invoicing_domain.model.customer.commands import RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile, CustomerRegistered
from invoicing_domain.model.invoice.commands import DiscardDraft
from invoicing_domain.model.invoice.decide import draft
from invoicing_domain.model.invoice.events import Discarded
from invoicing_domain.model.invoice.lines import MAX_LINES
from invoicing_domain.model.invoice.state import evolve
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Charge, Discount, Vat
from tests.support.facts import (
    CUSTOMER,
    INVOICE,
    SECOND,
    SENDING,
    SERIES,
    TODAY,
    added,
    allocated,
    asked,
    draft_invoice,
    drafted,
    line,
    line_input,
    opened,
    sent,
    sent_invoice,
)
from tests.support.sentences import given, on, refused


def test_a_draft_begins_with_its_header_and_has_its_lines_numbered_from_one() -> None:
    command = draft_invoice(line_input(), line_input("1", "50.00"), notes="Mulțumim")
    given().when(command).then(on(INVOICE, drafted(notes="Mulțumim"), *added(line(), line("2", "1", "50.00"))))


def test_a_draft_may_be_empty() -> None:
    given().when(draft_invoice()).then(on(INVOICE, drafted()))


def test_drafting_with_sending_sends_in_the_same_step() -> None:
    given(on(SERIES, opened())).when(draft_invoice(line_input(), sending=SENDING)).then(
        on(INVOICE, drafted(), *added(line()), sent(line())), on(SERIES, allocated())
    )


def test_a_buyer_met_for_the_first_time_is_registered_with_the_draft() -> None:
    registers = RegisterCustomer(customer_id=CUSTOMER, reference=1, profile=CustomerProfile(name="Turda SRL"))
    given().when(replace(draft_invoice(), registers=registers)).then(
        on(CUSTOMER, CustomerRegistered(reference=1, profile=CustomerProfile(name="Turda SRL"))),
        on(INVOICE, drafted()),
    )


def test_a_refused_draft_registers_nobody() -> None:
    registers = RegisterCustomer(customer_id=CUSTOMER, reference=1, profile=CustomerProfile(name="Turda SRL"))
    given().when(replace(draft_invoice(currency="ROL"), registers=registers)).then(refused("currency_unknown"))


def test_a_draft_whose_stream_exists_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        draft(evolve(None, drafted()), draft_invoice(), asked())
    assert caught.value.code == "invoice_exists"


@pytest.mark.parametrize("currency", ["ROL", "ron", "", "EURO"])
def test_a_currency_that_is_not_in_use_is_refused(currency: str) -> None:
    given().when(draft_invoice(currency=currency)).then(refused("currency_unknown", currency=currency))


def test_an_issue_date_that_has_not_come_is_refused() -> None:
    given().when(draft_invoice(issue_date=TODAY + timedelta(days=1))).then(refused("issue_date_in_future"))


def test_a_due_date_before_the_issue_date_is_refused() -> None:
    command = draft_invoice(issue_date=TODAY, due_date=TODAY - timedelta(days=1))
    given().when(command).then(refused("due_date_before_issue", due_date="2026-11-22", issue_date="2026-11-23"))


@pytest.mark.parametrize("days", [-1, 3651, 10**9])
def test_terms_that_end_before_the_issue_or_in_another_age_are_refused(days: int) -> None:
    given().when(draft_invoice(payment_terms_days=days)).then(refused("payment_terms_invalid"))


@pytest.mark.parametrize(
    "vat",
    [Vat("S", Decimal(0)), Vat("S", Decimal(-5)), Vat("S", Decimal(101)), Vat("Z", Decimal(5)), Vat("E", Decimal(-5))],
)
def test_a_rate_that_does_not_belong_to_its_category_is_refused(vat: Vat) -> None:
    given().when(draft_invoice(line_input(vat=vat))).then(refused("vat_rate_invalid", category=vat.category))


def test_of_many_lines_and_charges_a_refusal_names_the_one_that_it_is_about() -> None:
    lines = (line_input(), line_input("0.000"))
    given().when(draft_invoice(*lines)).then(refused("quantity_zero", line_id="2"))
    free = Charge(description="Transport", vat=Vat("S", Decimal(0)), amount=Decimal(1))
    given().when(draft_invoice(charges=(replace(free, vat=Vat("S", Decimal(21))), free))).then(
        refused("vat_rate_invalid", charge=2)
    )


def test_a_line_without_quantity_is_refused() -> None:
    given().when(draft_invoice(line_input("0.000"))).then(refused("quantity_zero"))


def test_a_negative_price_is_refused_and_a_negative_quantity_is_not() -> None:
    given().when(draft_invoice(line_input("1", "-5.00"))).then(refused("unit_price_negative"))
    given().when(draft_invoice(line_input("-1", "5.00"))).then(on(INVOICE, drafted(), *added(line("1", "-1", "5.00"))))


@pytest.mark.parametrize(
    "discount",
    [
        Discount(percent=Decimal(10), amount=Decimal(1)),
        Discount(percent=Decimal(-1)),
        Discount(percent=Decimal("100.01")),
        Discount(amount=Decimal(-1)),
        Discount(amount=Decimal("200.01")),
    ],
)
def test_a_discount_that_takes_off_more_than_the_line_or_less_than_nothing_is_refused(discount: Discount) -> None:
    given().when(draft_invoice(line_input(discount=discount))).then(refused("discount_invalid"))


def test_a_discount_of_the_whole_line_is_taken() -> None:
    discount = Discount(amount=Decimal("200.00"))
    given().when(draft_invoice(line_input(discount=discount))).then(
        on(INVOICE, drafted(), *added(line(discount=discount)))
    )


def test_a_discount_of_the_document_is_a_percentage_or_an_amount() -> None:
    both = Discount(percent=Decimal(1), amount=Decimal(1))
    given().when(draft_invoice(line_input(), discount=both)).then(refused("discount_invalid"))


def test_more_lines_than_an_invoice_holds_are_refused() -> None:
    lines = [line_input()] * (MAX_LINES + 1)
    given().when(draft_invoice(*lines)).then(refused("too_many_lines", lines=MAX_LINES + 1))


def test_a_line_too_large_for_any_reader_is_refused() -> None:
    huge = line_input("999999999", "999999999999.99")
    given().when(draft_invoice(huge)).then(refused("amount_too_large"))


def test_lines_that_are_too_large_together_are_refused() -> None:
    large = line_input("1", "9000000000000.00")
    given().when(draft_invoice(large, large)).then(refused("amount_too_large"))


def test_a_claimed_number_that_was_given_out_is_refused() -> None:
    history = (on(SERIES, opened(), allocated(7, SECOND)),)
    given(*history).when(draft_invoice(number_claim=7)).then(refused("number_in_use", claimed=7, next=8))
    given(*history).when(draft_invoice(number_claim=8)).then(on(INVOICE, drafted(number_claim=8)))


def test_a_claim_for_a_series_that_is_not_open_yet_waits_for_sending() -> None:
    given().when(draft_invoice(number_claim=8)).then(on(INVOICE, drafted(number_claim=8)))


def test_a_draft_is_discarded_once() -> None:
    command = DiscardDraft(invoice_id=INVOICE, reason="Comandă anulată")
    discarded = Discarded(reason="Comandă anulată")
    given(on(INVOICE, drafted())).when(command).then(on(INVOICE, discarded))
    given(on(INVOICE, drafted(), discarded)).when(command).then()


def test_a_sent_invoice_is_not_discarded() -> None:
    given(on(INVOICE, *sent_invoice())).when(DiscardDraft(invoice_id=INVOICE)).then(refused("invoice_already_sent"))


def test_an_unknown_invoice_is_not_discarded() -> None:
    given().when(DiscardDraft(invoice_id=INVOICE)).then(refused("not_found"))


def test_terms_of_payment_may_be_immediate() -> None:
    command = draft_invoice(line_input(), sending=SENDING, payment_terms_days=0)
    given(on(SERIES, opened())).when(command).then(
        on(INVOICE, drafted(payment_terms_days=0), *added(line()), sent(line(), due_date=date(2026, 11, 23))),
        on(SERIES, allocated()),
    )

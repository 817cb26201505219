from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.invoice.warnings import WARNING_CODES, warnings_of
from invoicing_domain.model.party import Address
from invoicing_domain.model.vat import Charge, Discount, Vat
from tests.support.facts import (
    BUYER,
    SELLER,
    SENDING,
    SERIES,
    STANDARD,
    TODAY,
    asked,
    draft_invoice,
    line_input,
    opened,
)
from tests.support.sentences import Memory, on
from tests.support.states import invoice_in

OLD = Vat("S", Decimal(19))


def invoice(*lines: LineInput, sending: Any = None, **header: Any) -> Invoice:
    memory = Memory([on(SERIES, opened())])
    memory.run(draft_invoice(*lines, sending=sending, **header), asked())
    return invoice_in(memory)


def codes(*lines: LineInput, home: str = "RO", sending: Any = None, **header: Any) -> list[str]:
    found = warnings_of(invoice(*lines, sending=sending, **header), TODAY, home)
    assert all(notice.code in WARNING_CODES and notice.detail for notice in found)
    return [notice.code for notice in found]


def told(*lines: LineInput, **given: Any) -> str:
    """The one warning there is, in words."""
    (notice,) = warnings_of(invoice(*lines, **given), TODAY)
    return notice.detail


def with_vat(price: str, **more: Any) -> LineInput:
    return replace(line_input("1", price), price_includes_vat=True, **more)


def test_an_ordinary_invoice_warns_of_nothing() -> None:
    assert codes(line_input(), line_input(vat=Vat("AE", Decimal(0))), sending=SENDING) == []
    assert codes() == []


def test_a_seller_without_tax_id_is_told_that_its_vat_needs_one() -> None:
    nameless = replace(SENDING, seller=replace(SELLER, tax_id=None))
    zero = line_input(vat=Vat("Z", Decimal(0)))
    assert codes(line_input(), zero, sending=nameless) == ["seller_tax_id_missing"] * 2
    assert "BR-S-02" in told(line_input(), sending=nameless)
    outside = line_input(vat=Vat("O", Decimal(0)))
    assert codes(outside, sending=nameless, customer=replace(BUYER, tax_id=None)) == []
    assert codes(line_input()) == []


def test_a_rate_not_in_force_on_the_tax_point_is_told_and_not_refused() -> None:
    assert codes(line_input(vat=OLD), sending=SENDING) == ["vat_rate_not_in_force"]
    assert codes(line_input(vat=OLD)) == ["vat_rate_not_in_force"]
    assert codes(line_input(vat=OLD), tax_point_date=date(2025, 7, 31)) == []
    assert codes(line_input(), tax_point_date=date(2025, 7, 31)) == ["vat_rate_not_in_force"]
    transport = Charge(description="Transport", vat=OLD, amount=Decimal(1))
    assert codes(line_input(), charges=(transport,)) == ["vat_rate_not_in_force"]


def test_rates_of_a_seller_elsewhere_or_before_the_table_are_not_questioned() -> None:
    assert codes(line_input(vat=OLD), home="DE") == []
    german = replace(SENDING, seller=replace(SELLER, address=Address(country="DE")))
    assert codes(line_input(vat=OLD), sending=german) == []
    assert codes(line_input(vat=Vat("S", Decimal(24))), tax_point_date=date(2015, 6, 1)) == []


@pytest.mark.parametrize(("rate", "spelled"), [("19.00", "19"), ("5.50", "5.5"), ("20", "20")])
def test_the_rate_is_told_beside_those_of_the_day(rate: str, spelled: str) -> None:
    assert told(line_input(vat=Vat("S", Decimal(rate)))) == (
        f"{spelled} % is not a rate in force on 2026-11-23, the tax point; those are 21, 11"
    )


def test_rates_of_a_sent_invoice_are_those_of_its_day_whenever_it_is_looked_at() -> None:
    assert warnings_of(invoice(line_input(), sending=SENDING), date(2025, 7, 31)) == ()


def test_out_of_scope_beside_a_vat_number_is_told() -> None:
    outside = line_input(vat=Vat("O", Decimal(0)))
    assert codes(outside, sending=SENDING) == ["vat_ids_out_of_scope"]
    unregistered = replace(BUYER, tax_id="18547290")
    assert codes(outside, customer=unregistered) == []
    rule = "outside the scope of VAT (O) a document names no VAT number, this one {} (BR-O-02)"
    assert told(outside) == rule.format("RO18547290")
    assert told(outside, sending=SENDING) == rule.format("RO14399840 and RO18547290")
    assert told(outside, sending=SENDING, customer=unregistered) == rule.format("RO14399840")


def test_prices_with_vat_that_the_total_does_not_meet_are_told() -> None:
    dimes = (with_vat("0.10"),) * 3
    assert codes(*dimes) == ["gross_prices_differ"]
    assert told(*dimes) == (
        "the prices with VAT add up to 0.30 RON, the invoice to 0.29 RON: VAT is rounded once per rate (BR-CO-17)"
    )
    assert codes(with_vat("121.00")) == []
    assert codes(*dimes, line_input()) == []


def test_prices_with_vat_are_held_against_the_total_after_their_own_discounts_and_before_any_other() -> None:
    assert codes(with_vat("121.00", discount=Discount(percent=Decimal(10))), with_vat("0.00")) == []
    dimes = (with_vat("0.10"),) * 3
    assert codes(*dimes, discount=Discount(amount=Decimal("0.01"))) == []
    assert codes(*dimes, charges=(Charge(description="Transport", vat=STANDARD, amount=Decimal(1)),)) == []


def test_what_an_old_client_said_of_the_buyer_is_told() -> None:
    buyer = replace(BUYER, tax_id="RO1", address=Address(city="București", county="RO-B"))
    assert codes(customer=buyer) == ["buyer_tax_id_invalid", "buyer_sector_unknown"]
    assert codes(customer=replace(BUYER, address=Address(county="?"))) == ["buyer_county_unknown"]
    assert codes(customer=replace(BUYER, address=Address(country="XX"))) == ["buyer_country_unknown"]

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.invoice.warnings import WARNING_CODES, warnings_of
from invoicing_domain.model.party import Address
from invoicing_domain.model.vat import Charge, Vat
from tests.support.facts import BUYER, SELLER, SENDING, SERIES, TODAY, asked, draft_invoice, line_input, opened
from tests.support.sentences import Memory, on
from tests.support.states import invoice_in

OLD = Vat("S", Decimal(19))


def codes(*lines: LineInput, home: str = "RO", sending: Any = None, **header: Any) -> list[str]:
    memory = Memory([on(SERIES, opened())])
    memory.run(draft_invoice(*lines, sending=sending, **header), asked())
    found = warnings_of(invoice_in(memory), TODAY, home)
    assert all(notice.code in WARNING_CODES and notice.detail for notice in found)
    return [notice.code for notice in found]


def test_an_ordinary_invoice_warns_of_nothing() -> None:
    assert codes(line_input(), line_input(vat=Vat("AE", Decimal(0))), sending=SENDING) == []
    assert codes() == []


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


def test_out_of_scope_beside_a_vat_number_is_told() -> None:
    outside = line_input(vat=Vat("O", Decimal(0)))
    assert codes(outside, sending=SENDING) == ["vat_ids_out_of_scope"]
    assert codes(outside, customer=replace(BUYER, tax_id="18547290")) == []


def test_prices_with_vat_that_the_total_does_not_meet_are_told() -> None:
    with_vat = replace(line_input("1", "0.10"), price_includes_vat=True)
    assert codes(with_vat, with_vat, with_vat) == ["gross_prices_differ"]
    assert codes(replace(line_input("1", "121.00"), price_includes_vat=True)) == []
    assert codes(with_vat, with_vat, with_vat, line_input()) == []


def test_what_an_old_client_said_of_the_buyer_is_told() -> None:
    buyer = replace(BUYER, tax_id="RO1", address=Address(city="București", county="RO-B"))
    assert codes(customer=buyer) == ["buyer_tax_id_invalid", "buyer_sector_unknown"]
    assert codes(customer=replace(BUYER, address=Address(county="?"))) == ["buyer_county_unknown"]
    assert codes(customer=replace(BUYER, address=Address(country="XX"))) == ["buyer_country_unknown"]

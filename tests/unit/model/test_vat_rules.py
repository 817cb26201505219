from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from invoicing_domain.model.invoice.commands import SendInvoice
from invoicing_domain.model.invoice.events import Sent
from invoicing_domain.model.invoice.guards import MAX_CHARGES
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.vat import Charge, Discount, Exemption, Vat, VatCategory
from tests.support.facts import (
    BUYER,
    EXEMPTION,
    INVOICE,
    REDUCED,
    SELLER,
    SENDING,
    SERIES,
    STANDARD,
    added,
    asked,
    draft_invoice,
    drafted,
    line,
    line_input,
    opened,
    ron,
    totals,
)
from tests.support.sentences import Memory, given, on, refused

SEND = SendInvoice(invoice_id=INVOICE, sending=SENDING)
OPEN = on(SERIES, opened())
GERMAN = replace(BUYER, tax_id="DE811907980", kind="foreign")
DELIVERED = {"delivery_date": date(2026, 11, 20), "delivery_country": "DE"}


def zero_rated(category: VatCategory, exemption: Exemption | None = None) -> LineInput:
    return replace(line_input(vat=Vat(category, Decimal(0))), exemption=exemption)


def sent_of(*lines: LineInput, **header: Any) -> Sent:
    news = Memory([OPEN]).run(draft_invoice(*lines, sending=SENDING, **header), asked())
    [fact] = [fact for one in news for fact in one.facts if isinstance(fact, Sent)]
    return fact


def reasons(fact: Sent) -> dict[str, Exemption | None]:
    return {part.category: part.exemption for part in fact.vat_breakdown}


def test_categories_that_are_their_own_reason_get_its_code() -> None:
    assert reasons(sent_of(zero_rated("AE"))) == {"AE": Exemption(code="VATEX-EU-AE")}
    assert reasons(sent_of(zero_rated("G"))) == {"G": Exemption(code="VATEX-EU-G")}
    assert reasons(sent_of(zero_rated("O"))) == {"O": Exemption(code="VATEX-EU-O")}
    assert reasons(sent_of(zero_rated("K"), customer=GERMAN, **DELIVERED)) == {"K": Exemption(code="VATEX-EU-IC")}
    assert reasons(sent_of(zero_rated("Z"), line_input())) == {"Z": None, "S": None}


def test_a_reason_in_words_stands_beside_the_code_of_its_category() -> None:
    words = Exemption(reason="Taxare inversă, art. 331")
    assert reasons(sent_of(zero_rated("AE", words))) == {"AE": replace(words, code="VATEX-EU-AE")}
    assert reasons(sent_of(zero_rated("E", Exemption(reason="art. 292")))) == {"E": Exemption(reason="art. 292")}


def test_several_rates_and_categories_stand_in_one_invoice() -> None:
    fact = sent_of(
        line_input(),
        line_input("1", "50.00", REDUCED),
        zero_rated("E", EXEMPTION),
        zero_rated("AE"),
        zero_rated("K"),
        zero_rated("G"),
        zero_rated("Z"),
        customer=GERMAN,
        **DELIVERED,
    )
    assert [part.category for part in fact.vat_breakdown] == ["AE", "E", "G", "K", "S", "S", "Z"]
    assert fact.totals == totals("1250.00", "0.00", "1250.00", "47.50", "1297.50")


def test_an_exemption_states_its_reason() -> None:
    without = on(INVOICE, drafted(), *added(replace(line(vat=Vat("E", Decimal(0))), exemption=None)))
    given(without, OPEN).when(SEND).then(refused("exemption_reason_missing", rule="BR-E-10"))


def test_two_reasons_for_one_category_are_refused() -> None:
    lines = (zero_rated("E", EXEMPTION), zero_rated("E", Exemption(code="VATEX-EU-J")))
    given(OPEN).when(draft_invoice(*lines, sending=SENDING)).then(refused("exemption_ambiguous", rule="BR-E-01"))


def test_a_line_beside_the_one_that_states_the_reason_needs_none() -> None:
    assert reasons(sent_of(zero_rated("E", EXEMPTION), zero_rated("E"))) == {"E": EXEMPTION}


@pytest.mark.parametrize(("vat", "rule"), [(STANDARD, "BR-S-10"), (Vat("Z", Decimal(0)), "BR-Z-10")])
def test_what_has_vat_has_no_reason_for_an_exemption(vat: Vat, rule: str) -> None:
    reasoned = replace(line_input(vat=vat), exemption=EXEMPTION)
    given().when(draft_invoice(reasoned)).then(refused("exemption_not_allowed", rule=rule))


@pytest.mark.parametrize(
    ("category", "code"),
    [("E", "VATEX-EU-AE"), ("E", "VATEX-EU-132-1R"), ("AE", "VATEX-EU-IC"), ("K", "VATEX-EU-K"), ("O", "vatex-eu-o")],
)
def test_a_code_that_does_not_belong_to_its_category_is_refused(category: VatCategory, code: str) -> None:
    given().when(draft_invoice(zero_rated(category, Exemption(code=code)))).then(
        refused("exemption_code_unknown", rule="BR-CL-22", exemption_code=code)
    )


def test_a_reason_longer_than_its_field_is_refused() -> None:
    assert reasons(sent_of(zero_rated("E", Exemption(reason="x" * 100))))
    given().when(draft_invoice(zero_rated("E", Exemption(reason="x" * 101)))).then(refused("exemption_reason_too_long"))


def test_what_is_out_of_scope_stands_alone() -> None:
    lines = (zero_rated("O"), line_input(), zero_rated("Z"))
    given(OPEN).when(draft_invoice(*lines, sending=SENDING)).then(
        refused("vat_categories_mixed", rule="BR-O-11", categories=["S", "Z"])
    )
    charge = Charge(description="Transport", vat=STANDARD, amount=Decimal(10))
    given(OPEN).when(draft_invoice(zero_rated("O"), charges=(charge,), sending=SENDING)).then(
        refused("vat_categories_mixed", rule="BR-O-11")
    )


@pytest.mark.parametrize(
    ("category", "tax_id", "rule"),
    [("AE", None, "BR-AE-02"), ("K", "14399840", "BR-IC-02"), ("G", "14399840", "BR-G-02"), ("G", None, "BR-G-02")],
)
def test_the_seller_needs_a_vat_number(category: VatCategory, tax_id: str | None, rule: str) -> None:
    sending = replace(SENDING, seller=replace(SELLER, tax_id=tax_id))
    given(OPEN).when(draft_invoice(zero_rated(category), sending=sending)).then(
        refused("seller_vat_id_missing", rule=rule, category=category)
    )


@pytest.mark.parametrize(
    ("category", "tax_id", "rule"), [("AE", None, "BR-AE-02"), ("K", None, "BR-IC-02"), ("K", "811907980", "BR-IC-02")]
)
def test_the_buyer_needs_a_vat_number(category: VatCategory, tax_id: str | None, rule: str) -> None:
    buyer = replace(BUYER, tax_id=tax_id)
    given(OPEN).when(draft_invoice(zero_rated(category), customer=buyer, sending=SENDING)).then(
        refused("buyer_vat_id_missing", rule=rule, category=category)
    )


def test_an_export_needs_no_vat_number_of_the_buyer_and_a_reverse_charge_is_content_with_a_register() -> None:
    nobody = replace(BUYER, tax_id=None)
    assert sent_of(zero_rated("G"), customer=nobody).customer == nobody
    registered = replace(nobody, legal_registration="J12/345/2010")
    assert sent_of(zero_rated("AE"), customer=registered).customer == registered
    unprefixed = replace(SENDING, seller=replace(SELLER, tax_id="14399840"))
    assert Memory([OPEN]).run(draft_invoice(zero_rated("AE"), sending=unprefixed), asked())


def test_goods_for_another_member_state_say_when_and_where_they_went() -> None:
    def send_to(**header: Any) -> object:
        return draft_invoice(zero_rated("K"), customer=GERMAN, sending=SENDING, **header)

    given(OPEN).when(send_to(delivery_country="DE")).then(
        refused("delivery_missing", rule="BR-IC-11", field="delivery_date")
    )
    given(OPEN).when(send_to(delivery_date=date(2026, 11, 20))).then(
        refused("delivery_missing", rule="BR-IC-12", field="delivery_country")
    )


def test_a_country_of_delivery_is_one_of_the_list() -> None:
    given().when(draft_invoice(delivery_country="XX")).then(refused("country_unknown", delivery_country="XX"))


def test_charges_and_discount_meet_in_the_totals() -> None:
    charges = (
        Charge(description="Transport", vat=STANDARD, amount=Decimal("15.50")),
        Charge(description="Ambalaj", vat=REDUCED, percent=Decimal("2.5")),
    )
    fact = sent_of(line_input(), charges=charges, discount=Discount(percent=Decimal(10)))
    assert fact.charges == (ron("15.50"), ron("5.00"))
    assert fact.totals == totals("200.00", "20.00", "200.50", "41.61", "242.11")
    assert fact.totals.charges == ron("20.50")
    assert [(str(part.rate), str(part.base), str(part.vat)) for part in fact.vat_breakdown] == [
        ("21", "195.50 RON", "41.06 RON"),
        ("11", "5.00 RON", "0.55 RON"),
    ]


@pytest.mark.parametrize(
    "charge",
    [
        Charge(description=" ", vat=STANDARD, amount=Decimal(1)),
        Charge(description="Transport", vat=STANDARD),
        Charge(description="Transport", vat=STANDARD, amount=Decimal(1), percent=Decimal(1)),
        Charge(description="Transport", vat=STANDARD, amount=Decimal(-1)),
        Charge(description="Transport", vat=STANDARD, percent=Decimal(-1)),
        Charge(description="Transport", vat=STANDARD, percent=Decimal("100.01")),
    ],
)
def test_a_charge_says_what_it_is_for_and_adds_something(charge: Charge) -> None:
    given().when(draft_invoice(charges=(charge,))).then(refused("charge_invalid"))


def test_the_rate_and_the_reason_of_a_charge_are_judged_like_those_of_a_line() -> None:
    wrong_rate = Charge(description="Transport", vat=Vat("S", Decimal(0)), amount=Decimal(1))
    given().when(draft_invoice(charges=(wrong_rate,))).then(refused("vat_rate_invalid"))
    reasoned = replace(wrong_rate, vat=STANDARD, exemption=EXEMPTION)
    given().when(draft_invoice(charges=(reasoned,))).then(refused("exemption_not_allowed"))


def test_more_charges_than_an_invoice_holds_are_refused() -> None:
    charge = Charge(description="Transport", vat=STANDARD, amount=Decimal(1))
    given().when(draft_invoice(charges=(charge,) * (MAX_CHARGES + 1))).then(refused("too_many_charges", charges=51))


def test_a_price_with_vat_gives_the_net_of_the_line_and_is_kept_as_it_was_given() -> None:
    gross = replace(line_input("3", "9.99"), price_includes_vat=True)
    fact = Memory().run(draft_invoice(gross), asked())[0].facts[1]
    recorded = fact.line  # type: ignore[attr-defined]
    assert (recorded.gross_price, recorded.unit_price) == (Decimal("9.99"), Decimal("8.256198"))
    assert recorded.net == ron("24.77")
    half = replace(gross, discount=Discount(amount=Decimal("9.99")))
    recorded = Memory().run(draft_invoice(half), asked())[0].facts[1].line  # type: ignore[attr-defined]
    assert recorded.net == ron("16.51")

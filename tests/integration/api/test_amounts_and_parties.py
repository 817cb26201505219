"""Charges, prices with VAT, categories, dated rates and parties, as clients write them."""

from typing import Any

import pytest

from invoicing_domain.model.party import Address
from tests.support.house import Company, House, good, line, refused

EXEMPT = {"category": "E", "exemption_code": "VATEX-EU-132-1I", "exemption_reason": "art. 292 (1) f)"}
TRANSPORT = {"description": "Transport", "amount": "15.50", "vat": {"rate": "21"}}
PACKING = {"description": "Ambalaj", "percent": "2.5", "vat": {"rate": "11"}}
GERMAN = {"name": "Nordwind GmbH", "kind": "foreign", "tax_id": "de 811 907 980", "address": {"country": "DE"}}


def test_charges_stand_in_the_totals_and_are_credited_by_their_id(company: Company) -> None:
    sent = company.sent(charges=[TRANSPORT, PACKING], discount={"percent": "10"})
    assert sent["charges"] == [
        {"id": "C1", "description": "Transport", "percent": None, "amount": "15.50", "vat": vat("21")},
        {"id": "C2", "description": "Ambalaj", "percent": "2.5", "amount": "5.00", "vat": vat("11")},
    ]
    assert figures(sent["totals"]) == ("200.00", "20.00", "20.50", "200.50", "41.61", "242.11")
    listed = good(company.admin.get("/invoices", after=str(sent["position"])))["data"][0]
    assert listed["totals"] == sent["totals"]
    body = {"reason": "Transport necuvenit", "lines": [{"line_id": "C1", "quantity": "1"}]}
    note = good(company.admin.post(f"/invoices/{sent['id']}/credit-notes", body), 201)["credit_note"]
    assert figures(note["totals"]) == ("0.00", "0.00", "15.50", "15.50", "3.26", "18.76")
    rest = company.credit(sent)["credit_note"]
    assert figures(rest["totals"]) == ("200.00", "20.00", "5.00", "185.00", "38.35", "223.35")
    assert [one["line_id"] for one in rest["lines"]] == ["1", "C2"]


def vat(rate: str, category: str = "S") -> dict[str, str]:
    return {"category": category, "rate": rate}


def figures(totals: dict[str, str]) -> tuple[str, ...]:
    return tuple(totals[name] for name in ("lines_net", "discount", "charges", "net", "vat", "gross"))


def test_a_draft_takes_other_charges_and_dates_by_patch(company: Company) -> None:
    draft = company.draft(charges=[TRANSPORT])
    change = {"charges": [PACKING], "delivery_date": "2026-01-31", "delivery_country": "RO", "tax_point_date": None}
    changed = good(company.admin.patch(f"/invoices/{draft['id']}", change))
    assert [one["description"] for one in changed["charges"]] == ["Ambalaj"]
    assert (changed["delivery_date"], changed["delivery_country"]) == ("2026-01-31", "RO")
    emptied = good(company.admin.patch(f"/invoices/{draft['id']}", {"charges": []}))
    assert figures(emptied["totals"]) == ("200.00", "0.00", "0.00", "200.00", "42.00", "242.00")
    wrong = {"charges": [TRANSPORT, {**PACKING, "amount": "1"}]}
    refused(company.admin.patch(f"/invoices/{draft['id']}", wrong), 422, "validation_failed", "/charges/1")


def test_a_price_with_vat_is_answered_net_and_as_it_was_given(company: Company) -> None:
    draft = company.draft(line("3", "9.99", price_includes_vat=True))
    one = draft["lines"][0]
    assert (one["unit_price"], one["gross_unit_price"], one["price_includes_vat"]) == ("8.256198", "9.99", True)
    assert (one["net"], draft["totals"]["gross"]) == ("24.77", "29.97")
    cheaper = good(company.admin.patch(f"/invoices/{draft['id']}/lines/1", {"unit_price": "12.10"}))
    assert (cheaper["lines"][0]["unit_price"], cheaper["lines"][0]["net"]) == ("10.000000", "30.00")
    net = good(company.admin.patch(f"/invoices/{draft['id']}/lines/1", {"price_includes_vat": False}))
    assert (net["lines"][0]["unit_price"], net["lines"][0]["gross_unit_price"]) == ("12.10", None)


def test_a_rate_that_is_left_out_is_the_standard_rate_of_the_tax_point(company: Company) -> None:
    lawful = {**line(), "vat": {}}
    assert company.draft(lawful)["lines"][0]["vat"] == vat("21")
    old = company.draft(lawful, tax_point_date="2025-07-31")
    assert (old["lines"][0]["vat"], old["tax_point_date"], old["warnings"]) == (vat("19"), "2025-07-31", [])
    moved = good(company.admin.patch(f"/invoices/{old['id']}", {"tax_point_date": "2025-08-01"}))
    assert moved["lines"][0]["vat"] == vat("21")
    more = good(company.admin.post(f"/invoices/{old['id']}/lines", lawful), 201)
    assert more["lines"][1]["vat"] == vat("21")
    stated = good(company.admin.patch(f"/invoices/{old['id']}/lines/2", {"vat": {"rate": "11"}}))
    assert stated["lines"][1]["vat"] == vat("11")
    ancient = {"customer": {"name": "Client SRL"}, "lines": [lawful], "tax_point_date": "2016-12-31"}
    refused(company.admin.post("/invoices", ancient), 422, "vat_rate_unknown")


def test_a_seller_from_elsewhere_states_its_rates(house: House) -> None:
    abroad = house.company(tax_id="DE811907980", address=Address(country="DE", city="Hamburg"))
    body = {"customer": {"name": "Client SRL"}, "lines": [line(), {**line(), "vat": {}}]}
    refused(abroad.admin.post("/invoices", body), 422, "validation_failed", "/lines/1/vat/rate")
    assert abroad.draft(line(rate="19"))["warnings"] == []


def test_an_old_rate_is_taken_with_a_warning_before_and_after_sending(company: Company) -> None:
    draft = company.draft(line(rate="19"))
    sent = good(company.admin.post(f"/invoices/{draft['id']}/send"))
    for shown in (draft, sent, good(company.admin.get(f"/invoices/{sent['id']}"))):
        assert [warning["code"] for warning in shown["warnings"]] == ["vat_rate_not_in_force"]
        assert "21, 11" in shown["warnings"][0]["detail"]


def test_categories_explain_themselves_in_the_breakdown(company: Company) -> None:
    reverse = {**line(), "vat": {"category": "AE"}}
    sent = company.sent(line(), {**line(), "vat": EXEMPT}, reverse)
    assert sent["vat_breakdown"] == [
        {**vat("0", "AE"), "base": "200.00", "vat": "0.00", "exemption_code": "VATEX-EU-AE"},
        {**vat("0"), **EXEMPT, "base": "200.00", "vat": "0.00"},
        {**vat("21"), "base": "200.00", "vat": "42.00"},
    ]
    assert sent["lines"][1]["vat"] == {**EXEMPT, "rate": "0"}


@pytest.mark.parametrize(
    ("lines", "more", "code", "rule"),
    [
        ([{"category": "E"}], {}, "exemption_reason_missing", "BR-E-10"),
        ([{"category": "O"}, {"rate": "21"}], {}, "vat_categories_mixed", "BR-O-11"),
        ([{"category": "AE"}], {"customer": {"name": "Ana Pop", "kind": "person"}}, "buyer_vat_id_missing", "BR-AE-02"),
        ([{"category": "K"}], {}, "delivery_missing", "BR-IC-11"),
        ([{"category": "K"}], {"delivery_date": "2026-01-31"}, "delivery_missing", "BR-IC-12"),
    ],
)
def test_a_category_whose_conditions_are_not_met_is_refused_at_sending(
    company: Company, lines: list[dict[str, str]], more: dict[str, Any], code: str, rule: str
) -> None:
    draft = company.draft(*({**line(), "vat": one} for one in lines), **more)
    problem = refused(company.admin.post(f"/invoices/{draft['id']}/send"), 422, code)
    assert problem["facts"]["rule"] == rule
    assert good(company.admin.get(f"/invoices/{draft['id']}"))["status"] == "draft"


def test_goods_for_another_member_state_are_sent_with_their_delivery(company: Company) -> None:
    delivery = {"delivery_date": company.days_ago(2), "delivery_country": "DE"}
    sent = company.sent({**line(), "vat": {"category": "K"}}, customer=GERMAN, **delivery)
    assert sent["vat_breakdown"][0]["exemption_code"] == "VATEX-EU-IC"
    assert sent["customer"]["tax_id"] == "DE811907980"


WRONG = {
    "name": "Client SRL",
    "tax_id": "RO14399841",
    "ibans": ["RO49AAAA1B31007593840000", "RO49AAAA1B31007593840001"],
    "address": {"county": "Moldova", "city": "Iași"},
}
POINTERS = ["/tax_id", "/ibans/1", "/address/county"]


def pointers(problem: dict[str, Any]) -> list[str]:
    return [error["pointer"] for error in problem["errors"]]


def test_every_fault_of_a_party_is_told_with_its_field(company: Company) -> None:
    admin = company.admin
    assert pointers(refused(admin.post("/customers", WRONG), 422, "validation_failed")) == POINTERS
    inline = refused(admin.post("/invoices", {"customer": WRONG}), 422, "validation_failed")
    assert pointers(inline) == [f"/customer{pointer}" for pointer in POINTERS]
    assert [error["code"] for error in inline["errors"]] == ["tax_id_invalid", "iban_invalid", "county_unknown"]
    settings = refused(admin.patch("/organization", {"tax_id": "14399841"}), 422, "validation_failed", "/tax_id")
    assert "CUI" in settings["detail"]
    refused(admin.patch("/organization", {"address": {"country": "XX"}}), 422, "validation_failed", "/address/country")
    sector = {"name": "Client SRL", "address": {"county": "B", "city": "București"}}
    refused(admin.post("/customers", sector), 422, "validation_failed", "/address/city")


def test_parties_are_answered_in_their_one_spelling(company: Company) -> None:
    given = {
        "name": "Client SRL",
        "tax_id": "ro 18547290",
        "ibans": ["ro49 aaaa 1b31 0075 9384 0000"],
        "address": {"county": "București", "city": "Sector 3"},
        "phone": "+40 21 000 000",
        "contact_name": "Ana Pop",
        "identifier": "C-4471",
        "legal_registration": "J40/1/2020",
    }
    customer = good(company.admin.post("/customers", given), 201)
    assert (customer["tax_id"], customer["ibans"]) == ("RO18547290", ["RO49AAAA1B31007593840000"])
    assert (customer["address"]["county"], customer["address"]["city"]) == ("RO-B", "SECTOR3")
    buyer = company.sent(customer_id=customer["id"])["customer"]
    for field in ("phone", "contact_name", "identifier", "legal_registration"):
        assert customer[field] == buyer[field] == given[field]
    seller = {"legal_registration": "J12/345/2010", "phone": "+40 264 595 000", "address": {"county": "Cluj"}}
    organization = good(company.admin.patch("/organization", seller))
    assert (organization["legal_registration"], organization["address"]["county"]) == ("J12/345/2010", "RO-CJ")
    sent = company.sent(customer_id=customer["id"])["seller"]
    assert (sent["legal_registration"], sent["phone"]) == ("J12/345/2010", "+40 264 595 000")


def test_a_patch_is_judged_by_what_it_changes(company: Company) -> None:
    person = company.customer("Ana Pop", kind="person", tax_id="1800101221144")
    here = f"/customers/{person['id']}"
    refused(company.admin.patch(here, {"tax_id": "14399840"}), 422, "validation_failed", "/tax_id")
    as_public = good(company.admin.patch(here, {"kind": "public", "tax_id": "CUI 4322637"}))
    assert (as_public["kind"], as_public["tax_id"]) == ("public", "4322637")
    refused(company.admin.patch(here, {"kind": "person"}), 422, "validation_failed", "/tax_id")
    assert (
        good(company.admin.patch(here, {"address": {"county": "CJ", "city": "Turda"}}))["address"]["county"] == "RO-CJ"
    )


def test_a_change_of_a_part_of_an_address_leaves_the_rest(company: Company) -> None:
    address = {"street": "Str. Fabricii 12", "city": "Turda", "county": "RO-CJ", "postal_code": "401001"}
    customer = company.customer(address=address)
    path = f"/customers/{customer['id']}"
    changed = good(company.admin.patch(path, {"address": {"street": "Str. Nouă 1"}}))
    assert changed["address"] == customer["address"] | {"street": "Str. Nouă 1"}
    refused(company.admin.patch(path, {"address": {"county": "RO-XX"}}), 422, "validation_failed", "/address/county")
    seller = good(company.admin.patch("/organization", {"address": {"postal_code": "400002"}}))
    assert (seller["address"]["city"], seller["address"]["postal_code"]) == ("Cluj-Napoca", "400002")


def test_a_date_that_has_not_come_is_refused_at_its_field(company: Company) -> None:
    tomorrow = company.days_ago(-1)
    draft = {"customer": {"name": "Ana"}, "issue_date": tomorrow}
    refused(company.admin.post("/invoices", draft), 422, "issue_date_in_future", "/issue_date")
    paid = {"amount": "1.00", "date": tomorrow, "method": "cash"}
    path = f"/invoices/{company.sent()['id']}/payments"
    refused(company.admin.post(path, paid), 422, "date_in_future", "/date")

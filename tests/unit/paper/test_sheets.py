"""What papers say: finished words and figures, everything that the law wants, nothing that it does not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import msgspec

from invoicing_domain.model.invoice.events import OrderReference
from invoicing_domain.model.party import Address, Buyer
from invoicing_domain.model.proforma.events import ProformaDrafted
from invoicing_domain.model.proforma.state import evolve as evolve_proforma
from invoicing_domain.model.vat import Charge, Discount, Exemption, Vat
from invoicing_domain.paper.sheet import Entry, Sheet
from invoicing_domain.paper.sheets import credit_note_sheet, invoice_sheet, proforma_sheet
from invoicing_domain.paper.words import WORDS
from tests.support.facts import EXEMPT, EXEMPTION, REDUCED, STANDARD, TODAY
from tests.support.papers import ABROAD, BNR, BUYER, SELLER, a_draft, a_line, credited, sent

TRANSPORT = Charge(description="Transport", vat=STANDARD, amount=Decimal(20))


def told(entries: tuple[Entry, ...]) -> dict[str, str]:
    return {entry.label: entry.value for entry in entries}


def on_paper(*lines: object, **more: object) -> Sheet:
    return invoice_sheet(sent(*lines, **more), SELLER, TODAY)  # type: ignore[arg-type]


def test_an_invoice_says_who_what_and_when() -> None:
    sheet = on_paper()
    assert (sheet.title, sheet.number, sheet.watermark) == ("Factură", "IZV000117", "")
    assert told(sheet.dates) == {"Data emiterii": "23 noiembrie 2026", "Scadență": "23 decembrie 2026"}
    assert sheet.seller.name == "Atelierul de Lumină SRL"
    assert sheet.seller.lines == ("Str. Memorandumului 21", "400114 Cluj-Napoca, Cluj")
    assert told(sheet.seller.entries) == {"CIF": "RO14399840", "Reg. com.": "J12/345/2010"}
    assert sheet.buyer.name == "Fundația „Întâlnirea Științei”"
    assert sheet.buyer.lines == ("Bd. Ștefan cel Mare 105", "540026 Târgu Mureș, Mureș")
    assert told(sheet.buyer.entries) == {"CIF": "RO18547290", "Reg. com.": "J26/118/2004"}
    assert sheet.imprint == "Atelierul de Lumină SRL  ·  CIF RO14399840  ·  +40 264 595 000  ·  facturi@atelier.example"
    assert sheet.closing == "Valabilă fără semnătură și ștampilă (art. 319 alin. (29) din Codul fiscal)."


def test_how_to_reach_the_buyer_is_nobody_else_s_business() -> None:
    said = msgspec.json.encode(on_paper()).decode()
    for private in (BUYER.email, BUYER.phone, BUYER.contact_name):
        assert private
        assert private not in said


def test_a_person_who_gave_no_personal_code_has_none_on_paper() -> None:
    person = replace(BUYER, kind="person", tax_id="0000000000000", legal_registration=None)
    assert on_paper(buyer=person).buyer.entries == ()


def test_a_line_says_quantity_unit_price_vat_and_net() -> None:
    sheet = on_paper(
        a_line("Cablu", "350.5", "4.125", unit="MTR", details=" Lot 7 "),
        a_line("Proiector", "12", "389.90", REDUCED, unit="H87", discount=Discount(percent=Decimal("12.5"))),
        a_line("Altceva", "1", "100", unit="X9", discount=Discount(amount=Decimal("1.5"))),
    )
    cable, lamp, other = sheet.items
    assert (cable.position, cable.description, cable.details) == ("1", "Cablu", ("Lot 7",))
    assert (cable.quantity, cable.unit, cable.price, cable.vat, cable.net) == (
        *("350,5", "m", "4,125", "21\u00a0%", "1.445,81"),
    )
    assert (lamp.unit, lamp.price, lamp.vat, lamp.net) == ("buc", "389,90", "11\u00a0%", "4.093,95")
    assert lamp.details == ("Reducere 12,5\u00a0%",)
    assert (other.unit, other.details) == ("X9", ("Reducere 1,50\u00a0RON",))


def test_each_line_knows_what_a_page_that_ends_after_it_carries_over() -> None:
    sheet = on_paper(a_line(price="450"), a_line(price="10"), a_line(price="0.01"))
    assert [item.carried for item in sheet.items] == ["900,00", "920,00", "920,02"]


def test_sums_lead_from_the_lines_to_the_gross() -> None:
    assert told(on_paper().sums) == {"Total fără TVA": "900,00", "TVA": "189,00"}
    assert on_paper().total == Entry(label="Total de plată", value="1.089,00\u00a0RON")
    sheet = on_paper(discount=Discount(percent=Decimal(10)), charges=(TRANSPORT,))
    assert told(sheet.sums) == {
        "Total linii": "900,00",
        "Reducere": "\u221290,00",
        "Transport": "20,00",
        "Total fără TVA": "830,00",
        "TVA": "174,30",
    }
    assert sheet.total.value == "1.004,30\u00a0RON"


def test_vat_is_broken_down_by_category_and_rate_with_the_reason_why_none_is_charged() -> None:
    sheet = on_paper(
        a_line(price="100"),
        a_line(price="50", vat=REDUCED),
        a_line(price="10", vat=Vat("AE", Decimal(0))),
        a_line(price="5", vat=EXEMPT, exemption=EXEMPTION),
    )
    assert [(row.name, row.base, row.vat) for row in sheet.vat_rows] == [
        ("Taxare inversă", "20,00", "0,00"),
        ("Scutit de TVA", "10,00", "0,00"),
        ("TVA 21\u00a0%", "200,00", "42,00"),
        ("TVA 11\u00a0%", "100,00", "11,00"),
    ]
    assert [item.vat for item in sheet.items] == ["21\u00a0%", "11\u00a0%", "tax. inversă", "scutit"]
    assert sheet.mentions == ("Taxare inversă", "Scutit de TVA: Cod fiscal art. 292 (1) f): învățământ")


def test_a_seller_who_owes_vat_when_it_is_paid_says_so_where_there_is_vat() -> None:
    seller = replace(SELLER, cash_accounting=True)
    assert on_paper(seller=seller).mentions == ("TVA la încasare",)
    assert on_paper(a_line(vat=Vat("AE", Decimal(0))), seller=seller).mentions == ("Taxare inversă",)


def test_an_exemption_without_a_reason_is_told_by_its_code() -> None:
    sheet = on_paper(a_line(vat=EXEMPT, exemption=Exemption(code="VATEX-EU-132-1I")))
    assert sheet.mentions == ("Scutit de TVA (VATEX-EU-132-1I)",)


def test_a_supply_to_another_member_state_in_euro_says_it_all_in_english_and_vat_in_lei() -> None:
    sheet = on_paper(
        a_line(vat=Vat("K", Decimal(0)), currency="EUR", price="1234.5"),
        buyer=ABROAD,
        exchange=BNR,
        delivery_date=date(2026, 11, 19),
        delivery_country="DE",
        tax_point_date=date(2026, 11, 18),
        order=OrderReference(id="o-1", number="PO-117", date=date(2026, 11, 2)),
        buyer_reference="Lichthof",
    )
    assert (sheet.language, sheet.title, sheet.buyer.lines[-1]) == ("en", "Invoice", "Germany")
    assert told(sheet.dates) == {
        "Issue date": "23 November 2026",
        "Due date": "23 December 2026",
        "Tax point": "18 November 2026",
        "Delivery date": "19 November 2026, Germany",
        "Order": "PO-117, 2 November 2026",
        "Your reference": "Lichthof",
    }
    assert sheet.mentions == ("Intra-Community supply exempt from VAT (art. 138 of Directive 2006/112/EC)",)
    assert sheet.total == Entry(label="Total due", value="2,469.00\u00a0EUR")
    assert sheet.in_base is not None
    assert sheet.in_base.title == "Equivalent in RON"
    assert told(sheet.in_base.entries) == {"Total excluding VAT": "12,570.17", "VAT": "0.00", "Total": "12,570.17"}
    assert sheet.in_base.rate == "BNR rate of 20 November 2026: 1 EUR = 5.0912 RON"


def test_a_rate_that_somebody_gave_is_not_said_to_be_of_the_national_bank() -> None:
    sheet = on_paper(a_line(currency="EUR"), exchange=replace(BNR, source="given", rate=Decimal("5.12345")))
    assert sheet.in_base is not None
    assert sheet.in_base.rate == "Curs de schimb din 20 noiembrie 2026: 1 EUR = 5,12345 RON"


def test_currencies_without_decimals_have_none() -> None:
    sheet = on_paper(a_line(currency="JPY", price="1500"), exchange=replace(BNR, rate=Decimal("0.029")))
    assert (sheet.items[0].price, sheet.items[0].net, sheet.total.value) == ("1.500", "3.000", "3.630\u00a0JPY")


def test_it_says_where_to_pay_and_under_which_reference() -> None:
    payment = on_paper().payment
    assert payment is not None
    assert told(payment.accounts) == {"IBAN": "RO49 AAAA 1B31 0075 9384 0000"}
    assert told(payment.entries) == {"Referința plății": "IZV000117"}
    assert payment.code is None, "there is no code for transfers in lei"
    agreed = on_paper(payment_reference="CTR-118/7").payment
    assert agreed is not None
    assert told(agreed.entries) == {"Referința plății": "CTR-118/7"}


def test_a_transfer_in_euro_has_the_code_of_the_european_payments_council() -> None:
    payment = on_paper(a_line(currency="EUR", price="10.5"), exchange=BNR).payment
    assert payment is not None
    assert payment.code is not None
    assert payment.code.payload.split("\n") == [
        *("BCD", "002", "1", "SCT", "", "Atelierul de Lumină SRL", "RO49AAAA1B31007593840000", "EUR25.41"),
        *("", "", "IZV000117"),
    ]
    assert not payment.code.is_link


def test_a_page_to_pay_on_is_preferred_to_a_transfer() -> None:
    euro = sent(a_line(currency="EUR"), exchange=BNR)
    payment = invoice_sheet(euro, SELLER, TODAY, link="https://pay.example/t/9").payment
    assert payment is not None
    assert payment.code is not None
    assert (payment.code.payload, payment.code.is_link) == ("https://pay.example/t/9", True)


def test_where_nothing_is_to_be_paid_or_nobody_says_how_there_is_no_word_of_it() -> None:
    assert on_paper(a_line(price="0")).payment is None
    assert on_paper(seller=replace(SELLER, ibans=())).payment is None


def test_a_credit_note_takes_back_in_figures_with_a_minus_and_names_the_invoice() -> None:
    invoice = sent(
        a_line("Proiector", "12", "100", discount=Discount(percent=Decimal(10))),
        a_line("Montaj", "1", "50", discount=Discount(amount=Decimal(5))),
        discount=Discount(percent=Decimal(10)),
        charges=(TRANSPORT,),
    )
    sheet = credit_note_sheet(credited(invoice, ("1", "2"), ("2", "1"), ("C1", "1")), invoice)
    assert (sheet.title, sheet.number) == ("Notă de creditare", "IZC000001")
    assert sheet.subtitle == (
        "Stornează factura IZV000117 din 23 noiembrie 2026 (art. 330 din Codul fiscal).",
        "Motiv: Marfă returnată",
    )
    lamp, mounting = sheet.items
    assert (lamp.quantity, lamp.price, lamp.net, lamp.details) == ("−2", "100,00", "−180,00", ("Reducere 10\u00a0%",))
    assert (mounting.quantity, mounting.net, mounting.details) == ("−1", "−45,00", ())
    assert told(sheet.sums) == {
        "Total linii": "−225,00",
        "Reducere": "22,50",
        "Transport": "−20,00",
        "Total fără TVA": "−222,50",
        "TVA": "−46,73",
    }
    assert sheet.total == Entry(label="Total storno", value="−269,23\u00a0RON")
    assert [(row.base, row.vat) for row in sheet.vat_rows] == [("−222,50", "−46,73")]
    assert sheet.payment is None


def test_a_credit_note_gives_back_in_lei_too() -> None:
    invoice = sent(a_line(currency="EUR"), exchange=BNR)
    sheet = credit_note_sheet(credited(invoice), invoice)
    assert sheet.in_base is not None
    assert [entry.value for entry in sheet.in_base.entries] == ["−4.582,08", "−962,24", "−5.544,32"]


def test_a_draft_is_marked_as_one_and_has_no_number() -> None:
    sheet = invoice_sheet(a_draft(), SELLER, TODAY)
    assert (sheet.number, sheet.watermark, sheet.closing) == ("", "CIORNĂ", "")
    assert told(sheet.dates) == {"Data emiterii": "23 noiembrie 2026"}
    assert invoice_sheet(a_draft(buyer=ABROAD), SELLER, TODAY).watermark == "DRAFT"


def test_a_proforma_says_that_it_is_no_invoice() -> None:
    draft = a_draft()
    proforma = evolve_proforma(None, ProformaDrafted(reference=1, header=draft.header, lines=draft.lines))
    sheet = proforma_sheet(proforma, SELLER, TODAY)
    assert sheet.title == "Factură proformă"
    assert sheet.subtitle == ("Document fără valoare fiscală: nu este factură și nu dă drept de deducere a TVA.",)
    assert sheet.total.value == "1.089,00\u00a0RON"


def test_names_stay_on_one_line_and_read_as_they_are_written() -> None:
    tricky = Buyer(customer_id="c", name="ACME\u202e LRS\n SRL", address=Address(street="Str.\tMare 1", country="XX"))
    block = on_paper(buyer=tricky).buyer
    assert (block.name, block.lines) == ("ACME LRS SRL", ("Str. Mare 1", "XX"))


def test_a_seller_abroad_is_not_told_romanian_law() -> None:
    seller = replace(SELLER, address=Address(city="Chișinău", country="MD"))
    assert on_paper(seller=seller).closing == ""


def test_both_languages_have_a_word_for_the_same_things() -> None:
    romanian, english = WORDS["ro"], WORDS["en"]
    for table in ("categories", "groups", "mentions", "units"):
        assert getattr(romanian, table).keys() == getattr(english, table).keys()

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from invoicing_domain.model.identity import series_id
from invoicing_domain.model.invoice.events import Origin
from invoicing_domain.model.number_series.events import Series
from invoicing_domain.model.proforma.commands import CancelProforma, DraftProforma, InvoiceProforma, SendProforma
from invoicing_domain.model.proforma.events import ProformaCancelled, ProformaDrafted, ProformaInvoiced, ProformaSent
from invoicing_domain.model.proforma.state import Proforma, evolve
from invoicing_domain.model.vat import Charge, Discount
from tests.support import facts
from tests.support.facts import INVOICE, ORGANIZATION, PROFORMA, TODAY, added, drafted, header, line
from tests.support.sentences import given, on, refused

IZP = Series(document="proforma", prefix="IZP")
NUMBERS = series_id(ORGANIZATION, "proforma", "IZP")
SEND = SendProforma(proforma_id=PROFORMA, series="IZP", seller=facts.SELLER, default_terms_days=30, opens=True)
INVOICED = InvoiceProforma(proforma_id=PROFORMA, invoice_id=INVOICE, reference=1)


def begun(*lines: Any, **changes: Any) -> ProformaDrafted:
    return ProformaDrafted(reference=1, header=header(**changes), lines=lines or (line(),))


def numbered() -> ProformaSent:
    issued = facts.sent(line())
    return ProformaSent(
        number="IZP000001",
        series="IZP",
        sent_at=facts.NOW,
        issue_date=TODAY,
        due_date=date(2026, 12, 23),
        seller=facts.SELLER,
        customer=facts.BUYER,
        totals=issued.totals,
        vat_breakdown=issued.vat_breakdown,
    )


def drafting(*lines: Any, **changes: Any) -> DraftProforma:
    return DraftProforma(proforma_id=PROFORMA, reference=1, header=header(**changes), lines=lines)


def test_a_proforma_obeys_the_rules_of_a_draft_invoice() -> None:
    given().when(drafting(facts.line_input())).then(on(PROFORMA, begun()))
    given().when(drafting(facts.line_input(quantity="0"))).then(refused("quantity_zero"))
    given(on(PROFORMA, begun())).when(drafting(facts.line_input())).then(refused("proforma_exists"))


def test_sending_gives_it_a_number_of_its_own_series_which_opens_with_its_first_number() -> None:
    given(on(PROFORMA, begun())).when(SEND).then(
        on(NUMBERS, facts.opened(IZP), facts.allocated(1, PROFORMA, IZP)), on(PROFORMA, numbered())
    )
    given(on(PROFORMA, begun()), on(NUMBERS, facts.opened(IZP))).when(SEND).then(
        on(NUMBERS, facts.allocated(1, PROFORMA, IZP)), on(PROFORMA, numbered())
    )


def test_a_series_that_somebody_names_has_to_be_open() -> None:
    given(on(PROFORMA, begun())).when(replace(SEND, series="OFF", opens=False)).then(refused("series_not_found"))


def test_what_cannot_be_sent() -> None:
    given().when(SEND).then(refused("not_found"))
    given(on(PROFORMA, begun(), numbered())).when(SEND).then(refused("proforma_already_sent"))
    empty = ProformaDrafted(reference=1, header=header(), lines=())
    given(on(PROFORMA, empty)).when(SEND).then(refused("proforma_without_lines"))
    given(on(PROFORMA, begun(line(quantity="-1")))).when(SEND).then(refused("total_negative"))
    too_much = begun(discount=Discount(amount=Decimal("242.00")))
    given(on(PROFORMA, too_much)).when(SEND).then(refused("total_negative", discount="242.00"))


def test_it_becomes_one_invoice_draft_with_dates_of_its_own() -> None:
    dated = begun(issue_date=date(2026, 11, 1), due_date=date(2026, 11, 10), notes="Avans")
    given(on(PROFORMA, dated, numbered())).when(INVOICED).then(
        on(PROFORMA, ProformaInvoiced(date=TODAY, invoice_id=INVOICE)),
        on(INVOICE, replace(drafted(notes="Avans"), origin=Origin(kind="proforma", id=PROFORMA)), *added(line())),
    )


def test_a_second_invoice_of_a_proforma_is_the_first_one() -> None:
    history = on(PROFORMA, begun(), ProformaInvoiced(date=TODAY, invoice_id=INVOICE))
    again = InvoiceProforma(proforma_id=PROFORMA, invoice_id=facts.SECOND, reference=2)
    given(history, on(INVOICE, drafted(), *added(line()))).when(again).then()
    given(history).when(SEND).then(refused("proforma_invoiced"))
    given(history).when(CancelProforma(proforma_id=PROFORMA)).then(refused("proforma_invoiced"))


def test_a_cancelled_proforma_leads_nowhere() -> None:
    cancel = CancelProforma(proforma_id=PROFORMA, reason="Ofertă refuzată")
    cancelled = ProformaCancelled(date=TODAY, reason="Ofertă refuzată")
    given(on(PROFORMA, begun())).when(cancel).then(on(PROFORMA, cancelled))
    given(on(PROFORMA, begun(), cancelled)).when(cancel).then()
    given(on(PROFORMA, begun(), cancelled)).when(SEND).then(refused("proforma_cancelled"))
    given(on(PROFORMA, begun(), cancelled)).when(INVOICED).then(refused("proforma_cancelled"))


def test_a_draft_already_tells_what_it_would_come_to() -> None:
    transport = Charge(description="Transport", vat=facts.REDUCED, amount=Decimal(30))
    proforma = evolve(None, begun(discount=Discount(percent=Decimal(10)), charges=(transport,)))
    assert proforma.totals == facts.totals("200.00", "20.00", "210.00", "41.10", "251.10")
    assert [(part.rate, part.base, part.vat) for part in proforma.vat_breakdown] == [
        (Decimal(21), facts.ron("180.00"), facts.ron("37.80")),
        (Decimal(11), facts.ron("30.00"), facts.ron("3.30")),
    ]


def test_a_sent_proforma_keeps_the_buyer_that_it_was_sent_to() -> None:
    moved = replace(facts.BUYER, name="Atelierul Mutat SRL")
    sent = replace(numbered(), customer=moved)
    assert evolve(evolve(None, begun()), sent) == Proforma(
        reference=1, header=header(customer=moved), lines=(line(),), sent=sent
    )

"""Papers over HTTP: the same bytes for everybody who may have them, and for nobody else."""

from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from falcon.testing import Result
from pypdf import PdfReader

from tests.support.house import Company, House, good, refused
from tests.support.papers import jpeg, png, svg


def paper(answer: Result) -> str:
    """The words of a PDF that was answered."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["etag"] == f'"{sha256(answer.content).hexdigest()}"'
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def test_a_sent_invoice_is_the_same_bytes_for_ever(company: Company) -> None:
    invoice = company.sent(notes="Livrare parțială")
    assert invoice["document"] is None
    first = company.admin.get(f"/invoices/{invoice['id']}/document.pdf")
    assert {invoice["number"], "Livrare"} <= set(paper(first).split())
    assert first.headers["content-disposition"] == f'inline; filename="{invoice["number"]}.pdf"'
    company.pay(invoice, "242.00")
    again = company.people["auditor"].get(f"/invoices/{invoice['reference']}/document.pdf")
    assert again.content == first.content
    told = good(company.admin.get(f"/invoices/{invoice['id']}"))["document"]
    assert (told["sha256"], told["size"]) == (sha256(first.content).hexdigest(), len(first.content))
    history = good(company.admin.get(f"/invoices/{invoice['id']}/history"))["data"]
    assert [one["type"] for one in history].count("invoice.document_produced") == 1


def test_who_has_the_paper_is_not_sent_it_again(company: Company) -> None:
    path = f"/invoices/{company.sent()['id']}/document.pdf"
    tag = company.admin.get(path).headers["etag"]
    unchanged = company.admin.ask("GET", path, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    head = company.admin.ask("HEAD", path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


def test_a_credit_note_has_a_paper_too(company: Company) -> None:
    note = company.credit(company.sent())["credit_note"]
    text = paper(company.admin.get(f"/credit-notes/{note['id']}/document.pdf"))
    assert note["number"] in text
    assert "art. 330" in text
    assert good(company.admin.get(f"/credit-notes/{note['id']}"))["document"]["language"] == "ro"


def test_a_draft_is_shown_as_it_would_be_and_nothing_is_recorded(company: Company) -> None:
    draft = company.draft()
    before = company.house.facts()
    answer = company.admin.get(f"/invoices/{draft['id']}/document.pdf")
    assert "CIORNĂ" in paper(answer)
    assert answer.headers["content-disposition"] == f'inline; filename="draft-{draft["reference"]}.pdf"'
    assert company.house.facts() == before


def test_a_proforma_is_shown_as_it_is(company: Company) -> None:
    body = {
        "customer": {"name": "Ana"},
        "lines": [{"description": "x", "quantity": "1", "unit_price": "5.00", "vat": {"rate": "21"}}],
    }
    proforma = good(company.admin.post("/proformas", body), 201)
    path = f"/proformas/{proforma['id']}/document.pdf"
    assert "CIORNĂ" in paper(company.admin.get(path))
    sent = good(company.admin.post(f"/proformas/{proforma['id']}/send"))
    text = paper(company.admin.get(path))
    assert sent["number"] in text
    assert "nu este factură" in text
    assert company.admin.get(path).content == company.admin.get(path).content


def test_a_number_that_is_no_file_name_becomes_one(company: Company) -> None:
    good(company.admin.post("/settings/series", {"prefix": "CJ/26-", "document": "invoice"}), 201)
    draft = company.draft()
    invoice = good(company.admin.post(f"/invoices/{draft['id']}/send", {"series": "CJ/26-"}))
    answer = company.admin.get(f"/invoices/{invoice['id']}/document.pdf")
    assert answer.headers["content-disposition"] == 'inline; filename="CJ-26-000001.pdf"'


@pytest.mark.parametrize("path", ["/invoices/999/document.pdf", "/credit-notes/999/document.pdf", "/organization/logo"])
def test_what_is_not_there_is_not_found(company: Company, path: str) -> None:
    refused(company.admin.get(path), 404, "not_found")


def test_a_draft_that_was_discarded_has_no_paper(company: Company) -> None:
    draft = company.draft()
    good(company.admin.delete(f"/invoices/{draft['id']}"))
    refused(company.admin.get(f"/invoices/{draft['id']}/document.pdf"), 404, "not_found")


def test_papers_of_others_do_not_exist(house: House, company: Company) -> None:
    invoice = company.sent()
    path = f"/invoices/{invoice['id']}/document.pdf"
    paper(company.admin.get(path))
    refused(house.company().admin.get(path), 404, "not_found")


def put_logo(company: Company, content: bytes, **headers: str) -> Result:
    return company.admin.ask("PUT", "/organization/logo", raw=content, headers={"Content-Type": "image/png", **headers})


def has_picture(answer: Result) -> bool:
    page: Any = PdfReader(BytesIO(answer.content)).pages[0]
    return "/XObject" in page["/Resources"]


def test_a_logo_stands_on_papers_that_are_sent_from_then_on(company: Company) -> None:
    before = company.sent()
    organization = good(put_logo(company, png(120, 40)))
    assert organization["logo"] == sha256(png(120, 40)).hexdigest()
    after = company.sent()
    good(company.admin.delete("/organization/logo"))
    refused(company.admin.get("/organization/logo"), 404, "not_found")
    assert not has_picture(company.admin.get(f"/invoices/{before['id']}/document.pdf"))
    assert has_picture(company.admin.get(f"/invoices/{after['id']}/document.pdf"))


@pytest.mark.parametrize(
    ("logo", "media_type"), [(png(9, 9), "image/png"), (jpeg(9, 9), "image/jpeg"), (svg(), "image/svg+xml")]
)
def test_a_logo_is_shown_as_what_it_is_and_runs_nothing_in_a_browser(
    company: Company, logo: bytes, media_type: str
) -> None:
    good(put_logo(company, logo))
    answer = company.admin.get("/organization/logo")
    assert (answer.content, answer.headers["content-type"]) == (logo, media_type)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_seller_under_cash_accounting_says_so_on_what_is_sent_from_then_on(company: Company) -> None:
    before = company.sent()
    assert good(company.admin.patch("/organization", {"cash_accounting": True}))["cash_accounting"] is True
    after = company.sent()
    assert "TVA la încasare" not in paper(company.admin.get(f"/invoices/{before['id']}/document.pdf"))
    assert "TVA la încasare" in paper(company.admin.get(f"/invoices/{after['id']}/document.pdf"))


def test_setting_the_same_logo_again_changes_nothing(company: Company) -> None:
    good(put_logo(company, png(9, 9), **{"Idempotency-Key": "k"}))
    before = company.house.facts()
    good(put_logo(company, png(9, 9), **{"Idempotency-Key": "k"}))
    good(put_logo(company, png(9, 9)))
    assert company.house.facts() == before
    refused(put_logo(company, png(8, 8), **{"Idempotency-Key": "k"}), 422, "idempotency_key_reused")


@pytest.mark.parametrize(
    "content", [b"", svg("<script/>"), jpeg(3000, 1), png(3000, 1), png(9, 9) + bytes(600_000), png(9, 9)[:-20]]
)
def test_what_is_no_logo_is_refused_with_the_reason(company: Company, content: bytes) -> None:
    problem = refused(put_logo(company, content), 422, "logo_unfit")
    assert "logo" in problem["detail"]

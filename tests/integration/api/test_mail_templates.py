"""Own words for mails over HTTP: checked when they are saved, shown before they are sent."""

import pytest

from tests.support.house import Company, good, refused

REMINDER = "/settings/mail-templates/reminder/ro"


def test_nothing_is_set_at_first(company: Company) -> None:
    unset = {"kind": "reminder", "language": "ro", "subject": None, "text": None, "html": None}
    assert good(company.admin.get(REMINDER)) == unset


def test_own_words_are_kept_until_they_are_taken_back(company: Company) -> None:
    own = {"subject": "Plata facturii {{ mail.number }}"}
    assert good(company.admin.put(REMINDER, own))["subject"] == own["subject"]
    assert good(company.admin.get(REMINDER))["subject"] == own["subject"]
    assert good(company.admin.get("/settings/mail-templates/reminder/en"))["subject"] is None
    assert good(company.admin.delete(REMINDER))["subject"] is None
    assert good(company.admin.get(REMINDER))["subject"] is None


def test_a_template_that_cannot_be_used_is_refused_with_part_and_line(company: Company) -> None:
    problem = refused(company.admin.put(REMINDER, {"text": "a\n{{ mail.nummer }}"}), 422, "template_invalid")
    (error,) = problem["errors"]
    assert error["pointer"] == "/text"
    assert error["detail"].startswith("line 2: nummer is no placeholder here; there are: balance, buyer,")
    assert good(company.admin.get(REMINDER))["text"] is None
    refused(company.admin.put(REMINDER, {}), 422, "template_empty")


def test_a_preview_shows_an_example_or_an_invoice_of_one_s_own(company: Company) -> None:
    example = good(company.admin.post(f"{REMINDER}/preview"))
    assert "IZV000017" in example["subject"]
    invoice = company.sent()
    shown = good(
        company.admin.post(f"{REMINDER}/preview", {"subject": "! {{ mail.number }}", "document_id": invoice["id"]})
    )
    assert shown["subject"] == f"! {invoice['number']}"
    assert invoice["number"] in shown["html"]
    assert good(company.admin.get(REMINDER))["subject"] is None


def test_a_preview_uses_what_is_set(company: Company) -> None:
    good(company.admin.put("/settings/mail-templates/invoice/en", {"subject": "Set: {{ mail.number }}"}))
    assert good(company.admin.post("/settings/mail-templates/invoice/en/preview"))["subject"] == "Set: IZV000017"


def test_a_preview_of_a_credit_note_shows_the_invoice_that_it_corrects(company: Company) -> None:
    invoice = company.sent()
    note = company.credit(invoice)["credit_note"]
    shown = good(company.admin.post("/settings/mail-templates/credit_note/ro/preview", {"document_id": note["id"]}))
    assert invoice["number"] in shown["text"]


def test_what_cannot_be_shown_is_refused(company: Company) -> None:
    draft = company.draft()
    refused(company.admin.post(f"{REMINDER}/preview", {"document_id": draft["id"]}), 409, "invoice_not_sent")
    refused(company.admin.post(f"{REMINDER}/preview", {"document_id": "999999"}), 404, "not_found")
    refused(company.admin.post(f"{REMINDER}/preview", {"html": "{% for %}"}), 422, "template_invalid")


@pytest.mark.parametrize("path", ["letters/ro", "reminder/fr"])
def test_other_kinds_and_languages_are_not_there(company: Company, path: str) -> None:
    refused(company.admin.get(f"/settings/mail-templates/{path}"), 404, "not_found")

"""Exports over HTTP, read back as their readers would: Excel, a CSV reader, an XML parser."""

import csv
import io
import zipfile
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from falcon.testing import Result

from api.shapes.queries import InvoiceQuery
from api.shapes.report_shapes import ExportQuery
from tests.support.house import Company, House, good, line, refused

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def fetch(company: Company, path: str, query: str = "", role: Any = "admin") -> Result:
    newest = company.admin.get("/events", "limit=1000").json["data"][-1]["position"]
    answer = company.people[role].get(path, query, after=str(newest))
    assert answer.status_code == 200, answer.text
    return answer


def rows(company: Company, query: str = "") -> list[dict[str, str]]:
    answer = fetch(company, "/exports/invoices.csv", f"dialect=rfc4180&{query}".rstrip("&"))
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_csv_for_romanian_excel_has_its_mark_semicolons_and_decimal_commas(company: Company) -> None:
    company.sent(line(quantity="1.5", unit_price="1000.50"), notes='Mulțumim; "bine"')
    answer = fetch(company, "/exports/invoices.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.content.startswith(b"\xef\xbb\xbfnumber;reference;status;")
    assert b"\r\n" in answer.content
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert (row["number"], row["net"], row["gross"]) == ("IZV000001", "1500,75", "1815,91")
    assert row["notes"] == 'Mulțumim; "bine"'
    assert row["issue_date"] == company.days_ago(0)


def test_csv_for_programs_is_the_filtered_list_in_the_order_asked_for(company: Company) -> None:
    for price in ("10.00", "30.00", "20.00"):
        company.sent(line(unit_price=price))
    company.draft()
    found = rows(company, "status=sent&sort=-gross")
    assert [row["gross"] for row in found] == ["72.60", "48.40", "24.20"]
    assert [row["number"] for row in rows(company, "number=IZV000002")] == ["IZV000002"]
    assert len(rows(company)) == 4


def test_an_export_takes_every_filter_and_order_of_the_list() -> None:
    assert set(InvoiceQuery.__struct_fields__) - set(ExportQuery.__struct_fields__) == {"limit", "after"}


def test_the_invoice_of_an_order_is_exported_alone(company: Company) -> None:
    company.sent()
    order = {
        "order": {"id": "WEB-17", "date": company.days_ago(0)},
        "customer": {"name": "Client SRL"},
        "lines": [line()],
    }
    good(company.admin.post("/invoices/from-order", order), 201)
    assert [row["order_id"] for row in rows(company, "order_id=WEB-17")] == ["WEB-17"]


@pytest.mark.parametrize("evil", ["=1+1", "+SUM(A1)", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_cell_of_text_begins_a_formula(company: Company, evil: str) -> None:
    company.sent(customer={"name": evil}, payment_reference=evil)
    (row,) = rows(company)
    assert (row["customer_name"], row["payment_reference"]) == (f"'{evil}", f"'{evil}")
    for kind, cell in sheet_of(company)[1].values():
        assert kind in {"inlineStr", "n"}
        assert isinstance(cell, str | Decimal)
    assert evil in {cell for _, cell in sheet_of(company)[1].values()}


@pytest.mark.parametrize("evil", ["\n=1+1", "\r\n=1+1", "\t=1+1", "\uff1d1+1", "\uff20SUM(A1)"])
def test_neither_does_one_whose_beginning_a_spreadsheet_may_pass_over_or_narrow(company: Company, evil: str) -> None:
    company.sent(notes=evil)
    assert [row["notes"] for row in rows(company)] == [f"'{evil}"]


def sheet_of(company: Company, query: str = "") -> list[dict[str, tuple[str, str | Decimal]]]:
    """Rows of the sheet: type and value of each cell by its column."""
    answer = fetch(company, "/exports/invoices.xlsx", query)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert book.testzip() is None
        tree = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own file
    assert tree.findall(f".//{SHEET}f") == []
    found = []
    for row in tree.iter(f"{SHEET}row"):
        cells: dict[str, tuple[str, str | Decimal]] = {}
        for cell in row.iter(f"{SHEET}c"):
            kind = cell.get("t", "n")
            text = "".join(cell.itertext())
            cells[cell.get("r", "").rstrip("0123456789")] = (kind, Decimal(text) if kind == "n" else text)
        found.append(cells)
    return found


def test_numbers_of_a_workbook_are_numbers_and_days_are_days(company: Company) -> None:
    company.sent(line(quantity="1.5", unit_price="1000.50"))
    heading, row = sheet_of(company)
    names = {column: name for column, (_, name) in heading.items()}
    by_name = {names[column]: cell for column, cell in row.items()}
    assert by_name["gross"] == ("n", Decimal("1815.91"))
    assert by_name["number"] == ("inlineStr", "IZV000001")
    kind, serial = by_name["issue_date"]
    assert (kind, isinstance(serial, Decimal)) == ("n", True)
    assert list(names.values())[:2] == ["number", "reference"]


def test_saga_reads_lines_that_add_up_to_the_document(company: Company) -> None:
    company.sent(
        line(quantity="3", unit_price="9.99", description="Șuruburi <mari> & mici"),
        line(quantity="1", unit_price="0.33", rate="11"),
        line(quantity="7", unit_price="1.07", discount={"percent": "10"}),
        discount={"percent": "5"},
    )
    invoice = company.sent(line(quantity="1", unit_price="100.00"))
    company.credit(invoice)
    company.draft()
    answer = fetch(company, "/exports/saga.xml", f"from={company.days_ago(0)}&to={company.days_ago(0)}")
    assert answer.headers["content-type"] == "application/xml"
    found = ET.fromstring(answer.content).findall("Factura")  # noqa: S314 - our own file
    listed = {row["number"]: row for row in rows(company) if row["number"]}
    assert [one.findtext("Antet/FacturaNumar") for one in found] == ["IZV000001", "IZV000002", "IZC000001"]
    for one in found[:2]:
        row = listed[one.findtext("Antet/FacturaNumar") or ""]
        assert total(one, "Valoare") == Decimal(row["net"])
        assert total(one, "TVA") == Decimal(row["vat"])
        assert one.findtext("Antet/FurnizorCIF") == "RO14399840"
        day = company.today.strftime("%d.%m.%Y")
        assert one.findtext("Antet/FacturaData") == day
    assert found[0].findtext("Detalii/Continut/Linie/Descriere") == "Șuruburi <mari> & mici"
    assert (total(found[2], "Valoare"), total(found[2], "TVA")) == (Decimal("-100.00"), Decimal("-21.00"))
    assert total(found[2], "Cantitate") == Decimal(-1)


def total(document: ET.Element, name: str) -> Decimal:
    return sum((Decimal(one.text or "") for one in document.iter(name)), start=Decimal(0))


def test_a_gift_that_is_taken_back_costs_nothing_and_not_less(company: Company) -> None:
    company.credit(company.sent(line(discount={"percent": "100"})))
    found = ET.fromstring(fetch(company, "/exports/saga.xml").content)  # noqa: S314 - our own file
    assert [one.text for one in found.iter("Pret")] == ["0", "0"]


def test_a_period_without_documents_is_an_empty_file(company: Company) -> None:
    company.sent()
    answer = fetch(company, "/exports/saga.xml", "from=2020-01-01&to=2020-01-31")
    assert list(ET.fromstring(answer.content)) == []  # noqa: S314 - our own file


def test_an_end_alone_asks_for_its_month(company: Company) -> None:
    answer = fetch(company, "/exports/saga.xml", "to=2026-01-31")
    assert "_01-01-2026_31-01-2026.xml" in answer.headers["content-disposition"]


def test_an_export_shows_the_organization_of_its_token_alone(house: House, company: Company) -> None:
    other = house.company()
    other.sent(customer={"name": "Al altcuiva SRL"})
    company.sent()
    for path in ("/exports/invoices.csv", "/exports/saga.xml"):
        assert "altcuiva" not in fetch(company, path).text


def test_who_reads_lists_exports_them_and_only_readers_of_documents_get_saga(company: Company) -> None:
    company.sent()
    fetch(company, "/exports/invoices.csv", role="bi")
    fetch(company, "/exports/saga.xml", role="auditor")
    refused(company.people["bi"].get("/exports/saga.xml"), 403, "forbidden")


@pytest.mark.parametrize("path", ["/exports/invoices.csv", "/exports/invoices.xlsx"])
def test_filters_that_a_list_refuses_are_refused_here_too(company: Company, path: str) -> None:
    refused(company.admin.get(path, "sort=phase"), 422, "validation_failed", "sort")
    refused(company.admin.get(path, "status=lost"), 422, "validation_failed", "status")
    refused(company.admin.get(path, "limit=5"), 422, "validation_failed", "limit")


def test_asking_for_the_head_alone_holds_nothing(company: Company) -> None:
    company.sent()
    for path in ("csv", "xlsx"):
        for _ in range(15):  # more than there are connections
            assert company.admin.ask("HEAD", f"/exports/invoices.{path}").content == b""

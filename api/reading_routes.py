"""The native routes of what is only read: reports, statements, search, exports, papers."""

from api.doors import Doors
from api.resources import documents, exports, reports, search, statements


def reading_routes(doors: Doors, prefix: str) -> dict[str, object]:
    return {
        f"{prefix}/invoices/{{document}}/document.pdf": documents.InvoiceDocument(doors),
        f"{prefix}/credit-notes/{{document}}/document.pdf": documents.CreditNoteDocument(doors),
        f"{prefix}/proformas/{{document}}/document.pdf": documents.ProformaDocument(doors),
        f"{prefix}/search/invoices": search.InvoiceSearch(doors),
        f"{prefix}/customers/{{document}}/statement": statements.CustomerStatement(doors),
        f"{prefix}/reports/aging": reports.Aging(doors),
        f"{prefix}/reports/dso": reports.DaysSalesOutstanding(doors),
        f"{prefix}/reports/on-time": reports.PaidOnTime(doors),
        f"{prefix}/exports/invoices.csv": exports.InvoicesCsv(doors),
        f"{prefix}/exports/invoices.xlsx": exports.InvoicesXlsx(doors),
        f"{prefix}/exports/saga.xml": exports.Saga(doors),
    }

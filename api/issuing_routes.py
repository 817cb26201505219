"""Routes of what leads to invoices and of what is done to many at once, one line each."""

from api.doors import Doors
from api.resources import bulk, history, orders, proformas, recurring, series


def issuing_routes(doors: Doors, prefix: str) -> dict[str, object]:
    return {
        f"{prefix}/invoices/from-order": orders.InvoicesFromOrders(doors),
        f"{prefix}/settings/series": series.SeriesSettings(doors),
        f"{prefix}/settings/series/{{series}}": series.OneSeries(doors),
        f"{prefix}/settings/series/{{series}}/close": series.SeriesClosing(doors),
        f"{prefix}/reports/series": series.SeriesReport(doors),
        f"{prefix}/proformas": proformas.Proformas(doors),
        f"{prefix}/proformas/{{document}}": proformas.Proforma(doors),
        f"{prefix}/proformas/{{document}}/send": proformas.ProformaSending(doors),
        f"{prefix}/proformas/{{document}}/cancel": proformas.ProformaCancelling(doors),
        f"{prefix}/proformas/{{document}}/invoice": proformas.ProformaInvoicing(doors),
        f"{prefix}/proformas/{{document}}/history": history.DocumentHistory(doors, "proforma"),
        f"{prefix}/recurring-invoices": recurring.RecurringInvoices(doors),
        f"{prefix}/recurring-invoices/{{document}}": recurring.RecurringInvoice(doors),
        f"{prefix}/recurring-invoices/{{document}}/pause": recurring.RecurringPausing(doors),
        f"{prefix}/recurring-invoices/{{document}}/resume": recurring.RecurringResuming(doors),
        f"{prefix}/recurring-invoices/{{document}}/run": recurring.RecurringRun(doors),
        f"{prefix}/recurring-invoices/{{document}}/invoices": recurring.GeneratedInvoices(doors),
        f"{prefix}/recurring-invoices/{{document}}/history": history.DocumentHistory(doors, "recurring_invoice"),
        f"{prefix}/bulk": bulk.Bulk(doors),
        f"{prefix}/bulk/{{document}}": bulk.BulkRun(doors),
    }

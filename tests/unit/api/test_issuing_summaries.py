"""Everything about series, orders, proformas and schedules is told in a sentence."""

import pytest

from api.translation.issuing_summaries import issuing_summary
from api.translation.summaries import summary
from tests.support.samples import SAMPLES

OURS = ("number_series", "order", "proforma", "recurring", "bulk_run")

SENTENCES = {
    "SeriesOpened": "Series CJC opened for credit notes from 100",
    "NumberAllocated": "Number IZV000017 given, dated 2026-11-23",
    "SeriesClosed": "Series CJ/26- closed before 118: Punct de lucru închis",
    "OrderInvoiced": "Order CMD 9/2026 of 2026-11-02 invoiced",
    "ProformaDrafted": "Proforma drafted for Atelierul de Mobilă Turda SRL, 1 lines",
    "ProformaSent": "Proforma sent as IZP000004, 235.95 RON",
    "ProformaCancelled": "Proforma cancelled: Ofertă refuzată",
    "ProformaInvoiced": "Proforma became an invoice",
    "RecurringScheduled": (
        "Scheduled Abonament mentenanță for Atelierul de Mobilă Turda SRL, every 3 months from 2026-11-30"
    ),
    "RecurringChanged": (
        "Changed: Abonament mentenanță for Atelierul de Mobilă Turda SRL, every 3 months from 2026-11-30"
    ),
    "RecurringPaused": "Paused from 2026-11-23 on: Contract suspendat",
    "RecurringResumed": "Resumed from 2026-11-23 on: Contract reluat",
    "InvoiceGenerated": (
        "Invoice of period 2026-11-30 made; it waits as a draft:"
        " series_closed: series CJ/26- was closed on 2026-11-30; choose another one"
    ),
    "BulkRunStarted": "Bulk run started: send 3 invoices",
    "BulkRunAdvanced": "Bulk run: 1 done, 1 refused, 1 left",
    "PeriodsPassedOver": "3 missed periods passed over, 2026-08-31 to 2026-10-31 (catch up)",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_fact_is_told_in_a_sentence(name: str) -> None:
    fact = next(one for kind, one in SAMPLES.items() if kind.__name__ == name)
    assert summary(fact) == SENTENCES[name]


def test_none_of_ours_is_told_by_the_name_of_its_class() -> None:
    ours = {kind.__name__ for kind in SAMPLES if kind.__module__.split(".")[-2] in OURS}
    assert ours == set(SENTENCES)
    others = [fact for kind, fact in SAMPLES.items() if kind.__name__ not in SENTENCES]
    assert [fact for fact in others if issuing_summary(fact) is not None] == []

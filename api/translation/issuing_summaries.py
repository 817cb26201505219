"""One sentence per fact about series, orders, proformas, recurring invoices and bulk runs, for timelines."""

from invoicing_domain.model.bulk_run.events import BulkRunAdvanced, BulkRunStarted
from invoicing_domain.model.number_series import events as series
from invoicing_domain.model.order.events import OrderInvoiced
from invoicing_domain.model.proforma import events as proforma
from invoicing_domain.model.recurring import events as recurring


def issuing_summary(fact: object) -> str | None:
    """What a fact of these says; None for any other."""
    match fact:
        case series.SeriesOpened(series=one):
            return f"Series {one.prefix} opened for {one.document.replace('_', ' ')}s from {one.first}"
        case series.NumberAllocated():
            return f"Number {fact.number} given, dated {fact.issue_date.isoformat()}"
        case series.SeriesClosed():
            return f"Series {fact.series.prefix} closed before {fact.next_value}{_because(fact.reason)}"
        case OrderInvoiced(order=order):
            return f"Order {order.number} of {order.date.isoformat()} invoiced"
        case proforma.ProformaDrafted():
            return f"Proforma drafted for {fact.header.customer.name}, {len(fact.lines)} lines"
        case proforma.ProformaSent():
            gross = fact.totals.gross
            return f"Proforma sent as {fact.number}, {gross.decimal:,f} {gross.currency}"
        case proforma.ProformaCancelled():
            return f"Proforma cancelled{_because(fact.reason)}"
        case proforma.ProformaInvoiced():
            return "Proforma became an invoice"
        case _:
            return _of_schedule(fact) or _of_bulk_run(fact)


def _of_bulk_run(fact: object) -> str | None:
    match fact:
        case BulkRunStarted():
            return f"Bulk run started: {fact.work.action} {len(fact.items)} invoices"
        case BulkRunAdvanced():
            done = sum(not one.code for one in fact.results)
            return f"Bulk run: {done} done, {len(fact.results) - done} refused, {fact.left} left"
        case _:
            return None


def _of_schedule(fact: object) -> str | None:
    match fact:
        case recurring.RecurringScheduled(plan=plan):
            return f"Scheduled {plan.name} for {plan.header.customer.name}, {_rhythm(plan.rhythm)}"
        case recurring.RecurringChanged(plan=plan):
            return f"Changed: {plan.name} for {plan.header.customer.name}, {_rhythm(plan.rhythm)}"
        case recurring.RecurringPaused():
            return f"Paused from {fact.date.isoformat()} on{_because(fact.reason)}"
        case recurring.RecurringResumed():
            return f"Resumed from {fact.date.isoformat()} on{_because(fact.reason)}"
        case recurring.InvoiceGenerated():
            waits = f"; it waits as a draft: {fact.problem}" if fact.problem else ""
            return f"Invoice of period {fact.period.isoformat()} made{waits}"
        case recurring.PeriodsPassedOver():
            span = f"{fact.first.isoformat()} to {fact.last.isoformat()}"
            return f"{fact.count} missed periods passed over, {span} ({fact.reason.replace('_', ' ')})"
        case _:
            return None


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


def _rhythm(rhythm: recurring.Rhythm) -> str:
    step = f"every {rhythm.unit}" if rhythm.every == 1 else f"every {rhythm.every} {rhythm.unit}s"
    return f"{step} from {rhythm.starts_on.isoformat()}"

"""From states to shapes: series, proformas, recurring invoices. Pure, as `rendering` is."""

from api.shapes import issuing_views as views
from api.shapes.views import CreditNoteTotalsView
from api.translation import parts
from api.translation.amounts import amount, plain
from invoicing_domain.handlers.issuing import default_prefixes
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.number_series.state import NumberSeries
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.proforma.state import Proforma
from invoicing_domain.model.recurring.events import InvoiceGenerated, Rhythm
from invoicing_domain.model.recurring.state import RecurringInvoice


def series(
    stream_id: str, of: NumberSeries, version: int, position: int, profile: OrganizationProfile
) -> views.SeriesView:
    about = of.series
    return views.SeriesView(
        id=stream_id,
        document=about.document,
        prefix=about.prefix,
        first=about.first,
        next=of.next_value,
        last_issue_date=of.last_issue_date,
        decision=about.decision,
        valid_from=about.valid_from,
        valid_to=about.valid_to,
        closed_on=of.closed_on,
        default=default_prefixes(profile)[about.document] == about.prefix,
        version=version,
        position=position,
    )


def proforma(stream_id: str, of: Proforma, version: int, position: int) -> views.ProformaView:
    header, sent, cancelled = of.header, of.sent, of.cancelled
    return views.ProformaView(
        id=stream_id,
        reference=of.reference,
        number=sent.number if sent else None,
        series=sent.series if sent else None,
        status=of.status,
        customer=parts.buyer(header.customer),
        seller=parts.seller(sent.seller) if sent else None,
        currency=header.currency,
        issue_date=sent.issue_date if sent else header.issue_date,
        due_date=sent.due_date if sent else header.due_date,
        payment_terms_days=header.payment_terms_days,
        sent_at=sent.sent_at if sent else None,
        lines=tuple(parts.line(one) for one in of.lines),
        discount=parts.discount(header.discount),
        charges=parts.charges(of),
        vat_breakdown=parts.breakdown(of.vat_breakdown),
        totals=_totals(of),
        notes=header.notes or None,
        buyer_reference=header.buyer_reference or None,
        payment_reference=header.payment_reference or None,
        metadata=header.metadata,
        invoice_id=of.invoice_id,
        cancelled_on=cancelled.date if cancelled else None,
        cancel_reason=cancelled.reason if cancelled else None,
        version=version,
        position=position,
    )


def _totals(of: Proforma) -> CreditNoteTotalsView:
    sums = of.totals
    return CreditNoteTotalsView(
        lines_net=amount(sums.lines_net),
        discount=amount(sums.discount),
        charges=amount(sums.charges),
        net=amount(sums.net),
        vat=amount(sums.vat),
        gross=amount(sums.gross),
    )


def recurring(stream_id: str, of: RecurringInvoice, version: int, position: int) -> views.RecurringView:
    plan, header = of.plan, of.plan.header
    return views.RecurringView(
        id=stream_id,
        reference=of.reference,
        name=plan.name,
        status=of.status,
        customer_id=header.customer.customer_id,
        customer_name=header.customer.name,
        currency=header.currency,
        payment_terms_days=header.payment_terms_days,
        lines=tuple(_planned(line) for line in plan.lines),
        discount=parts.discount(header.discount),
        notes=header.notes or None,
        buyer_reference=header.buyer_reference or None,
        payment_reference=header.payment_reference or None,
        metadata=header.metadata,
        rhythm=_rhythm(plan.rhythm),
        catch_up=plan.catch_up,
        send=plan.send,
        deliver=plan.deliver,
        series=plan.series,
        next_on=of.next_on,
        settled_through=of.settled_through,
        paused_on=of.paused_on,
        generated=of.generated,
        passed_over=of.passed_over,
        last=None if of.last is None else generated(of.last),
        version=version,
        position=position,
    )


def generated(of: InvoiceGenerated) -> views.GeneratedView:
    return views.GeneratedView(period=of.period, invoice_id=of.invoice_id, date=of.date, problem=of.problem or None)


def _rhythm(of: Rhythm) -> views.RhythmView:
    return views.RhythmView(
        every=of.every,
        unit=of.unit,
        starts_on=of.starts_on,
        end_of_month=of.end_of_month,
        ends_on=of.ends_on,
        count=of.count,
    )


def _planned(of: LineInput) -> views.PlannedLineView:
    return views.PlannedLineView(
        description=of.description,
        details=of.details,
        quantity=plain(of.quantity),
        unit=of.unit,
        unit_price=f"{of.unit_price:f}",
        price_includes_vat=of.price_includes_vat,
        rate_by_law=of.rate_by_law,
        discount=parts.discount(of.discount),
        vat=parts.vat(of.vat, of.exemption),
    )

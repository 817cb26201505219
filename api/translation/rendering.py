"""From states of the model to shapes of the API. Pure: today comes in, nothing is looked up."""

from collections.abc import Iterable
from datetime import date

from api.shapes import view_parts, views
from api.translation import parts
from api.translation.amounts import amount, plain
from api.translation.mails import emails, reminders
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.exchange.amounts import InBase
from invoicing_domain.model.exchange.events import Exchange
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.invoice.status import Status
from invoicing_domain.model.invoice.warnings import warnings_of
from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.organization.state import Organization
from invoicing_domain.model.payment.events import Allocation
from invoicing_domain.model.payment.state import Payment, held_by_invoice
from invoicing_domain.paper.losses import warnings_of_paper


def totals(of: Invoice) -> view_parts.TotalsView:
    sums = of.totals
    return view_parts.TotalsView(
        lines_net=amount(sums.lines_net),
        discount=amount(sums.discount),
        charges=amount(sums.charges),
        net=amount(sums.net),
        vat=amount(sums.vat),
        gross=amount(sums.gross),
        paid=amount(of.paid),
        credited=amount(of.credited),
        balance=amount(of.balance),
    )


def efactura(of: Invoice) -> view_parts.EFacturaView:
    """Where filing stands: the last attempt, and ANAF's answer to it."""
    if not of.submissions:
        return view_parts.EFacturaView(status="none", index=None, response_code=None, due_at=None)
    last = of.submissions[-1]
    for answer in of.acknowledgements:
        if answer.upload_index == last.upload_index:
            return view_parts.EFacturaView(
                status=answer.status, index=answer.upload_index, response_code=answer.response_code, due_at=None
            )
    status = "processing" if last.upload_index else "unknown"
    return view_parts.EFacturaView(status=status, index=last.upload_index, response_code=None, due_at=None)


def invoice(
    stream_id: str, of: Invoice, today: date, version: int, position: int, home: str = "RO"
) -> views.InvoiceView:
    """`home` is the seller's country, whose rates a draft is held against."""
    sent, header = of.sent, of.header
    return views.InvoiceView(
        id=stream_id,
        reference=of.reference,
        number=sent.number if sent else None,
        series=sent.series if sent else None,
        status=status(of.status(today)),
        overdue=_overdue(of, today),
        customer=parts.buyer(header.customer),
        seller=parts.seller(sent.seller) if sent else None,
        currency=of.currency,
        issue_date=sent.issue_date if sent else header.issue_date,
        due_date=of.due_date,
        payment_terms_days=header.payment_terms_days,
        sent_at=sent.sent_at if sent else None,
        lines=tuple(parts.line(one) for one in of.lines),
        discount=parts.discount(header.discount),
        charges=parts.charges(of),
        tax_point_date=header.tax_point_date,
        delivery_date=header.delivery_date,
        delivery_country=header.delivery_country,
        vat_breakdown=parts.breakdown(of.vat_breakdown),
        totals=totals(of),
        payments=_payments(of),
        credit_notes=_credits(of),
        credits_applied=_held_credits(of),
        cancelled=_cancelled(of),
        discarded=of.phase == "discarded",
        exchange=_exchange(of),
        original_due_date=sent.due_date if sent and of.due_dates else None,
        remarks=tuple(view_parts.RemarkView(date=one.date, text=one.text) for one in of.remarks),
        document=parts.document(of.document),
        emails=emails(of.mails),
        reminders=reminders(of),
        reminders_held=of.reminders_held,
        reminder_requested=of.open_request is not None,
        efactura=efactura(of),
        payment_link=None,
        notes=header.notes or None,
        buyer_reference=header.buyer_reference or None,
        payment_reference=header.payment_reference or None,
        order=_order(of),
        replaces=of.replaces,
        origin=_origin(of),
        metadata=header.metadata,
        warnings=tuple(
            view_parts.WarningView(code=w.code, detail=w.detail)
            for w in (*warnings_of(of, today, home), *warnings_of_paper(of))
        ),
        version=version,
        position=position,
    )


def _payments(of: Invoice) -> tuple[view_parts.AppliedPaymentView, ...]:
    return tuple(
        view_parts.AppliedPaymentView(
            payment_id=p.payment_id, amount=amount(p.amount), date=p.date, method=p.method, reference=p.reference
        )
        for p in of.payments
    )


def _credits(of: Invoice) -> tuple[view_parts.AppliedCreditView, ...]:
    return tuple(
        view_parts.AppliedCreditView(
            id=note.credit_note_id,
            number=note.number,
            date=note.date,
            amount=amount(note.amount),
            applied=amount(note.applied),
            reason=note.reason,
        )
        for note in of.credit_notes
    )


def status(of: Status) -> view_parts.InvoiceStatus:
    return "draft" if of == "discarded" else of


def _overdue(of: Invoice, today: date) -> bool:
    over = of.status(today) in {"draft", "discarded", "cancelled", "credited"}
    return not over and of.balance.minor > 0 and of.due_date is not None and of.due_date < today


def _held_credits(of: Invoice) -> tuple[view_parts.HeldCreditView, ...]:
    numbers = {note.credit_note_id: note.number for note in of.credit_notes}
    numbers |= {step.credit_note_id: step.number for step in of.credit_steps}
    return tuple(
        view_parts.HeldCreditView(credit_note_id=note, number=number, amount=amount(held))
        for note, number in numbers.items()
        if (held := of.credit_of(note))
    )


def _cancelled(of: Invoice) -> view_parts.CancelledView | None:
    if of.cancelled is None:
        return None
    fact = of.cancelled
    return view_parts.CancelledView(
        date=fact.date, reason=fact.reason, credit_note_id=fact.credit_note_id, number=fact.number
    )


def _exchange(of: Invoice) -> view_parts.ExchangeView | None:
    if of.sent is None or of.sent.in_base is None:
        return None
    difference = sum((one.difference for one in of.differences), start=zero(of.sent.in_base.gross.currency))
    return in_base(of.sent.in_base, difference)


def in_base(of: InBase, difference: Money) -> view_parts.ExchangeView:
    return view_parts.ExchangeView(
        rate=rate(of.exchange),
        net=amount(of.net),
        vat=amount(of.vat),
        gross=amount(of.gross),
        difference=amount(difference),
    )


def rate(of: Exchange) -> view_parts.RateView:
    return view_parts.RateView(base=of.base, rate=plain(of.rate), date=of.date, source=of.source)


def allocations(of: Iterable[Allocation]) -> tuple[views.AllocationView, ...]:
    """What each invoice holds, one row an invoice."""
    held = held_by_invoice(tuple(of))
    return tuple(views.AllocationView(invoice_id=one, amount=amount(money)) for one, money in held.items())


def _origin(of: Invoice) -> views.OriginView | None:
    origin = of.origin
    return None if origin is None else views.OriginView(kind=origin.kind, id=origin.id, period=origin.period)


def _order(of: Invoice) -> views.OrderView | None:
    order = of.header.order
    return None if order is None else views.OrderView(id=order.id, number=order.number, date=order.date)


def payment(stream_id: str, of: Payment, version: int, position: int) -> views.PaymentView:
    recorded = of.recorded
    return views.PaymentView(
        id=stream_id,
        reference_number=recorded.document,
        customer_id=recorded.customer_id,
        customer_name=recorded.customer_name,
        amount=amount(recorded.amount),
        currency=recorded.amount.currency,
        date=recorded.date,
        method=recorded.method,
        reference=recorded.reference,
        note=recorded.note,
        allocations=allocations(of.allocations),
        unallocated=amount(of.unallocated),
        refunded=amount(of.refunded),
        external_reference=recorded.external_reference or None,
        exchange=rate(recorded.exchange) if recorded.exchange else None,
        reversed=of.reversed is not None,
        reversal_reason=of.reversed.reason if of.reversed else None,
        version=version,
        position=position,
    )


def credit_note(stream_id: str, of: CreditNote, version: int, position: int) -> views.CreditNoteView:
    issued = of.issued
    return views.CreditNoteView(
        id=stream_id,
        reference=issued.reference,
        number=issued.number,
        series=issued.series,
        issue_date=issued.issue_date,
        invoice_id=issued.invoice_id,
        invoice_number=issued.invoice_number,
        customer=parts.buyer(issued.customer),
        currency=issued.currency,
        lines=tuple(
            views.CreditedLineView(line_id=one.line_id, quantity=plain(one.quantity), net=amount(one.net))
            for one in issued.lines
        ),
        totals=views.CreditNoteTotalsView(
            lines_net=amount(issued.totals.lines_net),
            discount=amount(issued.totals.discount),
            charges=amount(issued.totals.charges),
            net=amount(issued.totals.net),
            vat=amount(issued.totals.vat),
            gross=amount(issued.totals.gross),
        ),
        vat_breakdown=parts.breakdown(issued.vat_breakdown),
        reason=issued.reason,
        applied=amount(of.applied),
        unapplied=amount(of.unapplied),
        refunded=amount(of.refunded),
        state="open" if of.is_open else "closed",
        allocations=allocations(of.allocations),
        exchange=None if issued.in_base is None else in_base(issued.in_base, zero(issued.in_base.gross.currency)),
        document=parts.document(of.document),
        version=version,
        position=position,
    )


def organization(stream_id: str, of: Organization, version: int) -> views.OrganizationView:
    profile = of.profile
    return views.OrganizationView(
        id=stream_id,
        name=profile.name,
        tax_id=profile.tax_id,
        email=profile.email,
        ibans=profile.ibans,
        address=parts.address(profile.address),
        time_zone=profile.time_zone,
        currency=profile.currency,
        payment_terms_days=profile.payment_terms_days,
        reminder_steps=profile.reminder_steps,
        invoice_series=profile.invoice_series,
        credit_note_series=profile.credit_note_series,
        proforma_series=profile.proforma_series,
        legal_registration=profile.legal_registration,
        phone=profile.phone,
        logo=profile.logo,
        cash_accounting=profile.cash_accounting,
        language=profile.language,
        version=version,
    )

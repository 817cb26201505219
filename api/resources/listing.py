"""Lists over HTTP: a page of rows, a cursor for the next, the same in a Link header."""

from datetime import date

import falcon
import msgspec

from api.doors import Doors, send
from api.entrance.call import Call, call_of
from api.entrance.problems import invalid
from api.shapes import view_parts, views
from api.shapes.queries import CreditNoteQuery, CustomerQuery, InvoiceFilters, InvoiceQuery, PaymentQuery
from api.translation import rendering
from api.translation.amounts import major
from api.translation.customers import customer_view
from api.translation.paging import checked, link
from invoicing_domain.model.amounts import AMOUNT
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.customer.state import Customer
from invoicing_domain.model.money import Money
from invoicing_domain.recording.application import Loaded
from invoicing_domain.requests.values import number
from projections.credit_note_list import query as credit_note_list
from projections.customer_list import query as customer_list
from projections.invoice_list import query as invoice_list
from projections.invoice_list.filters import InvoiceFilter
from projections.invoice_list.row import InvoiceRow
from projections.invoice_search import query as invoice_search
from projections.payment_list import query as payment_list
from projections.receivable_movements.query import customer_balances

STATUSES = {"draft", "sent", "partially_paid", "paid", "overdue", "cancelled", "credited"}


def invoices(doors: Doors, req: falcon.Request, resp: falcon.Response) -> None:
    call = call_of(req)
    query: InvoiceQuery = call.query
    wanted = invoice_filter(doors, call, query)
    today = call.context.today
    with doors.reading() as connection:
        page = checked(
            lambda: invoice_list.list_invoices(
                connection,
                call.organization_id,
                wanted,
                today=today,
                sort=query.sort or "-reference",
                limit=query.limit,
                after=query.after,
            )
        )
    data = tuple([summary(row, today) for row in page.rows])
    link(req, resp, page.next)
    send(resp, views.InvoicesView(data=data, has_more=page.next is not None, next=page.next))


def invoice_filter(doors: Doors, call: Call, query: InvoiceFilters) -> InvoiceFilter:
    statuses = tuple(word for word in (query.status or "").split(",") if word)
    for word in statuses:
        if word not in STATUSES:
            raise invalid("status", f"{word!r} is not one of {', '.join(sorted(STATUSES))}")
    customer_id = None if query.customer_id is None else doors.find(call, "customer", query.customer_id)
    found = None
    if query.q:
        with doors.reading() as connection:
            found = invoice_search.narrowed(connection, call.organization_id, query.q)
    return InvoiceFilter(
        status=statuses,
        customer_id=customer_id,
        ids=found.ids if found else (),
        matching=found.matching if found else None,
        number=query.number,
        currency=query.currency,
        issued_from=query.issued_from,
        issued_to=query.issued_to,
        due_from=query.due_from,
        due_to=query.due_to,
        total_min=None if query.total_min is None else number(query.total_min, AMOUNT, "total_min"),
        total_max=None if query.total_max is None else number(query.total_max, AMOUNT, "total_max"),
        overdue=query.overdue,
        efactura_status=query.efactura_status,
        order_id=query.order_id,
    )


def summary(row: InvoiceRow, today: date) -> views.InvoiceSummaryView:
    return views.InvoiceSummaryView(
        id=row.invoice_id,
        reference=row.reference,
        number=row.number,
        series=row.series,
        status=rendering.status(row.status(today)),
        overdue=row.overdue(today),
        customer_id=row.customer_id,
        customer_name=row.customer_name,
        customer_tax_id=row.customer_tax_id,
        currency=row.currency,
        issue_date=row.issue_date,
        due_date=row.due_date,
        sent_at=row.sent_at,
        totals=_totals(row),
        reminders_held=row.reminders_held,
        last_reminder_step=row.last_reminder_step,
        efactura_status=row.efactura_status,
        notes=row.notes or None,
        version=row.version,
        position=row.position,
    )


def _totals(row: InvoiceRow) -> view_parts.TotalsView:
    currency = row.currency
    return view_parts.TotalsView(
        lines_net=major(row.lines_net, currency),
        discount=major(row.discount, currency),
        charges=major(row.net + row.discount - row.lines_net, currency),
        net=major(row.net, currency),
        vat=major(row.vat, currency),
        gross=major(row.gross, currency),
        paid=major(row.paid, currency),
        credited=major(row.credited, currency),
        balance=major(row.balance, currency),
    )


def customers(doors: Doors, req: falcon.Request, resp: falcon.Response) -> None:
    call = call_of(req)
    query: CustomerQuery = call.query
    with doors.reading() as connection:
        page = checked(
            lambda: customer_list.list_customers(
                connection, call.organization_id, q=query.q, limit=query.limit, after=query.after
            )
        )
        balances = customer_balances(connection, call.organization_id, [row.customer_id for row in page.rows])
    home = call.organization.profile.currency
    data = tuple(
        customer_view(
            row.customer_id,
            Loaded(_customer(row), row.version, row.position),
            balances.get(row.customer_id, ()),
            home,
        )
        for row in page.rows
    )
    link(req, resp, page.next)
    send(resp, views.CustomersView(data=data, has_more=page.next is not None, next=page.next))


def _customer(row: customer_list.CustomerRow) -> Customer:
    return Customer(reference=row.reference, profile=row.profile, erased_at=row.erased_at)


def payments(doors: Doors, req: falcon.Request, resp: falcon.Response) -> None:
    call = call_of(req)
    query: PaymentQuery = call.query
    wanted = payment_list.PaymentFilter(
        customer_id=None if query.customer_id is None else doors.find(call, "customer", query.customer_id),
        invoice_id=None if query.invoice_id is None else doors.find(call, "invoice", query.invoice_id),
        currency=query.currency,
        method=query.method,
        reference=query.reference,
        external_reference=query.external_reference,
        paid_from=query.paid_from,
        paid_to=query.paid_to,
        state=query.state,
    )
    with doors.reading() as connection:
        page = checked(
            lambda: payment_list.list_payments(
                connection, call.organization_id, wanted, limit=query.limit, after=query.after
            )
        )
    data = tuple(_payment(row) for row in page.rows)
    link(req, resp, page.next)
    send(resp, views.PaymentsView(data=data, has_more=page.next is not None, next=page.next))


def credit_notes(doors: Doors, req: falcon.Request, resp: falcon.Response) -> None:
    call = call_of(req)
    query: CreditNoteQuery = call.query
    customer_id = None if query.customer_id is None else doors.find(call, "customer", query.customer_id)
    invoice_id = None if query.invoice_id is None else doors.find(call, "invoice", query.invoice_id)
    with doors.reading() as connection:
        page = checked(
            lambda: credit_note_list.list_credit_notes(
                connection,
                call.organization_id,
                customer_id=customer_id,
                invoice_id=invoice_id,
                currency=query.currency,
                issued_from=query.issued_from,
                issued_to=query.issued_to,
                state=query.state,
                limit=query.limit,
                after=query.after,
            )
        )
    data = tuple(_credit_note(row) for row in page.rows)
    link(req, resp, page.next)
    send(resp, views.CreditNotesView(data=data, has_more=page.next is not None, next=page.next))


def _credit_note(row: credit_note_list.CreditNoteRow) -> views.CreditNoteView:
    note = CreditNote(
        issued=row.document,
        allocations=row.allocations,
        unapplied=Money(row.unapplied, row.currency),
        last_moved=row.issue_date,
        free_since=row.issue_date,
    )
    view = rendering.credit_note(row.credit_note_id, note, row.version, row.position)
    return msgspec.structs.replace(view, refunded=major(row.refunded, row.currency))


def _payment(row: payment_list.PaymentRow) -> views.PaymentView:
    def text(minor: int) -> str:
        return major(minor, row.currency)

    return views.PaymentView(
        id=row.payment_id,
        reference_number=row.reference,
        customer_id=row.customer_id,
        customer_name=row.customer_name,
        amount=text(row.amount),
        currency=row.currency,
        date=row.paid_on,
        method=row.method,
        reference=row.payment_reference,
        note=row.note,
        allocations=rendering.allocations(row.allocations),
        unallocated=text(row.unallocated),
        refunded=text(row.refunded),
        external_reference=row.external_reference,
        exchange=None if row.exchange is None else rendering.rate(row.exchange),
        reversed=row.reversed_on is not None,
        reversal_reason=row.reversal_reason,
        version=row.version,
        position=row.position,
    )

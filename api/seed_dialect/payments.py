"""Payments of the old dialect: taken in against an invoice, listed, found; taken back as a reversal, not rewritten."""

from decimal import Decimal

import falcon

from api.doors import Doors
from api.entrance.access import Permission
from api.entrance.call import Call
from api.entrance.decoding import decode_query
from api.entrance.problems import Problem, invalid
from api.seed_dialect.answers import (
    NATIVE,
    NO_DATA,
    NO_TERM,
    PAYMENT_ADDED,
    PAYMENT_DELETED,
    Added,
    Done,
    send,
)
from api.seed_dialect.columns import Columns
from api.seed_dialect.desk import Desk
from api.seed_dialect.forms import form_of
from api.seed_dialect.lists import SearchQuery
from api.seed_dialect.modes import method_of
from api.seed_dialect.money_columns import listed_payment, one_payment
from api.seed_dialect.money_forms import NewPayment
from api.seed_dialect.paging import MOST_ROWS, Paging, shelf
from api.seed_dialect.structure import structure_of
from invoicing_domain.categories import INVOICE, PAYMENT
from invoicing_domain.model.identity import StreamId, resolve, stream_id
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.payment.commands import AllocationWish, RecordPayment, ReversePayment
from invoicing_domain.model.payment.state import Payment as State
from invoicing_domain.requests.values import money
from projections.payment_list import query as payment_list
from projections.payment_list.query import PaymentFilter, Sought

SHOWN_IN = ("payment_list", "invoice_detail", "invoice_list")
_LARGEST = 10**16


class PaymentQuery(Paging, frozen=True, kw_only=True):
    invoiceid: str | None = None
    clientid: str | None = None


class Payments:
    """`/api/payments`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        access = self._desk.admit(req, Permission.WRITE_INVOICES)
        form = form_of(structure_of(req), NewPayment)
        call = self._desk.call(req, access, form)
        self._desk.doors.execute(
            call,
            resp,
            lambda: new_payment(form, call, self._desk.doors),
            render=lambda outcome: Added(message=PAYMENT_ADDED, record_id=outcome.state.recorded.document),
            status=201,
            location=lambda body: f"/api/payments/{body['record_id']}",
        )
        self._desk.finish(req, resp, SHOWN_IN)

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        access = self._desk.admit(req, Permission.READ_LISTS)
        query = decode_query(req, PaymentQuery)
        call = self._desk.call(req, access)
        wanted = PaymentFilter(
            state="live",
            invoice_id=None if query.invoiceid is None else _invoice(call, query.invoiceid),
            customer_id=None if query.clientid is None else self._desk.known_customer(call, query.clientid),
        )

        def rows(sort: str, page: int, size: int) -> tuple[list[Columns], int]:
            with self._desk.doors.reading() as connection:
                found, total = payment_list.numbered(
                    connection, call.organization_id, wanted, sort=sort, page=page, per_page=size
                )
            return [listed_payment(row, call.organization.profile) for row in found], total

        self._desk.listed(req, resp, shelf(query, resp, req.path, rows))


class PaymentSearch:
    """`/api/payments/search/{term}`: a mode, an amount, a reference, or part of the customer's name."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response, term: str = "") -> None:
        access = self._desk.admit(req, Permission.READ_LISTS)
        query = decode_query(req, SearchQuery)
        wanted = (term or query.q or query.query or "").strip()
        if not wanted:
            raise Problem(400, "bad_request", NO_TERM.replace("invoices", "payments"))
        call = self._desk.call(req, access)
        sought = Sought(text=wanted, method=method_of(wanted), amount=_minor(wanted))
        with self._desk.doors.reading() as connection:
            found, _ = payment_list.numbered(
                connection,
                call.organization_id,
                PaymentFilter(state="live"),
                sought,
                sort="-reference",
                per_page=MOST_ROWS,
            )
        self._desk.listed(req, resp, [listed_payment(row, call.organization.profile) for row in found])


class Payment:
    """`/api/payments/{document}`, and its older form for deleting."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        access = self._desk.admit(req, Permission.READ_DOCUMENTS)
        call = self._desk.call(req, access)
        payment_id = self._desk.find(call, document, NO_DATA, "payment")
        self._living(payment_id)
        loaded = self._desk.doors.load(PAYMENT, payment_id)
        recorded_at = self._desk.doors.ledger.history(payment_id, up_to_version=1)[0].meta.at
        resp.set_header("ETag", f'"{loaded.version}"')
        send(resp, one_payment(self._living(payment_id), recorded_at, call.organization.profile))

    def on_put(self, req: falcon.Request, _resp: falcon.Response, document: str) -> None:
        """Money that came in stays as it came: reverse it, and record the right one."""
        access = self._desk.admit(req, Permission.WRITE_INVOICES)
        call = self._desk.call(req, access)
        self._living(self._desk.find(call, document, NO_DATA, "payment"))
        raise Problem(
            409,
            "payment_recorded",
            f"payment {document} is recorded and is not rewritten: reverse it and record the right one",
            facts={"way_out": f"POST {NATIVE}/payments/{document}/reversal"},
        )

    def on_delete(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        """A reversal, today: what the payment had paid is open again, and its history stays."""
        access = self._desk.admit(req, Permission.WRITE_INVOICES)
        call = self._desk.call(req, access)
        payment_id = self._desk.find(call, document, NO_DATA, "payment")

        def command() -> ReversePayment:
            self._living(payment_id)
            reason = call.context.reason or "deleted by a client of the old dialect"
            return ReversePayment(payment_id=payment_id, date=call.context.today, reason=reason)

        self._desk.doors.execute(call, resp, command, render=lambda _: Done(message=PAYMENT_DELETED))
        self._desk.finish(req, resp, SHOWN_IN)

    def _living(self, payment_id: StreamId) -> State:
        """A payment that was reversed is gone, as far as this face is concerned."""
        state = self._desk.doors.ledger.load(PAYMENT, payment_id).state
        if state is None or state.reversed is not None:
            raise Problem(404, "not_found", NO_DATA)
        return state


class PaymentDeletion:
    """`/api/delete/payments/{document}`."""

    def __init__(self, desk: Desk) -> None:
        self._payment = Payment(desk)

    def on_delete(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        self._payment.on_delete(req, resp, document)


def new_payment(form: NewPayment, call: Call, doors: Doors) -> RecordPayment:
    """As much as the invoice can take; the rest is the customer's credit, never lost."""
    invoice_id = doors.asker(call).invoice(form.invoiceid, "/invoiceid")
    invoice = sent_of(doors.ledger.load(INVOICE, invoice_id).state)
    amount = money(form.amount, invoice.currency, "/amount")
    customer = invoice.header.customer
    reference = doors.new(call, "payment")
    method = method_of(form.paymentmode)
    return RecordPayment(
        payment_id=stream_id("payment", call.organization_id, reference),
        document=reference,
        customer_id=customer.customer_id,
        customer_name=customer.name,
        amount=amount,
        date=form.date or call.context.today,
        method=method,
        reference=form.transactionid or "",
        external_reference=form.transactionid or "",
        note=_note(form, method),
        allocations=(AllocationWish(invoice_id=invoice_id),),
    )


def _invoice(call: Call, text: str) -> StreamId:
    found = resolve("invoice", call.organization_id, text)
    if found is None:
        raise invalid("invoiceid", f"there is no invoice {text}", "unknown_invoice")
    return found


def _note(form: NewPayment, method: str) -> str:
    """What was said about the payment; a method that says more than the mode is one line of it."""
    said = form.paymentmethod or ""
    lines = [form.note or "", "" if method_of(said) == method else said]
    return "\n".join(line for line in lines if line)


def _minor(text: str) -> int | None:
    """The amount that a term may be, in minor units of two digits."""
    try:
        minor = Decimal(text) * 100
    except ArithmeticError:  # no number, or one beyond all bounds
        return None
    return int(minor) if minor.is_finite() and abs(minor) < _LARGEST and minor == int(minor) else None

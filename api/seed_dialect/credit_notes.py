"""Credit notes of the old dialect: issued against an invoice, read, found, applied and paid out; never changed."""

import falcon

from api.entrance.access import Permission
from api.entrance.call import Call
from api.entrance.decoding import decode_query
from api.entrance.problems import Problem
from api.seed_dialect.answers import (
    CREDIT_APPLIED,
    CREDIT_NOTE_ADDED,
    CREDIT_REFUNDED,
    NO_DATA,
    NO_SUCH_CREDIT_NOTE,
    NO_TERM,
    Added,
    Done,
    send,
)
from api.seed_dialect.columns import Columns, client_columns
from api.seed_dialect.credits import new_credit_note, refuse_change
from api.seed_dialect.desk import Desk
from api.seed_dialect.forms import form_of
from api.seed_dialect.lists import SearchQuery
from api.seed_dialect.modes import method_of
from api.seed_dialect.money_columns import applied_rows, credit_note_columns, credited_items, refund_rows
from api.seed_dialect.money_forms import Application, NewCreditNote, Refund
from api.seed_dialect.paging import MOST_ROWS, Paging, shelf
from api.seed_dialect.structure import structure_of
from api.translation import parsing
from invoicing_domain.categories import CREDIT_NOTE, INVOICE
from invoicing_domain.model.credit_note.commands import ApplyCredit, RefundCredit
from invoicing_domain.model.credit_note.state import CreditNote as State
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.money import Money
from invoicing_domain.model.payment.commands import AllocationWish
from projections.credit_note_list import query as credit_note_list
from projections.credit_note_list.query import CreditNoteRow

SHOWN_IN = ("credit_note_list", "invoice_detail", "invoice_list")


class CreditNoteQuery(Paging, frozen=True, kw_only=True):
    clientid: str | None = None


class CreditNotes:
    """`/api/credit_notes`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        access = self._desk.admit(req, Permission.WRITE_INVOICES)
        form = form_of(structure_of(req), NewCreditNote)
        call = self._desk.call(req, access, form)
        issued: list[int] = []

        def command() -> object:
            asked = new_credit_note(form, call, self._desk.doors)
            issued.append(asked.reference)
            return asked

        self._desk.doors.execute(
            call,
            resp,
            command,
            render=lambda _: Added(message=CREDIT_NOTE_ADDED, record_id=issued[-1]),
            status=201,
            location=lambda body: f"/api/credit_notes/{body['record_id']}",
        )
        self._desk.finish(req, resp, SHOWN_IN)

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        access = self._desk.admit(req, Permission.READ_LISTS)
        query = decode_query(req, CreditNoteQuery)
        call = self._desk.call(req, access)
        customer = None if query.clientid is None else self._desk.known_customer(call, query.clientid)

        def rows(sort: str, page: int, size: int) -> tuple[list[Columns], int]:
            with self._desk.doors.reading() as connection:
                found, total = credit_note_list.numbered(
                    connection, call.organization_id, customer_id=customer, sort=sort, page=page, per_page=size
                )
            return [_listed(row, call) for row in found], total

        self._desk.listed(req, resp, shelf(query, resp, req.path, rows))


class CreditNoteSearch:
    """`/api/credit_notes/search/{term}`: part of a number, of the customer's name or of the reason."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response, term: str = "") -> None:
        access = self._desk.admit(req, Permission.READ_LISTS)
        query = decode_query(req, SearchQuery)
        wanted = (term or query.q or query.query or "").strip()
        if not wanted:
            raise Problem(400, "bad_request", NO_TERM.replace("invoices", "credit_notes"))
        call = self._desk.call(req, access)
        with self._desk.doors.reading() as connection:
            found, _ = credit_note_list.numbered(
                connection, call.organization_id, sought=wanted, sort="-reference", per_page=MOST_ROWS
            )
        self._desk.listed(req, resp, [_listed(row, call) for row in found])


class CreditNote:
    """`/api/credit_notes/{document}`, and its older form for deleting."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        access = self._desk.admit(req, Permission.READ_DOCUMENTS)
        call = self._desk.call(req, access)
        note_id, _ = known(self._desk, call, document, NO_DATA)
        loaded = self._desk.doors.load(CREDIT_NOTE, note_id)
        resp.set_header("ETag", f'"{loaded.version}"')
        if loaded.state is not None:
            send(resp, self._in_full(loaded.state, note_id, call))

    def _in_full(self, note: State, note_id: StreamId, call: Call) -> Columns:
        ledger = self._desk.doors.ledger
        made_at = ledger.history(note_id, up_to_version=1)[0].meta.at
        invoice = sent_of(ledger.load(INVOICE, note.issued.invoice_id).state)
        return {
            **credit_note_columns(note.issued, note.unapplied, call.organization.profile, made_at),
            "items": credited_items(note.issued, invoice),
            "applied_credits": applied_rows(note),
            "refunds": refund_rows(note),
            "attachments": [],
            "client": client_columns(note.issued.customer, None),
            "customfields": [],
        }

    def on_put(self, req: falcon.Request, _resp: falcon.Response, document: str) -> None:
        self._refuse(req, document)

    def on_delete(self, req: falcon.Request, _resp: falcon.Response, document: str) -> None:
        self._refuse(req, document)

    def _refuse(self, req: falcon.Request, document: str) -> None:
        access = self._desk.admit(req, Permission.WRITE_INVOICES)
        call = self._desk.call(req, access)
        known(self._desk, call, document, NO_SUCH_CREDIT_NOTE)
        raise refuse_change(document)


class CreditNoteDeletion:
    """`/api/delete/credit_notes/{document}`."""

    def __init__(self, desk: Desk) -> None:
        self._note = CreditNote(desk)

    def on_delete(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        self._note.on_delete(req, resp, document)


class CreditNoteApplying:
    """`/api/credit_notes/{document}/apply`: what is left of the note lowers what is left to pay of an invoice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        access = self._desk.admit(req, Permission.WRITE_INVOICES)
        form = form_of(structure_of(req), Application)
        call = self._desk.call(req, access, form)
        note_id, _ = known(self._desk, call, document, NO_SUCH_CREDIT_NOTE)
        invoice_id = self._desk.doors.asker(call).invoice(form.invoiceid, "/invoiceid")
        wish = AllocationWish(invoice_id=invoice_id, amount=parsing.optional_amount(form.amount or None))
        command = ApplyCredit(credit_note_id=note_id, date=form.date or call.context.today, allocations=(wish,))
        self._desk.doors.execute(call, resp, lambda: command, render=lambda _: Done(message=CREDIT_APPLIED))
        self._desk.finish(req, resp, SHOWN_IN)


class CreditNoteRefund:
    """`/api/credit_notes/{document}/refund`: what is left of the note was paid out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        access = self._desk.admit(req, Permission.WRITE_INVOICES)
        form = form_of(structure_of(req), Refund)
        call = self._desk.call(req, access, form)
        note_id, _ = known(self._desk, call, document, NO_SUCH_CREDIT_NOTE)
        command = RefundCredit(
            credit_note_id=note_id,
            date=form.refunded_on or call.context.today,
            amount=parsing.optional_amount(form.amount or None),
            method=method_of(form.payment_mode or "1"),
            reference=form.transactionid or "",
            reason=form.note or call.context.reason or "refund",
        )
        self._desk.doors.execute(call, resp, lambda: command, render=lambda _: Done(message=CREDIT_REFUNDED))
        self._desk.finish(req, resp, SHOWN_IN)


def known(desk: Desk, call: Call, document: str, otherwise: str) -> tuple[StreamId, State]:
    note_id = desk.find(call, document, otherwise, "credit_note")
    state = desk.doors.ledger.load(CREDIT_NOTE, note_id).state
    if state is None:
        raise Problem(404, "not_found", otherwise)
    return note_id, state


def _listed(row: CreditNoteRow, call: Call) -> Columns:
    unapplied = Money(row.unapplied, row.currency)
    return credit_note_columns(row.document, unapplied, call.organization.profile, row.created_at)

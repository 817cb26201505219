"""Exports over HTTP: files that leave piece by piece while their rows are read."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Final

import falcon

from api.doors import Doors, Resource
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import invalid
from api.exports import saga, sheet, text
from api.exports.streams import documents
from api.resources.listing import invoice_filter
from api.resources.reports import period
from api.shapes.report_shapes import CsvQuery, ExportQuery, SagaQuery
from api.translation.paging import checked
from projections.invoice_list.row import InvoiceRow
from projections.invoice_list.stream import stream

CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_CHUNK: Final = 1 << 16


class Streaming:
    """Pieces of a body and what must be let go of when the last has left, or the client has."""

    def __init__(self, pieces: Iterable[bytes], held: ExitStack) -> None:
        self._pieces = iter(pieces)
        self._held = held

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        self._held.close()


def _begin(resp: falcon.Response, media_type: str, name: str) -> None:
    resp.content_type = media_type
    resp.downloadable_as = name


def _wanted(doors: Doors, call: Call, held: ExitStack) -> Iterator[InvoiceRow]:
    """The rows of the caller's filter, beside a transaction that lasts as long as what is held."""
    query: ExportQuery = call.query
    wanted = invoice_filter(doors, call, query)
    connection = held.enter_context(doors.reading())
    held.enter_context(connection.transaction())
    sort = query.sort or "-reference"
    today = call.context.today
    return checked(lambda: stream(connection, call.organization_id, wanted, today=today, sort=sort))


class InvoicesCsv(Resource):
    @operation(
        Operation(
            summary="The filtered invoice list as CSV: for Romanian Excel, or with `dialect=rfc4180` for programs",
            permission=Permission.READ_LISTS,
            query=CsvQuery,
            media_type=CSV,
            waits_for=("invoice_list",),
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: CsvQuery = call.query
        with ExitStack() as held:
            rows = _wanted(self._doors, call, held)
            pieces = text.lines(rows, call.context.today, query.dialect)
            _begin(resp, CSV, f"invoices-{call.context.today}.csv")
            if req.method != "HEAD":
                resp.stream = Streaming(pieces, held.pop_all())


class InvoicesXlsx(Resource):
    @operation(
        Operation(
            summary="The filtered invoice list as an Excel workbook",
            permission=Permission.READ_LISTS,
            query=ExportQuery,
            media_type=XLSX,
            waits_for=("invoice_list",),
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        _begin(resp, XLSX, f"invoices-{call.context.today}.xlsx")
        with ExitStack() as held:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="izvor-export-")))
            with ExitStack() as reading:
                rows = _wanted(self._doors, call, reading)
                _write(rows, call.context.today, folder / "invoices.xlsx")
            if req.method != "HEAD":
                file = held.enter_context((folder / "invoices.xlsx").open("rb"))
                resp.stream = Streaming(iter(lambda: file.read(_CHUNK), b""), held.pop_all())


def _write(rows: Iterable[InvoiceRow], today: date, path: Path) -> None:
    try:
        sheet.write(rows, today, path)
    except ValueError as error:
        raise invalid("status", str(error), "too_many") from None


class Saga(Resource):
    @operation(
        Operation(
            summary="Invoices and credit notes sent in a period, as XML for SAGA C",
            permission=Permission.READ_DOCUMENTS,
            query=SagaQuery,
            media_type=saga.MEDIA_TYPE,
            waits_for=("invoice_list", "invoice_detail", "credit_note_list"),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: SagaQuery = call.query
        today = call.context.today
        until = query.until or today
        since, until = period(query.since or until.replace(day=1), until)
        tax_id = call.organization.profile.tax_id or "fara-cif"
        _begin(resp, saga.MEDIA_TYPE, f"F_{tax_id}_multiple_{since:%d-%m-%Y}_{until:%d-%m-%Y}.xml")
        if req.method == "HEAD":
            return
        with ExitStack() as held:
            connection = held.enter_context(self._doors.reading())
            held.enter_context(connection.transaction())
            found = documents(connection, call.organization_id, since, until, today)
            resp.stream = Streaming(saga.xml(found), held.pop_all())

"""The command that writes files for accountants: the same as the exports of the API, for files at hand."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO, get_args

import psycopg
import typer

from api.exports import saga, sheet, text
from api.exports.streams import documents
from deploy.cli.options import Data, Database, database_of, present, settings_of
from deploy.errors import RefusedError
from invoicing_domain.model.dates import local_date
from invoicing_domain.model.invoice.status import Status
from projections.invoice_list.filters import InvoiceFilter
from projections.invoice_list.stream import stream
from projections.organization_list import query as organization_list
from projections.organization_list.query import OrganizationRow
from projections.rows import Connection


class What(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    SAGA = "saga"


class Dialect(StrEnum):
    EXCEL_RO = "excel-ro"
    RFC4180 = "rfc4180"


def export(
    what: Annotated[What, typer.Argument(help="csv and xlsx: the invoice list; saga: sent documents as XML.")],
    output: Annotated[Path | None, typer.Option(help="File to write; standard output for csv and saga.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="Issued on this day or after.", metavar="DATE")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Issued on this day or before.", metavar="DATE")] = None,
    status: Annotated[list[str] | None, typer.Option(help="Only these statuses, for csv and xlsx.")] = None,
    sort: Annotated[str, typer.Option(help="Order of csv and xlsx, such as -due_date,number.")] = "reference",
    dialect: Annotated[Dialect, typer.Option(help="Of csv: for Romanian Excel, or for programs.")] = Dialect.EXCEL_RO,
    organization: Annotated[str | None, typer.Option(help="Organization id, when there are several.")] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Write the invoice list or the sent documents of a period to a file.

    Example: izvor export saga --from 2026-10-01 --to 2026-10-31 --output october.xml
    """
    first, last = _day(since, "--from"), _day(until, "--to")
    if what is What.XLSX and output is None:
        raise RefusedError("a workbook goes to a file: give --output FILE")
    with _reading(data, database) as connection:
        seller = _organization(connection, organization)
        today = local_date(present(connection), seller.profile.time_zone)
        wanted = InvoiceFilter(status=_statuses(status or ()), issued_from=first, issued_to=last)
        if what is What.SAGA:
            found = documents(connection, seller.organization_id, first or date.min, last or date.max, today)
            _write(saga.xml(found), output)
            return
        try:
            rows = stream(connection, seller.organization_id, wanted, today=today, sort=sort)
            if what is What.XLSX and output is not None:
                sheet.write(rows, today, output)
            else:
                _write(text.lines(rows, today, "rfc4180" if dialect is Dialect.RFC4180 else "excel-ro"), output)
        except ValueError as error:
            raise RefusedError(str(error)) from None


@contextmanager
def _reading(data: Path | None, database: str | None) -> Iterator[Connection]:
    """A connection in a transaction: one state of the lists for the whole file."""
    with (
        database_of(settings_of(data, database)) as conninfo,
        psycopg.connect(conninfo, autocommit=True) as connection,
        connection.transaction(),
    ):
        yield connection


def _organization(connection: Connection, wanted: str | None) -> OrganizationRow:
    there = organization_list.organizations(connection)
    found = [one for one in there if wanted in {None, one.organization_id}]
    if len(found) != 1:
        known = ", ".join(f"{one.organization_id} ({one.profile.name})" for one in there) or "none yet"
        raise RefusedError(f"give --organization with one of: {known}")
    return found[0]


def _write(pieces: Iterable[bytes], output: Path | None) -> None:
    if output is None:
        _pour(pieces, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with output.open("wb") as file:
        _pour(pieces, file)


def _pour(pieces: Iterable[bytes], sink: BinaryIO) -> None:
    sink.writelines(pieces)


def _statuses(given: Sequence[str]) -> tuple[str, ...]:
    for word in given:
        if word not in get_args(Status):
            raise RefusedError(f"--status: {word!r} is not one of {', '.join(get_args(Status))}")
    return tuple(given)


def _day(given: str | None, option: str) -> date | None:
    try:
        return None if given is None else date.fromisoformat(given)
    except ValueError:
        raise RefusedError(f"{option} is a date such as 2026-10-31, not {given!r}") from None

"""The invoice list as CSV, for Romanian Excel or for programs."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from api.exports.columns import NAMES, Cell, cells
from projections.invoice_list.row import InvoiceRow

Dialect = Literal["excel-ro", "rfc4180"]

CHUNK: Final = 1 << 16
"""Characters gathered before they leave."""

_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
"""With their wide forms, which some spreadsheets narrow, and blanks that some pass over."""


def lines(rows: Iterable[InvoiceRow], today: date, dialect: Dialect = "excel-ro") -> Iterator[bytes]:
    """The file in pieces: a byte order mark and `;` for Romanian Excel, neither for programs."""
    romanian = dialect == "excel-ro"
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";" if romanian else ",", lineterminator="\r\n")
    if romanian:
        buffer.write("\ufeff")
    writer.writerow(NAMES)
    for row in rows:
        writer.writerow([written(cell, comma=romanian) for cell in cells(row, today)])
        if buffer.tell() >= CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def written(cell: Cell, *, comma: bool) -> str:
    """A cell as CSV holds it; text that a spreadsheet would take for a formula begins with an apostrophe."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",") if comma else f"{cell:f}"
    return "" if cell is None else str(cell)

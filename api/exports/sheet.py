"""The invoice list as an Excel workbook, written row by row to a file."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from api.exports.columns import NAMES, Cell, cells
from projections.invoice_list.row import InvoiceRow

MOST_ROWS: Final = 1_048_575
"""What a sheet of Excel holds beside its heading."""

_MOST_DIGITS: Final = 15
_LONGEST_TEXT: Final = 32_767
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write(rows: Iterable[InvoiceRow], today: date, path: Path) -> None:
    """Write the file; memory does not grow with it. Raises ValueError when there are more rows than a sheet holds."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        formats = {
            "heading": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        sheet = book.add_worksheet("invoices")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(NAMES):
            sheet.write_string(0, column, name, formats["heading"])
        for line, row in enumerate(rows, start=1):
            if line > MOST_ROWS:
                raise ValueError(f"more than {MOST_ROWS} invoices, which is what a sheet holds: narrow the filter")
            for column, cell in enumerate(cells(row, today)):
                _put(sheet, line, column, cell, formats["day"])


def _put(sheet: Any, line: int, column: int, cell: Cell, day: Any) -> None:
    if isinstance(cell, Decimal) and len(cell.as_tuple().digits) > _MOST_DIGITS:
        cell = f"{cell:f}"
    if isinstance(cell, str):
        sheet.write_string(line, column, cell[:_LONGEST_TEXT])
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, cell, day)
    elif cell is not None:
        sheet.write_number(line, column, cell)

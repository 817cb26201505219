"""Tables at the keyboard. What does not fit is folded, never cut: ids and reasons are there to be read and copied."""

from collections.abc import Iterable

from rich import box
from rich.table import Table
from rich.text import Text


def table_of(columns: Iterable[str], rows: Iterable[Iterable[str]], *, none: str) -> Table | str:
    """A table of plain text (brackets are no markup), or what to say when there are no rows."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table if table.row_count else none

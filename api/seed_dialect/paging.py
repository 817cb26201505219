"""Pages in the words of the old dialect: a plain array, or with any word for a page `{data, meta}`."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

import falcon
from msgspec import Struct

from api.entrance.problems import invalid
from api.seed_dialect.columns import Columns
from projections.rows import HIGHEST_LIMIT

MOST_ROWS: Final = 1_000
"""The longest list without pages."""

ROWS_AT_ONCE: Final = HIGHEST_LIMIT
DEFAULT_PER_PAGE: Final = 25


class Paging(Struct, frozen=True, kw_only=True):
    """What every list may be asked for; other parameters are ignored, as the original does."""

    page: int | None = None
    nr_page: int | None = None
    per_page: int | None = None
    limit: int | None = None
    sort: str | None = None
    fields: str | None = None

    @property
    def is_paged(self) -> bool:
        """A bare `limit` is not paging."""
        return any(word is not None for word in (self.page, self.nr_page, self.per_page))


def page_and_size(query: Paging) -> tuple[int, int]:
    page = next((number for number in (query.page, query.nr_page) if number is not None), 1)
    size = next((number for number in (query.per_page, query.limit) if number is not None), DEFAULT_PER_PAGE)
    if page < 1:
        raise invalid("page", "begins at 1")
    if not 1 <= size <= HIGHEST_LIMIT:
        raise invalid("per_page", f"is 1 to {HIGHEST_LIMIT}")
    return page, size


def enveloped(data: list[Columns], page: int, size: int, total: int) -> Columns:
    """One page with what the original says about it; a page behind the last one is the last one."""
    last = max(-(-total // size), 1)
    shown = min(page, last)
    return {
        "data": data,
        "meta": {
            "page": shown,
            "per_page": size,
            "total": total,
            "total_pages": last,
            "has_more": shown < last,
            "current_page": shown,
            "last_page": last,
        },
    }


def tell_of_more(resp: falcon.Response, path: str) -> None:
    """A plain array that was cut says so, and where it goes on."""
    resp.set_header("Izvor-Truncated", f"{MOST_ROWS} rows; use page and per_page")
    again = urlencode({"page": MOST_ROWS // ROWS_AT_ONCE + 1, "per_page": ROWS_AT_ONCE})
    resp.set_header("Link", f'<{path}?{again}>; rel="next"')


def chosen(columns: Columns, fields: str | None, key: str = "id") -> Columns:
    """The columns that were asked for; the id is always among them."""
    if not fields:
        return columns
    wanted = {key, *(name.strip() for name in fields.split(","))}
    return {name: value for name, value in columns.items() if name in wanted}


def shelf(
    query: Paging,
    resp: falcon.Response,
    path: str,
    rows: Callable[[str, int, int], tuple[list[Columns], int]],
    key: str = "id",
) -> list[Columns] | Columns:
    """A list in the order of its ids; `rows` gets the order, the page and its size, and tells how many there are."""
    orders = {"id": "reference", "-id": "-reference", key: "reference", f"-{key}": "-reference"}
    sort = orders.get(query.sort or "id")
    if sort is None:
        raise invalid("sort", f"is one of {', '.join(orders)}")
    if query.is_paged:
        page, size = page_and_size(query)
        data, total = rows(sort, page, size)
        return enveloped([chosen(one, query.fields, key) for one in data], page, size, total)
    data, total = rows(sort, 1, MOST_ROWS)
    if total > MOST_ROWS:
        tell_of_more(resp, path)
    return [chosen(one, query.fields, key) for one in data]

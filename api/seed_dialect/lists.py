"""Lists and searches: paging words, filters and sort keys of the old dialect, answered from read models."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import falcon
from msgspec import Struct

from api.doors import Doors
from api.entrance.call import Call
from api.entrance.problems import invalid
from api.seed_dialect import paging
from api.seed_dialect.codes import STATUS_CODES, statuses_of
from api.seed_dialect.columns import Columns, client_columns, invoice_columns
from api.seed_dialect.kept import custom_fields
from api.seed_dialect.paging import Paging, chosen, enveloped, page_and_size, tell_of_more
from invoicing_domain.model.identity import resolve
from invoicing_domain.model.invoice.status import Status
from invoicing_domain.model.number_series.events import WIDTH
from projections.invoice_detail import query as invoice_detail
from projections.invoice_list import query as invoice_list
from projections.invoice_list.filters import InvoiceFilter
from projections.invoice_list.row import InvoiceRow
from projections.invoice_search import query as invoice_search

_SORT_KEYS: Final = {
    "id": "reference",
    "number": "number",
    "date": "issue_date",
    "duedate": "due_date",
    "total": "gross",
    "total_left_to_pay": "balance",
    "company": "customer_name",
    "datecreated": "created_at",
}


class ListQuery(Paging, frozen=True, kw_only=True):
    """What a list of invoices may be asked for beside its pages."""

    status: str | None = None
    clientid: str | None = None
    created_after: date | None = None
    created_before: date | None = None
    date_from: date | None = None
    date_to: date | None = None


class SearchQuery(Struct, frozen=True, kw_only=True):
    q: str | None = None
    query: str | None = None


def rows_of(doors: Doors, call: Call, query: ListQuery, resp: falcon.Response, path: str) -> list[Columns] | Columns:
    """A plain array, or with any word for a page the array in `data` with `meta` beside it."""
    wanted = _filter(call, query)
    sort = _sort(query.sort)
    if query.is_paged:
        return _page(doors, call, query, wanted, sort)
    rows, more = _all(doors, call, wanted, sort)
    if more:
        tell_of_more(resp, path)
    return _columns(doors, call, rows, query.fields)


def found(doors: Doors, call: Call, term: str) -> list[Columns]:
    """Invoices in which every word of the term occurs, or that have its tag; newest number first, with clients."""
    tag = term.removeprefix("#").strip() if term.startswith("#") else None
    if tag == "":
        raise invalid("q", "a tag has a name after the #")
    wanted = InvoiceFilter(tag=tag) if tag else _with_words(doors, call, _searched(term, call))
    rows, _ = _all(doors, call, wanted, "-number")
    return _columns(doors, call, rows, None, with_clients=True)


def _with_words(doors: Doors, call: Call, words: str) -> InvoiceFilter:
    with doors.reading() as connection:
        found = invoice_search.narrowed(connection, call.organization_id, words, inside_words=True)
    return InvoiceFilter() if found is None else InvoiceFilter(ids=found.ids, matching=found.matching)


def _page(doors: Doors, call: Call, query: ListQuery, wanted: InvoiceFilter, sort: str) -> Columns:
    page, size = page_and_size(query)
    with doors.reading() as connection:
        rows, total = invoice_list.page(
            connection,
            call.organization_id,
            wanted,
            today=call.context.today,
            sort=sort,
            page=page,
            per_page=size,
        )
    return enveloped(_columns(doors, call, rows, query.fields), page, size, total)


def _all(doors: Doors, call: Call, wanted: InvoiceFilter, sort: str) -> tuple[list[InvoiceRow], bool]:
    rows: list[InvoiceRow] = []
    after: str | None = None
    with doors.reading() as connection:
        while len(rows) < paging.MOST_ROWS:
            page = invoice_list.list_invoices(
                connection,
                call.organization_id,
                wanted,
                today=call.context.today,
                sort=sort,
                limit=paging.ROWS_AT_ONCE,
                after=after,
            )
            rows += page.rows
            after = page.next
            if after is None:
                break
    return rows, after is not None


def _columns(
    doors: Doors, call: Call, rows: list[InvoiceRow], fields: str | None, *, with_clients: bool = False
) -> list[Columns]:
    """Rows in full: the list says which, the detail model what they are."""
    home = call.organization.profile
    with doors.reading() as connection:
        details = invoice_detail.get_many(connection, call.organization_id, [row.invoice_id for row in rows])
    listed = []
    for row in rows:
        detail = details.get(row.invoice_id)
        if detail is None:
            continue
        state = detail.state
        columns = invoice_columns(state, home, call.context.today, detail.created_at)
        columns["customfields"] = custom_fields(state.header.metadata)
        if with_clients:
            columns = {**client_columns(state.header.customer, None), **columns, "invoiceid": columns["id"]}
        listed.append(chosen(columns, fields))
    return listed


def _filter(call: Call, query: ListQuery) -> InvoiceFilter:
    zone = ZoneInfo(call.organization.profile.time_zone)
    since = query.created_after or query.date_from
    until = query.created_before or query.date_to
    return InvoiceFilter(
        status=_statuses(query.status),
        customer_id=_customer(call, query.clientid),
        created_from=None if since is None else datetime.combine(since, time.min, zone),
        created_before=None if until is None else datetime.combine(until, time.min, zone) + timedelta(days=1),
    )


def _statuses(text: str | None) -> tuple[Status, ...]:
    statuses: list[Status] = []
    for code in (text or "").split(","):
        if code.strip():
            behind = statuses_of(code.strip())
            if not behind:
                raise invalid("status", f"is one of {', '.join(sorted(set(STATUS_CODES.values())))}")
            statuses += behind
    return tuple(statuses)


def _customer(call: Call, text: str | None) -> str | None:
    if text is None:
        return None
    customer_id = resolve("customer", call.organization_id, text)
    if customer_id is None:
        raise invalid("clientid", f"there is no customer {text}")
    return customer_id


def _sort(text: str | None) -> str:
    """The order in the words of the read model; ascending ids, as the original has it, unless said otherwise."""
    keys: dict[str, str] = {}
    for word in (text or "id").split(","):
        name = word.strip().removeprefix("-")
        if name not in _SORT_KEYS:
            raise invalid("sort", f"{name!r} is not one of {', '.join(_SORT_KEYS)} (with - for descending)")
        keys.setdefault(_SORT_KEYS[name], "-" if word.strip().startswith("-") else "")
    return ",".join(f"{sign}{key}" for key, sign in keys.items())


def _searched(term: str, call: Call) -> str:
    """A number is looked for without leading zeros; with the prefix before it, as the whole legal number."""
    series = call.organization.profile.invoice_series
    digits = term.removeprefix(series)
    if not (digits.isascii() and digits.isdigit()):
        return term
    counter = digits.lstrip("0") or "0"
    return counter if digits == term else f"{series}{counter.zfill(WIDTH)}"

"""Pages of what has words that too many invoices have to name them: mostly met soon, on a walk along the order.

Not so a word of customers' names in the order of names: those that have it lie together, anywhere. There the names are
looked up, and only they are walked along; the few invoices that have the words elsewhere are put between.
"""

from dataclasses import dataclass, replace
from typing import Final

from psycopg import sql

from projections.invoice_list.row import SELECT, InvoiceRow
from projections.invoice_list.wish import Wish, selection, source_of
from projections.matching import Matching
from projections.rows import Connection, fetch, fetch_one

WALKED: Final = 5_000
"""So many rows are looked at one by one for words that are common."""

FEW: Final = 2_500
"""Up to so many invoices are put between others by sorting them all."""

BY_NAME: Final = "customer_name"

# By the names of keys: the planner then sees that what was walked in order need not be sorted, and stops at the limit.
_WALK: Final = sql.SQL("""
{select}, {cursor} AS sort_keys
FROM (SELECT *, {keys} {source} ORDER BY {order_by} LIMIT %(walked)s) AS invoice_list
WHERE (SELECT s.words @@ %(anywhere)s::tsquery FROM read.invoice_search s WHERE s.invoice_id = invoice_list.invoice_id)
ORDER BY {order_by_names} LIMIT %(limit)s
""")
_PASSED: Final = sql.SQL("SELECT count(*) AS total FROM (SELECT 1 {} LIMIT %(walked)s) AS passed")

_WITH: Final = sql.SQL("""
SELECT invoice_id::text AS value
FROM read.invoices_with(%(organization_id)s::uuid, %(elsewhere)s::tsquery, %(most)s, false) AS invoice_id
""")
_NAMES: Final = sql.SQL("""
SELECT DISTINCT w.customer_key AS value
FROM unnest(%(first)s::text[], %(last)s::text[]) AS span (first, last)
JOIN read.invoice_word w ON w.organization_id = %(organization_id)s::uuid AND w.customer_key <> ''
    AND w.word >= span.first AND w.word <= span.last
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    value: str


def with_common_words(connection: Connection, wish: Wish, words: Matching) -> list[InvoiceRow]:
    """The page that is wished for, and one row more if there is one; when nothing else helps, all are sorted."""
    found = _by_names(connection, wish, words) if wish.order.first == BY_NAME else None
    if found is None:
        found = _met(connection, _narrowed(wish), words)
    return fetch(connection, InvoiceRow, *selection(connection, wish)) if found is None else found


def _by_names(connection: Connection, wish: Wish, words: Matching) -> list[InvoiceRow] | None:
    """None when the words are common elsewhere too, or no name has one of them."""
    elsewhere = _values(connection, _WITH, wish, elsewhere=words.elsewhere, most=FEW + 1)
    if len(elsewhere) > FEW:
        return None
    first, last = zip(*words.spans, strict=True)
    names = _values(connection, _NAMES, wish, first=list(first), last=list(last))
    named = _met(connection, _narrowed(wish, names=names), words) if names else None
    if named is None or not elsewhere:
        return named
    ids = {*elsewhere, *(row.invoice_id for row in named)}
    return fetch(connection, InvoiceRow, *selection(connection, _narrowed(wish, ids=tuple(ids))))


def _met(connection: Connection, wish: Wish, words: Matching) -> list[InvoiceRow] | None:
    """The page, if it is met among the first thousands that are wished for, or there are no more of them; else None."""
    source, arguments = source_of(connection, wish)
    arguments |= {"anywhere": words.anywhere, "walked": WALKED}
    keys, order_by_names = wish.order.named()
    walk = _WALK.format(
        select=SELECT,
        cursor=wish.order.cursor_column(),
        keys=keys,
        source=source,
        order_by=wish.order.order_by(),
        order_by_names=order_by_names,
    )
    found = fetch(connection, InvoiceRow, walk, arguments)
    if len(found) > wish.limit:
        return found
    passed = fetch_one(connection, _Count, _PASSED.format(source), arguments)
    return found if passed is None or passed.total < WALKED else None


def _narrowed(wish: Wish, *, ids: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> Wish:
    """The same without its words, which are looked at by other means."""
    return replace(wish, wanted=replace(wish.wanted, matching=None, ids=ids, names=names))


def _values(connection: Connection, query: sql.SQL, wish: Wish, **arguments: object) -> tuple[str, ...]:
    asked = {"organization_id": wish.organization_id, **arguments}
    return tuple(row.value for row in fetch(connection, _Value, query, asked))

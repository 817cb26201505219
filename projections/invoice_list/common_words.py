"""Pages of what has words that too many invoices have to name them: met soon, mostly, on a walk along the order.

Words of customers are met with less effort: which customers have them is known, and the others are passed by. In the
order of names those lie together, anywhere, and are the only ones walked along; so they are in every order where they
have few invoices. The few invoices that have some of the words elsewhere are put between.
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

PASSED_BY: Final = 15_000
"""So many, when most of them are known not to have the words."""

FEW: Final = 2_500
"""Up to so many invoices are put between others by sorting them all."""

SOON_SORTED: Final = 4_000
"""So many invoices of customers are fetched and sorted sooner than those of others are passed by."""

MANY_CUSTOMERS: Final = 250
"""So many customers have more invoices than are soon sorted, mostly: they are not counted."""

BY_NAME: Final = "customer_name"

# By the names of keys: the planner then sees that what was walked in order need not be sorted, and stops at the limit.
# Words that are all in the customer's name are seen there, without a look at the words of the invoice; a name of more
# bytes than a word may have is not asked.
_WALK: Final = sql.SQL("""
{select}, {cursor} AS sort_keys
FROM (SELECT *, {keys} {source} ORDER BY {order_by} LIMIT %(walked)s) AS invoice_list
WHERE (%(among)s::text[] IS NULL OR customer_key = ANY(%(among)s))
  AND (CASE WHEN octet_length(customer_key) <= 2046
         THEN array_to_tsvector(array_remove(string_to_array(customer_key, ' '), '')) @@ %(anywhere)s::tsquery END OR (
    SELECT s.words @@ %(anywhere)s::tsquery FROM read.invoice_search s WHERE s.invoice_id = invoice_list.invoice_id))
ORDER BY {order_by_names} LIMIT %(limit)s
""")
_COUNT: Final = sql.SQL("SELECT count(*) AS total FROM (SELECT 1 {} LIMIT %(walked)s) AS walked")
_THEIRS: Final = sql.SQL(
    "FROM read.invoice_list WHERE organization_id = %(organization_id)s::uuid AND customer_key = ANY(%(names)s)"
)

_WITH: Final = sql.SQL("""
SELECT invoice_id::text
FROM read.invoices_with(%(organization_id)s::uuid, %(elsewhere)s::tsquery, %(most)s, false) AS invoice_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Id:
    invoice_id: str


def with_common_words(connection: Connection, wish: Wish, words: Matching) -> list[InvoiceRow]:
    """The page that is wished for, and one row more if there is one; when nothing else helps, all are sorted."""
    elsewhere = _elsewhere(connection, wish, words) if words.customers else ()
    if words.customers and len(elsewhere) <= FEW:
        found = _by_customers(connection, wish, words, elsewhere)
    else:
        found = _met(connection, _narrowed(wish), words, WALKED)
    return fetch(connection, InvoiceRow, *selection(connection, wish)) if found is None else found


def _by_customers(
    connection: Connection, wish: Wish, words: Matching, elsewhere: tuple[str, ...]
) -> list[InvoiceRow] | None:
    """Those of customers who may have all of the words, the few others put between; None when they are not met soon."""
    met = _met_among(connection, wish, words)
    if met is None or not elsewhere:
        return met
    ids = {*elsewhere, *(row.invoice_id for row in met)}
    page = fetch(connection, InvoiceRow, *selection(connection, _narrowed(wish, ids=tuple(ids))))
    # What has changed since it was met, and is wished for no more, must not make this look like the last page.
    return None if len(met) > wish.limit >= len(page) else page


def _met_among(connection: Connection, wish: Wish, words: Matching) -> list[InvoiceRow] | None:
    """Along the order, passing by other customers; or along the invoices of these alone, where they lie together."""
    if wish.order.first != BY_NAME and not _have_few(connection, wish, words.customers):
        met = _met(connection, _narrowed(wish), words, PASSED_BY, among=words.customers)
        if met is not None:
            return met
    return _met(connection, _narrowed(wish, names=words.customers), words, WALKED)


def _met(
    connection: Connection, wish: Wish, words: Matching, walked: int, among: tuple[str, ...] = ()
) -> list[InvoiceRow] | None:
    """The page, if it is met among so many rows, or there are no more of them; else None. `among`: customers' names."""
    source, arguments = source_of(connection, wish)
    arguments |= {"anywhere": words.anywhere, "walked": walked, "among": list(among) or None}
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
    passed = fetch_one(connection, _Count, _COUNT.format(source), arguments)
    return found if passed is None or passed.total < walked else None


def _have_few(connection: Connection, wish: Wish, customers: tuple[str, ...]) -> bool:
    """Whether all invoices of these customers, whatever else is asked of them, are soon sorted."""
    if len(customers) > MANY_CUSTOMERS:
        return False
    arguments = {"organization_id": wish.organization_id, "names": list(customers), "walked": SOON_SORTED + 1}
    count = fetch_one(connection, _Count, _COUNT.format(_THEIRS), arguments)
    return count is not None and count.total <= SOON_SORTED


def _narrowed(wish: Wish, *, ids: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> Wish:
    """The same without its words, which are looked at by other means."""
    return replace(wish, wanted=replace(wish.wanted, matching=None, ids=ids, names=names))


def _elsewhere(connection: Connection, wish: Wish, words: Matching) -> tuple[str, ...]:
    arguments = {"organization_id": wish.organization_id, "elsewhere": words.elsewhere, "most": FEW + 1}
    return tuple(row.invoice_id for row in fetch(connection, _Id, _WITH, arguments))

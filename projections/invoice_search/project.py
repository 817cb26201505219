"""From facts to the words of each invoice, and to the vocabulary of the organization."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

import msgspec

from invoicing_domain.model.invoice.events import (
    Discarded,
    DraftChanged,
    Drafted,
    Header,
    LineAdded,
    LineChanged,
    LineRemoved,
    NoteAdded,
    Sent,
)
from invoicing_domain.model.invoice.lines import Line, document_totals
from invoicing_domain.model.money import Money
from invoicing_domain.model.party import Buyer
from projections.invoice_search.words import amount_word, plain_words, vector, words_of
from projections.readmodel import Appended, Event, Keyed, ReadModel, Row
from projections.text import searchable, to_json


@dataclass(slots=True)
class Draft:
    """What a draft is made of, while it can change."""

    header: Header
    lines: dict[str, Line]


@dataclass(slots=True)
class Entry:
    """A row in the making: the columns in order, and the draft behind them when a fact of the batch needs it."""

    invoice_id: str
    organization_id: str
    reference: int
    number: str | None
    order_id: str | None
    words: str
    draft: str | None
    working: Draft | None = None


COLUMNS: Final = tuple(field.name for field in fields(Entry) if field.name != "working")

NOT_A_NAME: Final = ""
"""Instead of a name: the row is of the word alone. A name of nothing but accents has this key, and is not kept."""

_columns: Final = attrgetter(*COLUMNS)
_stored_draft: Final = msgspec.json.Decoder(Draft)


def fold(entry: Entry | None, event: Event) -> Entry:
    if entry is None:
        if not isinstance(event.fact, Drafted):
            raise TypeError(f"an invoice begins with Drafted, not with {type(event.fact).__name__}")
        working = Draft(header=event.fact.header, lines={})
        return Entry(event.stream_id, event.organization_id, event.fact.reference, None, None, "", None, working)
    match fact := event.fact:
        case LineAdded() | LineChanged():
            _working(entry).lines[fact.line.id] = fact.line
        case LineRemoved():
            _working(entry).lines.pop(fact.line_id, None)
        case DraftChanged():
            _working(entry).header = fact.header
        case NoteAdded():
            more = words_of([fact.text])
            entry.words = f"{entry.words} {vector(more)}" if more else entry.words
        case Sent():
            _send(entry, fact)
        case Discarded():
            entry.words, entry.order_id, entry.working, entry.draft = "", None, None, None
    return entry


def _working(entry: Entry) -> Draft:
    if entry.working is None:
        entry.working = _stored_draft.decode(entry.draft or "")
    return entry.working


def _send(entry: Entry, fact: Sent) -> None:
    working = _working(entry)
    entry.number = fact.number
    counter = fact.number.removeprefix(fact.series)
    names = {searchable(fact.number), counter, counter.lstrip("0")} - {""}
    amounts = {_amount(fact.totals.net), _amount(fact.totals.vat), _amount(fact.totals.gross)}
    _show(entry, working, fact.customer, names | amounts, is_known=_key(fact.customer) != NOT_A_NAME)
    entry.working = entry.draft = None


def render(entry: Entry) -> Row:
    if entry.working is not None:
        working = entry.working
        header = working.header
        totals, _ = document_totals(tuple(working.lines.values()), header.discount, header.currency, header.charges)
        amounts = {_amount(totals.net), _amount(totals.gross)}
        _show(entry, working, header.customer, amounts, is_known=_is_known(header.customer))
        entry.draft = to_json(working)
    row: Row = _columns(entry)
    return row


def _show(entry: Entry, working: Draft, customer: Buyer, more: set[str], *, is_known: bool) -> None:
    """What is written on an invoice becomes its words, with `more`; those of a known customer are marked."""
    header = working.header
    order = header.order
    entry.order_id = searchable(order.id) if order else None
    texts = _header_texts(header)
    for line in working.lines.values():
        texts += (line.description, line.details)
    words = words_of(texts) | more | {str(entry.reference)}
    if customer.tax_id:
        words.add(searchable(customer.tax_id).lstrip("abcdefghijklmnopqrstuvwxyz"))
    about = words_of(_customer_texts(customer))
    entry.words = vector(words - {""}, about) if is_known else vector((words | about) - {""})


def _is_known(customer: Buyer) -> bool:
    """Whether a draft's customer is in the vocabulary. That only grows: persons come in with a document."""
    return customer.kind != "person" and _key(customer) != NOT_A_NAME


def _key(customer: Buyer) -> str:
    """The name as the list sorts by it."""
    return searchable(customer.name)


def _header_texts(header: Header) -> list[str | None]:
    order = (header.order.id, header.order.number) if header.order else ()
    return [header.notes, header.buyer_reference, header.payment_reference, *order]


def _customer_texts(customer: Buyer) -> list[str | None]:
    address = customer.address
    return [customer.name, customer.tax_id, address.street, address.city, address.county, address.postal_code]


def _amount(amount: Money) -> str:
    text = f"{amount.decimal:f}"
    return amount_word(text) if "." in text else text


def vocabulary(_: Entry | None, event: Event) -> Iterable[Row]:
    """The words that a fact brings in, and the names of the customers that have them, once for each organization."""
    texts: list[str | None] = []
    buyer: Buyer | None = None
    match fact := event.fact:
        case Drafted() | DraftChanged():
            texts += _header_texts(fact.header)
            buyer = None if fact.header.customer.kind == "person" else fact.header.customer
        case LineAdded() | LineChanged():
            texts += (fact.line.description, fact.line.details)
        case NoteAdded():
            texts.append(fact.text)
        case Sent():
            buyer = fact.customer
        case _:
            return
    if buyer is not None:
        about = _customer_texts(buyer)
        if (key := _key(buyer)) != NOT_A_NAME:
            yield from ((event.organization_id, word, key) for word in words_of(about))
        texts += about
    yield from ((event.organization_id, word, NOT_A_NAME) for word in plain_words(words_of(texts)))


MODEL: Final = ReadModel(
    name="invoice_search",
    version=4,
    facts=frozenset({Drafted, DraftChanged, LineAdded, LineChanged, LineRemoved, Discarded, Sent, NoteAdded}),
    keyed=Keyed(
        table="invoice_search",
        columns=COLUMNS,
        begins=frozenset({Drafted}),
        revive=lambda row: Entry(*row),
        fold=fold,
        render=render,
    ),
    appended=Appended(
        table="invoice_word",
        columns=("organization_id", "word", "customer_key"),
        rows=vocabulary,
        types=("uuid", "text", "text"),
    ),
)

"""A sheet: everything that a document says on paper, finished, in the language of its reader.

Whoever lays it out adds nothing but the layout: no word, no figure, no rule.
"""

from dataclasses import dataclass
from typing import Final

from invoicing_domain.model.party import Language

TEMPLATE: Final = "document/2"
"""The design, its words included. A new one is a new number: what was made with the old one stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A figure or a date with what it is called."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyBlock:
    """The seller or the buyer: `lines` are the address, `entries` the registrations."""

    role: str
    name: str
    lines: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line; `carried` is the sum of this and all lines before it, for where a page ends after it."""

    position: str
    description: str
    details: tuple[str, ...]
    quantity: str
    unit: str
    price: str
    vat: str
    net: str
    carried: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRow:
    """A group of the VAT breakdown."""

    name: str
    base: str
    vat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InBaseBlock:
    """What the document is worth in the currency of the books, and at which rate."""

    title: str
    entries: tuple[Entry, ...]
    rate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a QR code says, and what one does with it; a link can be followed on the screen too."""

    payload: str
    caption: str
    is_link: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How the document is paid."""

    title: str
    accounts: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    code: Code | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Words of the layout itself. `page` has places for this page and the last: `Pagina {} din {}`."""

    position: str
    description: str
    quantity: str
    unit: str
    price: str
    vat: str
    net: str
    carried_over: str
    brought_forward: str
    vat_name: str
    vat_base: str
    vat_amount: str
    notes: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One document. `watermark` crosses every page of what is no document yet."""

    language: Language
    title: str
    number: str
    subtitle: tuple[str, ...]
    watermark: str
    dates: tuple[Entry, ...]
    seller: PartyBlock
    buyer: PartyBlock
    currency: str
    items: tuple[Item, ...]
    vat_rows: tuple[VatRow, ...]
    sums: tuple[Entry, ...]
    total: Entry
    in_base: InBaseBlock | None
    mentions: tuple[str, ...]
    payment: Payment | None
    notes: str
    closing: str
    imprint: str
    labels: Labels

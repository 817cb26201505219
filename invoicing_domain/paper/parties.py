"""Seller and buyer on paper. Of the buyer it says what the law asks for, and not how to reach them."""

from typing import Final

from babel import Locale

from invoicing_domain.model.identifiers import NO_CNP
from invoicing_domain.model.party import Address, Buyer, Language, Seller
from invoicing_domain.model.reference.counties import BUCHAREST, county_name
from invoicing_domain.paper.sheet import Entry, PartyBlock
from invoicing_domain.paper.vocabulary import Words
from invoicing_domain.wording import one_line

_BETWEEN: Final = "  ·  "


def seller_block(seller: Seller, words: Words, language: Language) -> PartyBlock:
    return _block(words.seller, seller, seller.address.country, words, language)


def buyer_block(buyer: Buyer, home: str, words: Words, language: Language) -> PartyBlock:
    return _block(words.buyer, buyer, home, words, language)


def imprint(seller: Seller, words: Words) -> str:
    """The seller in one line, for the foot of every page."""
    told = (
        one_line(seller.name),
        f"{words.tax_id} {seller.tax_id}" if seller.tax_id else "",
        seller.phone or "",
        seller.email or "",
    )
    return _BETWEEN.join(text for text in told if text)


def _block(role: str, party: Seller | Buyer, home: str, words: Words, language: Language) -> PartyBlock:
    return PartyBlock(
        role=role,
        name=one_line(party.name),
        lines=_address(party.address, home, language),
        entries=_registrations(party, words),
    )


def _registrations(party: Seller | Buyer, words: Words) -> tuple[Entry, ...]:
    entries = []
    if party.tax_id and party.tax_id != NO_CNP:
        entries.append(Entry(label=words.tax_id, value=party.tax_id))
    if party.legal_registration:
        entries.append(Entry(label=words.registration, value=party.legal_registration))
    return tuple(entries)


def _address(address: Address, home: str, language: Language) -> tuple[str, ...]:
    """Street; place; and the country, where it is another one than the seller's."""
    place = " ".join(part for part in (address.postal_code, address.city) if part)
    county = county_name(address.county) if address.county != BUCHAREST else ""
    abroad = country_name(address.country, language) if address.country != home else ""
    lines = (address.street, ", ".join(part for part in (place, county) if part), abroad)
    return tuple(one_line(line) for line in lines if line)


def country_name(code: str, language: Language) -> str:
    name: str = Locale.parse(language).territories.get(code, code)
    return name

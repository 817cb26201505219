"""Lines of the old dialect to lines of an invoice: quantity, price, unit, and one VAT out of its tax names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from msgspec import UNSET

from api.entrance.problems import invalid
from api.seed_dialect.codes import unit_of
from api.seed_dialect.forms import LineEdit, NewLine, Taxed
from invoicing_domain.model.amounts import PERCENT, QUANTITY, UNIT_PRICE
from invoicing_domain.model.identifiers import has_vat_prefix
from invoicing_domain.model.invoice.guards import LONGEST_EXEMPTION
from invoicing_domain.model.invoice.lines import DEFAULT_UNIT, Line, LineChanges, LineInput
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.party import Seller
from invoicing_domain.model.vat import Exemption, Vat
from invoicing_domain.requests.values import number

NO_REASON: Final = "Scutit de TVA"
UNNAMED: Final = Exemption(reason=NO_REASON)

_NOTHING: Final = number("0", PERCENT, "")


def untaxed_by(seller: Seller | OrganizationProfile) -> Vat:
    """What a line without a tax is: exempt where the seller is registered for VAT, else outside its scope."""
    return Vat("E" if has_vat_prefix(seller.tax_id) else "O", _NOTHING)


def in_their_order(lines: Sequence[NewLine]) -> list[tuple[int, NewLine]]:
    """Lines with their place in the request, sorted by `order` when all have one."""
    placed = list(enumerate(lines))
    if all(isinstance(line.order, int) for line in lines):
        placed.sort(key=lambda pair: pair[1].order if isinstance(pair[1].order, int) else 0)
    return placed


def line_inputs(
    placed: Iterable[tuple[int, NewLine]], field: str, untaxed: Vat, known: Iterable[Line] = ()
) -> tuple[LineInput, ...]:
    """New lines beside those that are there; what is exempt on a document is so for one reason (BR-E-01)."""
    inputs = [_line_input(line, f"/{field}/{place}", untaxed) for place, line in placed]
    beside: tuple[Line | LineInput, ...] = (*known, *inputs)
    reasons = dict.fromkeys(one.exemption for one in beside if one.exemption is not None)
    named = [one for one in reasons if one.reason != NO_REASON]
    if not named:
        return tuple(inputs)
    return tuple(replace(one, exemption=named[0]) if one.exemption == UNNAMED else one for one in inputs)


def _line_input(line: NewLine, pointer: str, untaxed: Vat) -> LineInput:
    vat = vat_of(line, pointer, untaxed) or untaxed
    return LineInput(
        description=line.description,
        details=line.long_description or "",
        quantity=number(line.qty, QUANTITY, f"{pointer}/qty"),
        unit=unit_code(line.unit or None),
        unit_price=number(line.rate, UNIT_PRICE, f"{pointer}/rate"),
        vat=vat,
        exemption=exemption_of(line, pointer) if vat.category == "E" else None,
    )


def line_changes(edit: LineEdit, pointer: str, untaxed: Vat) -> LineChanges:
    changes = LineChanges()
    if edit.description is not UNSET:
        changes["description"] = edit.description
    if edit.long_description is not UNSET:
        changes["details"] = edit.long_description or ""
    if edit.qty is not UNSET:
        changes["quantity"] = number(edit.qty, QUANTITY, f"{pointer}/qty")
    if edit.rate is not UNSET:
        changes["unit_price"] = number(edit.rate, UNIT_PRICE, f"{pointer}/rate")
    if edit.unit is not UNSET:
        changes["unit"] = unit_code(edit.unit)
    vat = vat_of(edit, pointer, untaxed)
    if vat is not None:
        changes["vat"] = vat
        changes["rate_by_law"] = False
        changes["exemption"] = exemption_of(edit, pointer) if vat.category == "E" else None
    return changes


def unit_code(word: str | None) -> str:
    """The unit's code; pieces for a word nobody foresaw, which is kept beside (see `unit_word`)."""
    return (unit_of(word) or DEFAULT_UNIT) if word else DEFAULT_UNIT


def unit_word(word: str | None) -> str | None:
    """What has to be remembered to give the unit back as it came; None when the code says it all."""
    return word if word and unit_of(word) != word else None


def vat_of(taxed: Taxed, pointer: str, untaxed: Vat) -> Vat | None:
    """The one VAT that a line's tax names say; None when they are not given at all."""
    if taxed.taxname is UNSET and taxed.taxes is UNSET:
        return None
    field = _field(taxed)
    rates = {number(rate, PERCENT, f"{pointer}/{field}") for _, rate in _taxes(taxed, f"{pointer}/{field}")}
    charged = {rate for rate in rates if rate}
    if len(charged) > 1:
        raise invalid(f"{pointer}/{field}", "a line has one VAT rate; split it into a line for each", "several_taxes")
    if charged:
        return Vat("S", charged.pop())
    return Vat("E", rates.pop()) if rates else untaxed


def exemption_of(taxed: Taxed, pointer: str) -> Exemption:
    """An old client has one word for why no VAT is due: the name that it gave to its tax of 0 %."""
    names = dict.fromkeys(name for name, _ in _taxes(taxed, f"{pointer}/{_field(taxed)}") if name)
    return Exemption(reason=(", ".join(names) or NO_REASON)[:LONGEST_EXEMPTION])


def _field(taxed: Taxed) -> str:
    return "taxes" if not taxed.taxname and taxed.taxes else "taxname"


def _taxes(taxed: Taxed, pointer: str) -> Iterator[tuple[str, str]]:
    """Name and rate of each tax."""
    names = (taxed.taxname,) if isinstance(taxed.taxname, str) else taxed.taxname or ()
    given = [name for name in names if name]
    if not given:
        for tax in taxed.taxes or ():
            if tax.taxname:
                given.append(tax.taxname)
            elif tax.rate:
                yield (tax.name or "").strip(), tax.rate
            elif tax.name:
                raise invalid(pointer, f"{tax.name!r} needs its rate", "tax_unreadable")
    for text in given:
        name, bar, rate = text.rpartition("|")
        if not bar or not name.strip():
            raise invalid(pointer, f"{text!r} is not NAME|RATE, such as TVA|21.00", "tax_unreadable")
        yield name.strip(), rate.strip()

"""What each VAT category asks of a document before it is sent, by the rules of EN 16931 that it would break."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from invoicing_domain.model.identifiers import has_vat_prefix
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.party import Buyer, Seller
from invoicing_domain.model.reference.exemptions import DEFAULT_CODES
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Charge, Exemption, VatCategory, VatSubtotal

RULES_OF: Final = {"S": "S", "Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O"}
"""How the rules spell a category: K is BR-IC."""

_VAT_ID_TO_SELL: Final = ("K", "G")
"""Categories that need the seller's VAT number; AE is content with any tax registration."""


def judged_breakdown(
    breakdown: Sequence[VatSubtotal], lines: Sequence[Line], header: Header, seller: Seller
) -> tuple[VatSubtotal, ...]:
    """The breakdown with its reasons for exemption; refuses what a category does not allow."""
    categories = {part.category for part in breakdown}
    _check_alone(categories)
    for category in sorted(categories):
        _check_parties(category, seller, header.customer)
    if "K" in categories:
        _check_delivery(header)
    reasons = {category: exemption_of(category, lines, header) for category in categories}
    return tuple(replace(part, exemption=reasons[part.category]) for part in breakdown)


def exemption_of(category: VatCategory, lines: Iterable[Line], header: Header) -> Exemption | None:
    """The one reason that a document gives for a category (BT-120, BT-121), or what the category itself means."""
    if category in ("S", "Z"):
        return None
    taxed: Iterable[Line | Charge] = (*lines, *header.charges)
    given = {one.exemption for one in taxed if one.vat.category == category and one.exemption is not None}
    if len(given) > 1:
        raise Refusal(
            "exemption_ambiguous",
            f"all of category {category} on a document has one reason (BR-{RULES_OF[category]}-01); state the same one",
            rule=f"BR-{RULES_OF[category]}-01",
            category=category,
        )
    if given:
        reason = given.pop()
        return reason if reason.code is not None else replace(reason, code=DEFAULT_CODES.get(category))
    if category not in DEFAULT_CODES:
        raise Refusal(
            "exemption_reason_missing",
            "category E states why no VAT is due: vat.exemption_reason, vat.exemption_code or both (BR-E-10)",
            rule="BR-E-10",
            category=category,
        )
    return Exemption(code=DEFAULT_CODES[category])


def _check_alone(categories: set[VatCategory]) -> None:
    others = sorted(categories - {"O"})
    if "O" in categories and others:
        raise Refusal(
            "vat_categories_mixed",
            f"what is outside the scope of VAT (O) stands alone on a document, not beside {', '.join(others)}",
            rule="BR-O-11",
            categories=others,
        )


def _check_parties(category: VatCategory, seller: Seller, buyer: Buyer) -> None:
    rule = f"BR-{RULES_OF[category]}-02"
    sells = has_vat_prefix(seller.tax_id) if category in _VAT_ID_TO_SELL else bool(seller.tax_id)
    if category in ("AE", *_VAT_ID_TO_SELL) and not sells:
        raise Refusal(
            "seller_vat_id_missing",
            f"category {category} needs the seller's VAT number, with its prefix ({rule})",
            rule=rule,
            category=category,
        )
    buys = has_vat_prefix(buyer.tax_id) if category == "K" else bool(buyer.tax_id or buyer.legal_registration)
    if category in ("AE", "K") and not buys:
        raise Refusal(
            "buyer_vat_id_missing",
            f"category {category} needs the buyer's VAT number ({rule})",
            rule=rule,
            category=category,
        )


def _check_delivery(header: Header) -> None:
    """Goods that leave for another member state: when and where to (BT-72, BT-80)."""
    if header.delivery_date is None:
        raise Refusal(
            "delivery_missing",
            "category K states when the goods were delivered: delivery_date (BR-IC-11)",
            rule="BR-IC-11",
            field="delivery_date",
        )
    if header.delivery_country is None:
        raise Refusal(
            "delivery_missing",
            "category K states where the goods went: delivery_country (BR-IC-12)",
            rule="BR-IC-12",
            field="delivery_country",
        )

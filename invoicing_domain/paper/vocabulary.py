"""What has to be said on paper, in whatever language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from invoicing_domain.model.exchange.events import RateSource
from invoicing_domain.model.vat import VatCategory
from invoicing_domain.paper.sheet import Labels

SYMBOLS: Final = {
    "MIN": "min",
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "LTR": "l",
    "MTR": "m",
    "MTK": "m²",
    "MTQ": "m³",
    "KMT": "km",
    "KWH": "kWh",
    "MWH": "MWh",
}
"""Units that have a symbol, of the codes of UN/ECE Recommendation 20; a unit without a name is shown as its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Texts with `{}` are completed by the mapper."""

    invoice: str
    credit_note: str
    proforma: str
    draft: str
    seller: str
    buyer: str
    tax_id: str
    registration: str
    bank_account: str
    issued: str
    due: str
    delivered: str
    tax_point: str
    order: str
    buyer_reference: str
    discount: str
    lines_net: str
    document_discount: str
    net: str
    vat: str
    to_pay: str
    credited: str
    in_base: str
    gross: str
    exchange: Mapping[RateSource, str]
    payment: str
    payment_reference: str
    pay_by_transfer: str
    pay_online: str
    corrects: str
    reason: str
    not_fiscal: str
    cash_accounting: str
    unsigned: str
    categories: Mapping[VatCategory, str]
    """How a line names its VAT where a percentage would say nothing."""
    groups: Mapping[VatCategory, str]
    mentions: Mapping[VatCategory, str]
    units: Mapping[str, str]
    labels: Labels

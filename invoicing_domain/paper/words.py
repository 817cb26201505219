"""The words on paper, in Romanian and in English; each language has them all.

Mentions that the law wants are in the words of the law: Cod fiscal (Legea 227/2015) and Directive 2006/112/EC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from invoicing_domain.model.exchange.events import RateSource
from invoicing_domain.model.party import Language
from invoicing_domain.model.vat import VatCategory
from invoicing_domain.paper.sheet import Labels


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
    unsigned: str
    categories: Mapping[VatCategory, str]
    """How a line names its VAT where a percentage would say nothing."""
    groups: Mapping[VatCategory, str]
    mentions: Mapping[VatCategory, str]
    units: Mapping[str, str]
    labels: Labels


_SYMBOLS: Final = {
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

_RO: Final = Words(
    invoice="Factură",
    credit_note="Notă de creditare",
    proforma="Factură proformă",
    draft="CIORNĂ",
    seller="Furnizor",
    buyer="Client",
    tax_id="CIF",
    registration="Reg. com.",
    bank_account="IBAN",
    issued="Data emiterii",
    due="Scadență",
    delivered="Data livrării",
    tax_point="Exigibilitate TVA",
    order="Comanda",
    buyer_reference="Referința clientului",
    discount="Reducere {}",
    lines_net="Total linii",
    document_discount="Reducere",
    net="Total fără TVA",
    vat="TVA",
    to_pay="Total de plată",
    credited="Total storno",
    in_base="Echivalent în {}",
    gross="Total",
    exchange={
        "BNR": "Curs BNR din {date}: 1 {currency} = {rate} {base}",
        "given": "Curs de schimb din {date}: 1 {currency} = {rate} {base}",
    },
    payment="Plata",
    payment_reference="Referința plății",
    pay_by_transfer="Plătiți prin transfer",
    pay_online="Plătiți online",
    corrects="Stornează factura {number} din {date} (art. 330 din Codul fiscal).",
    reason="Motiv: {}",
    not_fiscal="Document fără valoare fiscală: nu este factură și nu dă drept de deducere a TVA.",
    unsigned="Valabilă fără semnătură și ștampilă (art. 319 alin. (29) din Codul fiscal).",
    categories={"E": "scutit", "AE": "tax. inversă", "K": "intracom.", "G": "export", "O": "neimpozabil"},
    groups={
        "S": "TVA {}",
        "Z": "TVA {}",
        "E": "Scutit de TVA",
        "AE": "Taxare inversă",
        "K": "Livrare intracomunitară",
        "G": "Export",
        "O": "Neimpozabil",
    },
    mentions={
        "E": "Scutit de TVA",
        "AE": "Taxare inversă",
        "K": "Livrare intracomunitară scutită de TVA (art. 294 alin. (2) lit. a) din Codul fiscal)",
        "G": "Export scutit de TVA (art. 294 alin. (1) lit. a) din Codul fiscal)",
        "O": "Operațiune în afara sferei de aplicare a TVA",
    },
    units={
        **_SYMBOLS,
        **dict.fromkeys(("H87", "C62", "EA", "NAR"), "buc"),
        "SET": "set",
        "PR": "per",
        "XPK": "pach",
        "XBX": "cutie",
        "XPX": "palet",
        "HUR": "ore",
        "DAY": "zile",
        "WEE": "săpt",
        "MON": "luni",
        "ANN": "ani",
        "E48": "serv",
    },
    labels=Labels(
        position="Nr.",
        description="Descriere",
        quantity="Cant.",
        unit="UM",
        price="Preț unitar",
        vat="TVA",
        net="Valoare",
        carried_over="De reportat",
        brought_forward="Report din pagina precedentă",
        vat_name="Defalcare TVA",
        vat_base="Bază",
        vat_amount="TVA",
        notes="Observații",
        page="Pagina {} din {}",
    ),
)

_EN: Final = Words(
    invoice="Invoice",
    credit_note="Credit note",
    proforma="Pro forma invoice",
    draft="DRAFT",
    seller="Seller",
    buyer="Bill to",
    tax_id="VAT / tax ID",
    registration="Registration no.",
    bank_account="IBAN",
    issued="Issue date",
    due="Due date",
    delivered="Delivery date",
    tax_point="Tax point",
    order="Order",
    buyer_reference="Your reference",
    discount="Discount {}",
    lines_net="Total of lines",
    document_discount="Discount",
    net="Total excluding VAT",
    vat="VAT",
    to_pay="Total due",
    credited="Total credited",
    in_base="Equivalent in {}",
    gross="Total",
    exchange={
        "BNR": "BNR rate of {date}: 1 {currency} = {rate} {base}",
        "given": "Exchange rate of {date}: 1 {currency} = {rate} {base}",
    },
    payment="Payment",
    payment_reference="Payment reference",
    pay_by_transfer="Pay by transfer",
    pay_online="Pay online",
    corrects="Credits invoice {number} of {date} (art. 330 of the Romanian Tax Code).",
    reason="Reason: {}",
    not_fiscal="Not a tax document: this is no invoice and gives no right to deduct VAT.",
    unsigned="Valid without signature and stamp (art. 319 (29) of the Romanian Tax Code).",
    categories={"E": "exempt", "AE": "rev. charge", "K": "intra-EU", "G": "export", "O": "not subject"},
    groups={
        "S": "VAT {}",
        "Z": "VAT {}",
        "E": "VAT exempt",
        "AE": "Reverse charge",
        "K": "Intra-Community supply",
        "G": "Export",
        "O": "Not subject to VAT",
    },
    mentions={
        "E": "VAT exempt",
        "AE": "Reverse charge",
        "K": "Intra-Community supply exempt from VAT (art. 138 of Directive 2006/112/EC)",
        "G": "Export exempt from VAT (art. 146 of Directive 2006/112/EC)",
        "O": "Not subject to VAT",
    },
    units={
        **_SYMBOLS,
        **dict.fromkeys(("H87", "C62", "EA", "NAR"), "pcs"),
        "SET": "set",
        "PR": "pair",
        "XPK": "pack",
        "XBX": "box",
        "XPX": "pallet",
        "HUR": "hours",
        "DAY": "days",
        "WEE": "weeks",
        "MON": "months",
        "ANN": "years",
        "E48": "service",
    },
    labels=Labels(
        position="No.",
        description="Description",
        quantity="Qty",
        unit="Unit",
        price="Unit price",
        vat="VAT",
        net="Amount",
        carried_over="Carried over",
        brought_forward="Brought forward",
        vat_name="VAT breakdown",
        vat_base="Net",
        vat_amount="VAT",
        notes="Notes",
        page="Page {} of {}",
    ),
)

WORDS: Final[Mapping[Language, Words]] = {"ro": _RO, "en": _EN}

"""What all documents are made of, from the model's words to the shapes of the API: parties, lines, VAT, charges."""

from collections.abc import Iterable
from dataclasses import asdict

from api.shapes import view_parts
from api.translation.amounts import amount, plain
from invoicing_domain.model.credit_note.amounts import charge_id
from invoicing_domain.model.document import Document
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.party import Address, Buyer, Seller
from invoicing_domain.model.proforma.state import Proforma
from invoicing_domain.model.vat import Discount, Exemption, Vat, VatSubtotal


def document(of: Document | None) -> view_parts.DocumentView | None:
    return None if of is None else view_parts.DocumentView(**asdict(of))


def address(of: Address) -> view_parts.AddressView:
    return view_parts.AddressView(
        street=of.street, city=of.city, county=of.county, postal_code=of.postal_code, country=of.country
    )


def buyer(of: Buyer) -> view_parts.BuyerView:
    return view_parts.BuyerView(
        id=of.customer_id,
        name=of.name,
        tax_id=of.tax_id,
        kind=of.kind,
        email=of.email,
        language=of.language,
        address=address(of.address),
        phone=of.phone,
        contact_name=of.contact_name,
        identifier=of.identifier,
        legal_registration=of.legal_registration,
    )


def seller(of: Seller) -> view_parts.SellerView:
    return view_parts.SellerView(
        name=of.name,
        tax_id=of.tax_id,
        email=of.email,
        ibans=of.ibans,
        address=address(of.address),
        legal_registration=of.legal_registration,
        phone=of.phone,
    )


def discount(of: Discount | None) -> view_parts.DiscountView | None:
    if of is None:
        return None
    return view_parts.DiscountView(
        percent=None if of.percent is None else plain(of.percent),
        amount=None if of.amount is None else f"{of.amount:f}",
    )


def vat(of: Vat, exemption: Exemption | None) -> view_parts.VatView:
    return view_parts.VatView(
        category=of.category,
        rate=plain(of.rate),
        exemption_code=exemption.code if exemption else None,
        exemption_reason=exemption.reason if exemption else None,
    )


def charges(of: Invoice | Proforma) -> tuple[view_parts.ChargeView, ...]:
    charged = zip(of.header.charges, of.charge_amounts, strict=True)
    return tuple(
        view_parts.ChargeView(
            id=charge_id(n),
            description=charge.description,
            percent=None if charge.percent is None else plain(charge.percent),
            amount=amount(added),
            vat=vat(charge.vat, charge.exemption),
        )
        for n, (charge, added) in enumerate(charged, start=1)
    )


def line(of: Line) -> view_parts.LineView:
    return view_parts.LineView(
        id=of.id,
        description=of.description,
        details=of.details,
        quantity=plain(of.quantity),
        unit=of.unit,
        unit_price=f"{of.unit_price:f}",
        price_includes_vat=of.gross_price is not None,
        gross_unit_price=None if of.gross_price is None else f"{of.gross_price:f}",
        discount=discount(of.discount),
        vat=vat(of.vat, of.exemption),
        net=amount(of.net),
    )


def breakdown(of: Iterable[VatSubtotal]) -> tuple[view_parts.VatSubtotalView, ...]:
    return tuple(
        view_parts.VatSubtotalView(
            category=s.category,
            rate=plain(s.rate),
            base=amount(s.base),
            vat=amount(s.vat),
            exemption_code=s.exemption.code if s.exemption else None,
            exemption_reason=s.exemption.reason if s.exemption else None,
        )
        for s in of
    )

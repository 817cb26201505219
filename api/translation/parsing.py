"""From bodies to commands: text becomes exact numbers, references become streams, snapshots are taken."""

from decimal import Decimal
from typing import cast

from api.doors import Doors
from api.entrance.call import Call
from api.entrance.problems import invalid
from api.shapes import bodies
from api.translation.patches import converted
from invoicing_domain.model.amounts import AMOUNT, QUANTITY, UNIT_PRICE
from invoicing_domain.model.customer.state import as_buyer
from invoicing_domain.model.invoice.commands import HeaderChanges, LineToCredit
from invoicing_domain.model.invoice.lines import LineChanges
from invoicing_domain.requests.values import charges, discount, number, taxed


def line_changes(body: bodies.LinePatch, home: str = "RO") -> LineChanges:
    changes = converted(
        body,
        quantity=lambda text: number(text, QUANTITY, "/quantity"),
        unit_price=lambda text: number(text, UNIT_PRICE, "/unit_price"),
        vat=lambda given: taxed(given, "/vat", home),
        discount=lambda given: discount(given, "/discount"),
    )
    if "vat" in changes:
        changes["vat"], changes["rate_by_law"], changes["exemption"] = changes["vat"]
    return cast("LineChanges", changes)


def header_changes(body: bodies.InvoicePatch, call: Call, doors: Doors) -> HeaderChanges:
    home = call.organization.profile.address.country
    changes = converted(
        body,
        discount=lambda given: discount(given, "/discount"),
        charges=lambda given: charges(given, home),
    )
    if "customer_id" in changes:
        customer_id, customer = doors.customer(call, changes.pop("customer_id"), "/customer_id")
        changes["customer"] = as_buyer(customer_id, customer)
    return cast("HeaderChanges", changes)


def optional_amount(text: str | None, pointer: str = "/amount") -> Decimal | None:
    return None if text is None else number(text, AMOUNT, pointer)


def credit_lines(body: bodies.CreditNoteBody) -> tuple[LineToCredit, ...]:
    if body.full == bool(body.lines):
        raise invalid("/lines", "give either full or lines", "missing")
    return tuple(
        LineToCredit(line_id=one.line_id, quantity=number(one.quantity, QUANTITY, f"/lines/{n}/quantity"))
        for n, one in enumerate(body.lines)
    )

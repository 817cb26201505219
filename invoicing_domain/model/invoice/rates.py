"""Rates that follow the law: whoever leaves out the rate gets the standard one in force on the tax point."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.reference.vat_rates import standard_rate
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Vat

COUNTRY: Final = "RO"
"""Whose table is asked; doors let nobody leave out a rate who sells from elsewhere."""


def tax_point(header: Header, today: date) -> date:
    """When VAT falls due (BT-7): as stated, else with the issue; a draft without dates counts as issued today."""
    return header.tax_point_date or header.issue_date or today


def line_at(wanted: LineInput, day: date) -> LineInput:
    """The line with the rate in force on its tax point, if its rate follows the law."""
    return replace(wanted, vat=_lawful(wanted.vat, day)) if wanted.rate_by_law else wanted


def header_at(header: Header, today: date) -> Header:
    """The header with the rates of its charges in force on the tax point, where they follow the law."""
    day = tax_point(header, today)
    charges = tuple(replace(one, vat=_lawful(one.vat, day)) if one.rate_by_law else one for one in header.charges)
    return header if charges == header.charges else replace(header, charges=charges)


def _lawful(vat: Vat, day: date) -> Vat:
    if vat.category != "S":
        return Vat(vat.category, Decimal(0))
    rate = standard_rate(COUNTRY, day)
    if rate is None:
        raise Refusal(
            "vat_rate_unknown",
            f"the standard rate on {day} is not in the table of rates: state the rate",
            tax_point=day.isoformat(),
        )
    return Vat(vat.category, rate)

"""What a draft may contain: the checks on its header, its lines and their sizes, each with its refusal."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from invoicing_domain.model.dates import LONGEST_TERMS_DAYS, due_after, terms_fit
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import MAX_LINES, Line, LineInput, document_totals
from invoicing_domain.model.money import LARGEST_MINOR, Money, minor_digits
from invoicing_domain.model.reference.countries import COUNTRIES
from invoicing_domain.model.reference.exemptions import codes_of
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Charge, Discount, Exemption, Totals, Vat

HIGHEST_PERCENT: Final = 100

MAX_CHARGES: Final = 50

LONGEST_EXEMPTION: Final = 100
"""Letters of a reason for exemption (BR-RO-L1019)."""


def check_header(header: Header, today: date) -> None:
    try:
        minor_digits(header.currency)
    except ValueError as error:
        raise Refusal("currency_unknown", str(error), currency=header.currency) from None
    if header.payment_terms_days is not None and not terms_fit(header.payment_terms_days):
        raise Refusal(
            "payment_terms_invalid",
            f"payment terms are 0 to {LONGEST_TERMS_DAYS} days",
            payment_terms_days=header.payment_terms_days,
        )
    if header.discount is not None:
        _check_discount(header.discount)
    _check_charges(header.charges)
    if header.delivery_country is not None and header.delivery_country not in COUNTRIES:
        raise Refusal(
            "country_unknown",
            f"{header.delivery_country!r} is not a country of ISO 3166-1",
            delivery_country=header.delivery_country,
        )
    if header.issue_date is not None:
        if header.issue_date > today:
            raise Refusal(
                "issue_date_in_future", f"the issue date {header.issue_date} has not come yet", today=str(today)
            )
        due_date(header, header.issue_date, 0)


def due_date(header: Header, issued: date, default_terms_days: int) -> date:
    if header.due_date is None:
        terms = header.payment_terms_days if header.payment_terms_days is not None else default_terms_days
        return due_after(issued, terms)
    check_due_date(header.due_date, issued)
    return header.due_date


def check_due_date(due: date, issued: date) -> None:
    if due < issued:
        raise Refusal(
            "due_date_before_issue",
            f"the due date {due} is before the issue date {issued}",
            due_date=due.isoformat(),
            issue_date=issued.isoformat(),
        )


def check_line(line: LineInput) -> None:
    _check_vat(line.vat)
    _check_exemption(line.exemption, line.vat)
    if line.quantity == 0:
        raise Refusal("quantity_zero", "a line needs a quantity", description=line.description)
    if line.unit_price < 0:
        raise Refusal(
            "unit_price_negative",
            "a price is not negative (BR-27); to take off an amount, make the quantity negative",
            unit_price=f"{line.unit_price:f}",
        )
    if line.discount is not None:
        _check_discount(line.discount, line.quantity * line.unit_price)


def _check_vat(vat: Vat) -> None:
    fits = 0 < vat.rate <= HIGHEST_PERCENT if vat.category == "S" else vat.rate == 0
    if not fits:
        raise Refusal(
            "vat_rate_invalid",
            "category S has a rate above zero; Z, E, AE, K, G and O have rate 0 (BR-S-05, BR-Z-05 and their kin)",
            category=vat.category,
            rate=f"{vat.rate:f}",
        )


def _check_exemption(exemption: Exemption | None, vat: Vat) -> None:
    if exemption is None:
        return
    code, allowed = exemption.code, codes_of(vat.category)
    if not allowed:
        raise Refusal(
            "exemption_not_allowed",
            f"category {vat.category} has VAT and no reason for an exemption (BR-{vat.category}-10)",
            rule=f"BR-{vat.category}-10",
        )
    if code is not None and code not in allowed:
        raise Refusal(
            "exemption_code_unknown",
            f"{code!r} is not a code of the VATEX list for category {vat.category} (BR-CL-22)",
            rule="BR-CL-22",
            exemption_code=code,
        )
    if len(exemption.reason or "") > LONGEST_EXEMPTION:
        raise Refusal(
            "exemption_reason_too_long",
            f"a reason for an exemption has at most {LONGEST_EXEMPTION} letters (BR-RO-L1019)",
            rule="BR-RO-L1019",
        )


def _check_charges(charges: Sequence[Charge]) -> None:
    if len(charges) > MAX_CHARGES:
        raise Refusal("too_many_charges", f"an invoice has at most {MAX_CHARGES} charges", charges=len(charges))
    for position, charge in enumerate(charges, start=1):
        try:
            _check_charge(charge)
        except Refusal as no:
            raise no.about(f"charge {position}", charge=position) from None


def _check_charge(charge: Charge) -> None:
    _check_vat(charge.vat)
    _check_exemption(charge.exemption, charge.vat)
    percent, amount = charge.percent, charge.amount
    if not charge.description.strip():
        raise Refusal("charge_invalid", "a charge says what it is for (BR-38)", rule="BR-38")
    if (percent is None) == (amount is None):
        raise Refusal("charge_invalid", "a charge is either a percentage or an amount")
    if percent is not None and not 0 <= percent <= HIGHEST_PERCENT:
        raise Refusal("charge_invalid", "a charge is 0 to 100 percent", percent=f"{percent:f}")
    if amount is not None and amount < 0:
        raise Refusal("charge_invalid", "a charge is not negative; use a discount", amount=f"{amount:f}")


def _check_discount(discount: Discount, full: Decimal | None = None) -> None:
    """`full` is what a line's discount is taken off; a document's is compared with its lines when it is sent."""
    percent, amount = discount.percent, discount.amount
    if percent is not None and amount is not None:
        raise Refusal("discount_invalid", "a discount is either a percentage or an amount")
    if percent is not None and not 0 <= percent <= HIGHEST_PERCENT:
        raise Refusal("discount_invalid", "a discount is 0 to 100 percent", percent=f"{percent:f}")
    if amount is not None and (amount < 0 or (full is not None and 0 <= full < amount)):
        raise Refusal("discount_invalid", "a discount takes off at most the whole price", amount=f"{amount:f}")


def check_known(line_ids: Iterable[str], lines: Sequence[Line]) -> None:
    known = {line.id for line in lines}
    for line_id in line_ids:
        if line_id not in known:
            raise Refusal("line_not_found", f"the invoice has no line {line_id}", line_id=line_id)


def check_room(kept: int, added: int) -> None:
    if kept + added > MAX_LINES:
        raise Refusal("too_many_lines", f"an invoice has at most {MAX_LINES} lines", lines=kept + added)


def check_totals(totals: Totals) -> None:
    """What is sent asks for money, or for none, and gives no more away than its lines come to."""
    if 0 <= totals.lines_net.minor < totals.discount.minor:
        raise Refusal(
            "total_negative",
            f"the discount of {totals.discount} is more than the lines come to, {totals.lines_net}",
            discount=str(totals.discount.decimal),
            lines_net=str(totals.lines_net.decimal),
        )
    if totals.lines_net.minor < 0 or totals.gross.minor < 0:
        raise Refusal(
            "total_negative",
            "neither the lines nor the whole may come to less than nothing; issue a credit note instead",
            gross=str(totals.gross.decimal),
        )


def check_sizes(lines: Sequence[Line], header: Header) -> None:
    """Amounts beyond any invoice are refused here, because readers keep them in 64 bits."""
    if not header.discount and not header.charges and 2 * sum(abs(line.net.minor) for line in lines) <= LARGEST_MINOR:
        return  # no sum is beyond that: VAT comes to no more than what it is on
    totals, _ = document_totals(lines, header.discount, header.currency, header.charges)
    sums = (totals.lines_net, totals.discount, totals.charges, totals.gross)
    amounts: tuple[Money, ...] = (*(line.net for line in lines), *sums)
    for amount in amounts:
        if abs(amount.minor) > LARGEST_MINOR:
            raise Refusal("amount_too_large", f"{amount} is more than an invoice can hold", amount=str(amount.decimal))

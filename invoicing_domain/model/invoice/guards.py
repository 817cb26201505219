"""What a draft may contain: the checks on its header, its lines and their sizes, each with its refusal."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from invoicing_domain.model.dates import LONGEST_TERMS_DAYS, due_after, terms_fit
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import MAX_LINES, Line, LineInput, document_totals
from invoicing_domain.model.money import LARGEST_MINOR, Money, minor_digits
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Discount, Vat

HIGHEST_PERCENT: Final = 100


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
    if header.due_date < issued:
        raise Refusal(
            "due_date_before_issue",
            f"the due date {header.due_date} is before the issue date {issued}",
            due_date=header.due_date.isoformat(),
            issue_date=issued.isoformat(),
        )
    return header.due_date


def check_line(line: LineInput) -> None:
    _check_vat(line.vat)
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


def check_sizes(lines: Sequence[Line], header: Header) -> None:
    """Amounts beyond any invoice are refused here, because readers keep them in 64 bits."""
    totals, _ = document_totals(lines, header.discount, header.currency)
    amounts: tuple[Money, ...] = (*(line.net for line in lines), totals.lines_net, totals.discount, totals.gross)
    for amount in amounts:
        if abs(amount.minor) > LARGEST_MINOR:
            raise Refusal("amount_too_large", f"{amount} is more than an invoice can hold", amount=str(amount.decimal))

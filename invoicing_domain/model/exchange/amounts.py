"""Amounts of a document in the currency of the books, rounded once."""

from dataclasses import dataclass

from invoicing_domain.model.exchange.events import Exchange
from invoicing_domain.model.money import EXACT, LARGEST_MINOR, Money, rounded_half_away_from_zero, share_of, zero
from invoicing_domain.model.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class InBase:
    """What a document is worth in the currency of the books: VAT (BT-111) and gross; net is what is between them."""

    exchange: Exchange
    vat: Money
    gross: Money

    @property
    def net(self) -> Money:
        return self.gross - self.vat


def in_base(amount: Money, exchange: Exchange) -> Money:
    return rounded_half_away_from_zero(EXACT.multiply(amount.decimal, exchange.rate), exchange.base)


def document_in_base(vat: Money, gross: Money, exchange: Exchange) -> InBase:
    """The total VAT and the gross of a document, each converted and rounded once."""
    converted = InBase(exchange=exchange, vat=in_base(vat, exchange), gross=in_base(gross, exchange))
    if abs(converted.gross.minor) > LARGEST_MINOR:
        raise Refusal(
            "amount_too_large", f"{converted.gross} is more than an invoice can hold", rate=f"{exchange.rate:f}"
        )
    return converted


def between(whole: Money, part_before: Money, part_after: Money, of: Money) -> Money:
    """The share of `whole` that goes with the step from one part of `of` to another.

    Steps that lead from nothing to all of `of` add up to `whole` to the last ban, however many there are.
    """
    if not of:
        return zero(whole.currency)
    return share_of(whole, part_after.minor, of.minor) - share_of(whole, part_before.minor, of.minor)

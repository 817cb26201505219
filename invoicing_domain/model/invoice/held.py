"""What an invoice holds of payments and credit, and how it is taken away again."""

from dataclasses import dataclass, replace
from datetime import date

from invoicing_domain.model.invoice.events import PaymentReceived
from invoicing_domain.model.money import Money, zero


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditStep:
    """Credit applied after its note was issued, or taken away again (negative)."""

    credit_note_id: str
    number: str
    amount: Money
    date: date


def less_payment(payments: tuple[PaymentReceived, ...], payment_id: str, amount: Money) -> tuple[PaymentReceived, ...]:
    """The payments without `amount` of one of them, taken from what came last."""
    kept: list[PaymentReceived] = []
    for one in reversed(payments):
        taken = min(amount, one.amount) if one.payment_id == payment_id else zero(amount.currency)
        amount -= taken
        if taken != one.amount:
            kept.append(replace(one, amount=one.amount - taken) if taken else one)
    return tuple(reversed(kept))

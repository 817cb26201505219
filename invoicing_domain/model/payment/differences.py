"""What paying a foreign-currency invoice means in the books, step by step, so that all steps add up."""

from datetime import date

from invoicing_domain.model.exchange.amounts import between, in_base
from invoicing_domain.model.exchange.decide import missing
from invoicing_domain.model.exchange.events import Exchange
from invoicing_domain.model.invoice.events import ExchangeDifference
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.money import Money


def difference(
    invoice: Invoice, payment_id: str, step: Money, rate: Exchange | None, paid_on: date, day: date
) -> ExchangeDifference | None:
    """The fact that goes with a payment settling `step` more of the invoice (less, when negative), on a day.

    `rate` is that of the day on which the money came, and has to be known. None for an invoice in the currency of the
    books. Both values are steps of running sums: an invoice settled in any number of parts gives back exactly its gross
    in the books, and money taken back exactly what it was worth.
    """
    if invoice.sent is None or invoice.sent.in_base is None:
        return None
    if rate is None:
        raise missing(invoice.currency, paid_on)
    gross, settled = invoice.sent.totals.gross, invoice.sent.totals.gross - invoice.balance
    held = invoice.held_of_payment(payment_id)
    at_issue = between(invoice.sent.in_base.gross, settled, settled + step, gross)
    at_payment = in_base(held + step, rate) - in_base(held, rate)
    return ExchangeDifference(
        payment_id=payment_id,
        amount=step,
        date=day,
        rate=rate,
        at_issue=at_issue,
        at_payment=at_payment,
        difference=at_payment - at_issue,
    )


def rate_booked(invoice: Invoice, payment_id: str) -> Exchange | None:
    """The rate at which a payment of this invoice was booked."""
    rates = [one.rate for one in invoice.differences if one.payment_id == payment_id]
    return rates[-1] if rates else None

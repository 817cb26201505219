from datetime import date, timedelta
from decimal import Decimal

import pytest

from invoicing_domain.model.invoice.events import Discarded
from invoicing_domain.model.invoice.state import evolve
from invoicing_domain.model.invoice.status import Status, status_of
from invoicing_domain.model.vat import Discount
from tests.support.facts import INVOICE, TODAY, added, drafted, line, ron, sent, totals
from tests.support.sentences import Memory, on
from tests.support.states import invoice_in

DUE = date(2026, 12, 23)


@pytest.mark.parametrize(
    ("gross", "paid", "credited", "in_full", "overdue", "status"),
    [
        (100, 0, 0, False, False, "sent"),
        (100, 0, 0, False, True, "overdue"),
        (100, 40, 0, False, True, "partially_paid"),
        (100, 0, 40, False, False, "partially_paid"),
        (100, 60, 40, False, True, "paid"),
        (100, 100, 0, True, True, "credited"),
        (0, 0, 0, False, True, "paid"),
    ],
)
def test_one_word_says_where_a_sent_invoice_stands(
    gross: int, paid: int, credited: int, in_full: bool, overdue: bool, status: Status
) -> None:
    assert status == status_of(gross=gross, paid=paid, credited=credited, credited_in_full=in_full, overdue=overdue)


def test_due_today_is_not_overdue_and_tomorrow_it_is() -> None:
    invoice = invoice_in(Memory([on(INVOICE, drafted(), *added(line()), sent(line()))]))
    assert invoice.status(DUE) == "sent"
    assert invoice.status(DUE + timedelta(days=1)) == "overdue"


def test_a_draft_shows_the_totals_it_would_have_and_owes_nothing() -> None:
    invoice = evolve(evolve(None, drafted()), added(line())[0])
    assert invoice.totals == totals("200.00", "0.00", "200.00", "42.00", "242.00")
    assert len(invoice.vat_breakdown) == 1
    assert invoice.balance == ron("0.00")
    assert (invoice.status(TODAY), evolve(invoice, Discarded()).status(TODAY)) == ("draft", "discarded")


def test_a_draft_without_lines_shows_no_discount_off_nothing() -> None:
    empty = evolve(None, drafted(discount=Discount(amount=Decimal(5))))
    assert empty.totals == totals("0.00", "0.00", "0.00", "0.00", "0.00")

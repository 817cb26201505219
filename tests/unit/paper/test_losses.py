"""Whoever writes an invoice is told what paper will not show of it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.vat import Charge
from invoicing_domain.paper.losses import warnings_of_paper
from tests.support.facts import STANDARD
from tests.support.papers import BUYER, SELLER, a_draft, a_line, sent


@pytest.mark.parametrize(
    "invoice",
    [
        a_draft(buyer=replace(BUYER, name="ह SRL")),
        a_draft(buyer=replace(BUYER, address=replace(BUYER.address, city="ह"))),
        a_draft(a_line("ह")),
        a_draft(a_line(details="ह")),
        a_draft(notes="ह ह"),
        a_draft(charges=(Charge(description="ह", vat=STANDARD, amount=Decimal(1)),)),
        sent(seller=replace(SELLER, name="ह SRL")),
    ],
)
def test_a_letter_that_cannot_be_printed_is_named(invoice: Invoice) -> None:
    (notice,) = warnings_of_paper(invoice)
    assert notice.code == "letters_unprintable"
    assert notice.detail == "on paper □ stands for letters that cannot be printed: ह"


def test_of_many_the_first_are_named() -> None:
    (notice,) = warnings_of_paper(a_draft(notes="".join(map(chr, range(0x0905, 0x0930)))))
    assert notice.detail.endswith("घ …")


def test_what_can_be_printed_is_no_trouble() -> None:
    assert warnings_of_paper(sent(a_line("Țeavă 二号 😀"))) == ()

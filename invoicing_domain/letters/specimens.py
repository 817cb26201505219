"""Examples of what letters say: for trying templates out, and for showing them where there is no invoice yet."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from invoicing_domain.letters.document import DocumentMail, document_facts
from invoicing_domain.letters.reminder import ReminderMail, reminder_facts
from invoicing_domain.letters.writing import Facts
from invoicing_domain.model.letter_template.events import LetterKind
from invoicing_domain.model.party import Language

_REMINDER: Final = ReminderMail(
    language="ro",
    step=7,
    seller_name="Exemplu SRL",
    buyer_name="Client SRL",
    number="IZV000017",
    issue_date=date(2026, 4, 10),
    due_date=date(2026, 5, 10),
    days_overdue=7,
    currency="RON",
    gross=Decimal("1210.00"),
    balance=Decimal("1000.00"),
    ibans=("RO49AAAA1B31007593840000",),
    payment_link="https://plata.example/17",
    other_open=Decimal("50.00"),
    contact="birou@exemplu.example",
    unsubscribe="https://facturi.example/api/v1/unsubscribe/17",
)
_INVOICE: Final = DocumentMail(
    kind="invoice",
    language="ro",
    seller_name="Exemplu SRL",
    buyer_name="Client SRL",
    number="IZV000017",
    issue_date=date(2026, 4, 10),
    due_date=date(2026, 5, 10),
    currency="RON",
    gross=Decimal("1210.00"),
    balance=Decimal("1210.00"),
    ibans=("RO49AAAA1B31007593840000",),
    payment_link="https://plata.example/17",
    contact="birou@exemplu.example",
)
_CREDIT_NOTE: Final = replace(
    _INVOICE, kind="credit_note", number="IZC000003", corrects="IZV000017", balance=Decimal(), due_date=None
)


def specimens(kind: LetterKind, language: Language) -> Iterator[Facts]:
    """An example of a kind, then one for each thing that may be missing; the first has everything."""
    if kind == "reminder":
        whole = replace(_REMINDER, language=language)
        bare = replace(
            whole, ibans=(), payment_link=None, other_open=None, contact=None, unsubscribe=None, balance=whole.gross
        )
        yield from (reminder_facts(one) for one in (whole, bare, *(replace(whole, step=step) for step in (14, 30))))
    else:
        full = replace(_INVOICE if kind == "invoice" else _CREDIT_NOTE, language=language)
        empty = replace(full, ibans=(), payment_link=None, contact=None, balance=Decimal())
        yield from (document_facts(one) for one in (full, empty))

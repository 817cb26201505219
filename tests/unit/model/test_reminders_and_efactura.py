from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from invoicing_domain.model.invoice.commands import (
    HoldReminders,
    RecordEFacturaAnswer,
    RecordEFacturaSubmission,
    RecordReminder,
    ResumeReminders,
)
from invoicing_domain.model.invoice.events import (
    EFacturaAcknowledged,
    EFacturaSubmitted,
    ReminderSent,
    RemindersHeld,
    RemindersResumed,
)
from tests.support.facts import INVOICE, added, asked, drafted, line, received, ron, sent_invoice
from tests.support.sentences import given, on, refused

OVERDUE = date(2027, 1, 6)
LATER = asked(OVERDUE, datetime(2027, 1, 6, 7, tzinfo=UTC))
REMIND = RecordReminder(
    invoice_id=INVOICE, step=14, date=OVERDUE, to="office@turda.example", message_id="<r@izvor>", passed_over=(7,)
)
REMINDED = ReminderSent(
    step=14,
    date=OVERDUE,
    sent_at=LATER.at,
    to="office@turda.example",
    balance=ron("142.00"),
    message_id="<r@izvor>",
    passed_over=(7,),
)
SUBMIT = RecordEFacturaSubmission(invoice_id=INVOICE, xml_sha256="ab" * 32, upload_index="5001")
ANSWER = RecordEFacturaAnswer(
    invoice_id=INVOICE, upload_index="5001", status="ok", response_code="0", answer_sha256="cd" * 32
)
ACKNOWLEDGED = EFacturaAcknowledged(upload_index="5001", status="ok", response_code="0", answer_sha256="cd" * 32)
SENT = sent_invoice()


def test_a_reminder_is_taken_down_with_the_balance_it_named() -> None:
    given(on(INVOICE, *SENT, received("100.00", "142.00"))).when(REMIND, LATER).then(on(INVOICE, REMINDED))


def test_the_same_step_is_taken_down_once() -> None:
    given(on(INVOICE, *SENT, received("100.00", "142.00"), REMINDED)).when(REMIND, LATER).then()


def test_a_mail_that_went_out_is_a_fact_even_if_the_invoice_was_paid_meanwhile() -> None:
    given(on(INVOICE, *SENT, received("242.00", "0.00"))).when(REMIND, LATER).then(
        on(INVOICE, replace(REMINDED, balance=ron("0.00")))
    )


def test_reminders_are_held_and_resumed_once_each() -> None:
    hold, resume = HoldReminders(invoice_id=INVOICE, reason="Litigiu"), ResumeReminders(invoice_id=INVOICE)
    held = RemindersHeld(reason="Litigiu")
    given(on(INVOICE, *SENT)).when(hold).then(on(INVOICE, held))
    given(on(INVOICE, *SENT, held)).when(hold).then()
    given(on(INVOICE, *SENT, held)).when(resume).then(on(INVOICE, RemindersResumed()))
    given(on(INVOICE, *SENT)).when(resume).then()


def test_every_attempt_to_file_an_invoice_is_numbered() -> None:
    first = EFacturaSubmitted(attempt=1, xml_sha256="ab" * 32, upload_index="5001")
    given(on(INVOICE, *SENT)).when(SUBMIT).then(on(INVOICE, first))
    given(on(INVOICE, *SENT, first)).when(SUBMIT).then(
        on(INVOICE, EFacturaSubmitted(attempt=2, xml_sha256="ab" * 32, upload_index="5001"))
    )


def test_the_same_answer_of_the_authority_is_taken_down_once() -> None:
    given(on(INVOICE, *SENT)).when(ANSWER).then(on(INVOICE, ACKNOWLEDGED))
    given(on(INVOICE, *SENT, ACKNOWLEDGED)).when(ANSWER).then()


@pytest.mark.parametrize(
    "command", [REMIND, HoldReminders(invoice_id=INVOICE), ResumeReminders(invoice_id=INVOICE), SUBMIT, ANSWER]
)
def test_what_follows_sending_is_refused_before_it(command: object) -> None:
    given(on(INVOICE, drafted(), *added(line()))).when(command).then(refused("invoice_not_sent"))
    given().when(command).then(refused("not_found"))

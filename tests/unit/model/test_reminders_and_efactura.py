from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from invoicing_domain.model.context import Context
from invoicing_domain.model.customer.events import CustomerProfile, CustomerRegistered
from invoicing_domain.model.invoice.commands import (
    DropReminder,
    HoldReminders,
    RecordEFacturaAnswer,
    RecordEFacturaSubmission,
    RecordReminder,
    RequestReminder,
    ResumeReminders,
)
from invoicing_domain.model.invoice.events import (
    Cancelled,
    EFacturaAcknowledged,
    EFacturaSubmitted,
    ReminderDropped,
    ReminderRequested,
    ReminderSent,
    RemindersHeld,
    RemindersResumed,
)
from tests.support.facts import (
    BUYER,
    CUSTOMER,
    INVOICE,
    NOTE,
    added,
    asked,
    drafted,
    line,
    received,
    ron,
    sent_invoice,
)
from tests.support.sentences import Happened, given, on, refused

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
    customer_id=CUSTOMER,
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


REQUEST = RequestReminder(invoice_id=INVOICE)
REQUESTED = ReminderRequested(request=1)
LATE = sent_invoice(customer=replace(BUYER, email="office@turda.example"))


def begun(*facts: object) -> Happened:
    """The invoice of a buyer with an e-mail address, overdue by LATER."""
    return on(INVOICE, drafted(customer=replace(BUYER, email="office@turda.example")), *LATE[1:], *facts)


def test_a_reminder_is_asked_for_once_at_a_time() -> None:
    dropped = ReminderDropped(request=1, reason="mail_refused")
    given(begun()).when(REQUEST, LATER).then(on(INVOICE, REQUESTED))
    given(begun(REQUESTED)).when(REQUEST, LATER).then(refused("reminder_already_requested"))
    again = on(INVOICE, ReminderRequested(request=2))
    given(begun(REQUESTED, dropped)).when(REQUEST, LATER).then(again)
    given(begun(REQUESTED, replace(REMINDED, request=1))).when(REQUEST, LATER).then(again)


@pytest.mark.parametrize(
    ("facts", "context", "code"),
    [
        ((), asked(), "invoice_not_overdue"),
        ((), asked(date(2026, 12, 23)), "invoice_not_overdue"),
        ((received("242.00", "0.00"),), LATER, "invoice_paid"),
        ((RemindersHeld(),), LATER, "reminders_held"),
        ((Cancelled(date=OVERDUE, reason="x", credit_note_id=NOTE, number="IZC000001"),), LATER, "invoice_cancelled"),
    ],
)
def test_nobody_may_ask_for_a_reminder_that_makes_no_sense(
    facts: tuple[object, ...], context: Context, code: str
) -> None:
    given(begun(*facts)).when(REQUEST, context).then(refused(code, due_date="2026-12-23"))


def test_who_has_no_address_cannot_be_reminded_unless_the_customer_has_one_by_now() -> None:
    given(on(INVOICE, *SENT)).when(REQUEST, LATER).then(refused("customer_without_email"))
    reachable = CustomerRegistered(reference=1, profile=CustomerProfile(name="Turda", email="new@turda.example"))
    given(on(INVOICE, *SENT), on(CUSTOMER, reachable)).when(REQUEST, LATER).then(on(INVOICE, REQUESTED))


def test_what_was_asked_for_is_answered_once_beside_the_steps() -> None:
    answer = replace(REMIND, step=0, passed_over=(), request=1)
    fact = replace(REMINDED, step=0, passed_over=(), request=1, balance=ron("242.00"))
    given(begun(REQUESTED)).when(answer, LATER).then(on(INVOICE, fact))
    given(begun(REQUESTED, fact)).when(answer, LATER).then()
    given(begun(REQUESTED, fact)).when(replace(REMIND, step=7, passed_over=()), LATER).then(
        on(INVOICE, replace(REMINDED, step=7, passed_over=(), balance=ron("242.00")))
    )


def test_a_request_is_dropped_once_and_only_while_it_waits() -> None:
    drop = DropReminder(invoice_id=INVOICE, request=1, reason="paid")
    dropped = ReminderDropped(request=1, reason="paid")
    given(begun(REQUESTED)).when(drop).then(on(INVOICE, dropped))
    given(begun(REQUESTED, dropped)).when(drop).then()
    given(begun(REQUESTED, replace(REMINDED, request=1))).when(drop).then()


@pytest.mark.parametrize(
    "command",
    [
        REMIND,
        REQUEST,
        DropReminder(invoice_id=INVOICE, request=1, reason="paid"),
        HoldReminders(invoice_id=INVOICE),
        ResumeReminders(invoice_id=INVOICE),
        SUBMIT,
        ANSWER,
    ],
)
def test_what_follows_sending_is_refused_before_it(command: object) -> None:
    given(on(INVOICE, drafted(), *added(line()))).when(command).then(refused("invoice_not_sent"))
    given().when(command).then(refused("not_found"))

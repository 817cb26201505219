"""Documents by mail: asked for, sent, refused."""

from dataclasses import replace

import pytest

from invoicing_domain.categories import CREDIT_NOTE
from invoicing_domain.model.credit_note import events as credit_note
from invoicing_domain.model.customer.events import CustomerProfile, CustomerRegistered
from invoicing_domain.model.invoice import events as invoice
from invoicing_domain.model.mailing import Letter, RecordBounce, RecordEmail, RecordEmailFailure, RequestEmail
from invoicing_domain.model.personal import ERASED
from tests.support.facts import (
    CUSTOMER,
    INVOICE,
    IZC,
    NOTE,
    NOTE_SERIES,
    NOW,
    added,
    asked,
    credit,
    drafted,
    line,
    opened,
    ron,
    sent_invoice,
)
from tests.support.sentences import Memory, given, on, refused
from tests.support.states import invoice_in

SENT = on(INVOICE, *sent_invoice())
REACHABLE = on(CUSTOMER, CustomerRegistered(reference=1, profile=CustomerProfile(name="X", email="x@y.example")))
ASKED = RequestEmail(kind="invoice", document_id=INVOICE)
TO = "alta@adresa.example"


def requested(request: int = 1, to: str | None = None) -> invoice.EmailRequested:
    return invoice.EmailRequested(request=request, customer_id=CUSTOMER, to=to)


def recorded(request: int | None = None) -> RecordEmail:
    return RecordEmail(
        kind="invoice", document_id=INVOICE, to=TO, message_id=f"<{request}@x>", sent_at=NOW, request=request
    )


def test_a_sent_invoice_may_be_asked_for_by_mail() -> None:
    given(SENT, REACHABLE).when(ASKED).then(on(INVOICE, requested()))
    given(SENT).when(replace(ASKED, to=TO)).then(on(INVOICE, requested(to=TO)))


def test_without_any_address_there_is_nothing_to_ask_for() -> None:
    given(SENT).when(ASKED).then(refused("customer_without_email"))


@pytest.mark.parametrize(("facts", "code"), [((), "not_found"), ((drafted(), *added(line())), "invoice_not_sent")])
def test_only_a_sent_invoice_is_mailed(facts: tuple[object, ...], code: str) -> None:
    given(*([on(INVOICE, *facts)] if facts else [])).when(ASKED).then(refused(code))


def test_what_is_asked_for_once_is_not_asked_for_again_until_it_ended() -> None:
    memory = Memory([SENT, REACHABLE])
    memory.run(ASKED, asked())
    memory.run(replace(ASKED, to=TO), asked())
    given(on(INVOICE, *sent_invoice(), requested()), REACHABLE).when(ASKED).then(refused("email_already_requested"))
    memory.run(recorded(1), asked())
    memory.run(ASKED, asked())
    assert [one.request for one in invoice_in(memory).mails.open] == [2, 3]


def test_a_mail_that_went_out_is_recorded_once() -> None:
    memory = Memory([SENT])
    memory.run(recorded(), asked())
    memory.run(recorded(), asked())
    (sent,) = invoice_in(memory).mails.sent
    assert (sent.to, sent.customer_id, sent.request) == (TO, CUSTOMER, None)


def test_a_refused_mail_ends_the_request_with_the_server_s_reason() -> None:
    memory = Memory([on(INVOICE, *sent_invoice(), requested(to=TO))])
    memory.run(RecordEmailFailure(kind="invoice", document_id=INVOICE, to=TO, reason="550 no", request=1), asked())
    mails = invoice_in(memory).mails
    assert mails.open == ()
    assert [(one.request, one.to) for one in mails.failed] == [(1, TO)]


def test_a_credit_note_is_mailed_like_an_invoice_and_its_money_stays_as_it_is() -> None:
    memory = Memory([SENT, on(NOTE_SERIES, opened(IZC))])
    memory.run(credit(), asked())
    before = memory.load(CREDIT_NOTE, NOTE).state
    memory.run(RequestEmail(kind="credit_note", document_id=NOTE, to=TO), asked())
    memory.run(
        RecordEmail(kind="credit_note", document_id=NOTE, to=TO, message_id="<1@x>", sent_at=NOW, request=1), asked()
    )
    assert [type(fact) for fact in memory.streams[NOTE][1:]] == [credit_note.EmailRequested, credit_note.Emailed]
    after = memory.load(CREDIT_NOTE, NOTE).state
    assert before is not None
    assert after is not None
    assert replace(after, mails=before.mails) == before


def test_a_credit_note_that_does_not_exist_is_not_mailed() -> None:
    given().when(RequestEmail(kind="credit_note", document_id=NOTE, to=TO)).then(refused("not_found"))


BOUNCE = RecordBounce(
    kind="invoice",
    document_id=INVOICE,
    message_id="<None@x>",
    recipients=frozenset({TO}),
    status="5.1.1",
    diagnostic="550 no such mailbox",
)


def bounced(letter: Letter = "document", message_id: str = "<None@x>") -> invoice.EmailBounced:
    return invoice.EmailBounced(
        message_id=message_id, letter=letter, status="5.1.1", diagnostic="550 no such mailbox", bounced_at=NOW
    )


WENT_OUT = invoice.Emailed(to=TO, message_id="<None@x>", sent_at=NOW, customer_id=CUSTOMER)
REMINDED = invoice.ReminderSent(
    step=7, date=NOW.date(), sent_at=NOW, to=TO, balance=ron("10.00"), message_id="<7@x>", customer_id=CUSTOMER
)


def test_a_mail_that_went_out_may_come_back_once() -> None:
    given(on(INVOICE, *sent_invoice(), WENT_OUT)).when(BOUNCE).then(on(INVOICE, bounced()))
    given(on(INVOICE, *sent_invoice(), WENT_OUT, bounced())).when(replace(BOUNCE, status="5.0.0")).then()


def test_a_reminder_may_come_back_as_well() -> None:
    returned = replace(BOUNCE, message_id="<7@x>")
    given(on(INVOICE, *sent_invoice(), REMINDED)).when(returned).then(on(INVOICE, bounced("reminder", "<7@x>")))


def test_what_did_not_go_out_does_not_come_back() -> None:
    other = replace(BOUNCE, message_id="<1@x>")
    given(SENT).when(BOUNCE).then(refused("mail_unknown"))
    given(on(INVOICE, *sent_invoice(), WENT_OUT, REMINDED)).when(other).then(refused("mail_unknown"))


def test_what_may_be_recorded_as_sent_yet_may_come_back_later() -> None:
    given(SENT).when(replace(BOUNCE, is_awaited=True)).then(refused("mail_not_sent"))
    given(on(INVOICE, *sent_invoice(), WENT_OUT)).when(replace(BOUNCE, is_awaited=True)).then(on(INVOICE, bounced()))


def test_a_notice_that_does_not_name_the_reader_is_about_another_mail() -> None:
    forged = replace(BOUNCE, recipients=frozenset({"ana@adresa.example"}))
    went_out = on(INVOICE, *sent_invoice(), replace(WENT_OUT, to=TO.upper()), REMINDED)
    given(went_out).when(forged).then(refused("bounce_of_another"))
    given(went_out).when(replace(forged, message_id="<7@x>")).then(refused("bounce_of_another"))
    given(went_out).when(BOUNCE).then(on(INVOICE, bounced()))


@pytest.mark.parametrize(
    ("to", "named"),
    [
        ("Ana@Bücher.ro", "ana@xn--bcher-kva.ro"),
        ("O'Brien@adresa.example", "o'brien@adresa.example"),
        ("Ana@..Bücher.ro", "ana@..bücher.ro"),
    ],
)
def test_an_address_is_the_same_in_each_of_its_spellings(to: str, named: str) -> None:
    went_out = on(INVOICE, *sent_invoice(), replace(WENT_OUT, to=to))
    given(went_out).when(replace(BOUNCE, recipients=frozenset({named}))).then(on(INVOICE, bounced()))


@pytest.mark.parametrize("message_id", ["<None@x>", "<7@x>"])
def test_of_a_mail_to_somebody_erased_nothing_more_is_recorded(message_id: str) -> None:
    went_out = on(INVOICE, *sent_invoice(), replace(WENT_OUT, to=ERASED), replace(REMINDED, to=ERASED))
    given(went_out).when(replace(BOUNCE, message_id=message_id)).then(refused("customer_erased"))


def test_what_came_back_is_remembered_beside_what_was_sent() -> None:
    mails = invoice_in(Memory([on(INVOICE, *sent_invoice(), WENT_OUT, bounced())])).mails
    assert mails.sent == (WENT_OUT,)
    assert mails.bounce("<None@x>") == bounced()
    assert mails.bounce("<1@x>") is None


@pytest.mark.parametrize(
    ("diagnostic", "reason"),
    [("550 5.1.1 no", "550 5.1.1 no"), ("550 no such mailbox", "5.1.1 550 no such mailbox"), ("", "5.1.1")],
)
def test_why_it_came_back_names_the_status_once(diagnostic: str, reason: str) -> None:
    assert replace(bounced(), diagnostic=diagnostic).reason == reason


def test_a_credit_note_comes_back_like_an_invoice() -> None:
    memory = Memory([SENT, on(NOTE_SERIES, opened(IZC))])
    memory.run(credit(), asked())
    went_out = RecordEmail(kind="credit_note", document_id=NOTE, to=TO, message_id="<1@x>", sent_at=NOW)
    memory.run(went_out, asked())
    memory.run(replace(BOUNCE, kind="credit_note", document_id=NOTE, message_id="<1@x>"), asked())
    state = memory.load(CREDIT_NOTE, NOTE).state
    assert state is not None
    assert [(type(one), one.letter) for one in state.mails.bounced] == [(credit_note.EmailBounced, "document")]

"""Documents by mail: asked for, sent, refused."""

from dataclasses import replace

import pytest

from invoicing_domain.categories import CREDIT_NOTE
from invoicing_domain.model.credit_note import events as credit_note
from invoicing_domain.model.customer.events import CustomerProfile, CustomerRegistered
from invoicing_domain.model.invoice import events as invoice
from invoicing_domain.model.mailing import RecordEmail, RecordEmailFailure, RequestEmail
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

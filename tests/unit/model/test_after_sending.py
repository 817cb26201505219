from datetime import date

from invoicing_domain.model.invoice.commands import AddNote, ExtendDueDate
from invoicing_domain.model.invoice.events import DueDateExtended, NoteAdded
from tests.support.facts import INVOICE, TODAY, added, asked, drafted, line, sent_invoice
from tests.support.sentences import Memory, given, on, refused
from tests.support.states import invoice_in

SENT = on(INVOICE, *sent_invoice())
LATER = date(2027, 1, 31)


def extend(due_date: date = LATER, reason: str = "Convenit la telefon") -> ExtendDueDate:
    return ExtendDueDate(invoice_id=INVOICE, due_date=due_date, reason=reason)


def test_another_due_date_counts_from_the_day_on_which_it_was_agreed() -> None:
    given(SENT).when(extend()).then(
        on(
            INVOICE,
            DueDateExtended(due_date=LATER, previous=date(2026, 12, 23), date=TODAY, reason="Convenit la telefon"),
        )
    )


def test_status_and_age_follow_the_due_date_that_was_agreed_last() -> None:
    memory = Memory([SENT])
    memory.run(extend(), asked())
    invoice = invoice_in(memory)
    assert (invoice.due_date, invoice.status(date(2027, 1, 31)), invoice.status(date(2027, 2, 1))) == (
        LATER,
        "sent",
        "overdue",
    )
    memory.run(extend(date(2026, 12, 1)), asked())
    assert invoice_in(memory).status(date(2026, 12, 2)) == "overdue"


def test_the_due_date_that_it_is_already_is_silent() -> None:
    given(SENT).when(extend(date(2026, 12, 23))).then()


def test_a_due_date_is_neither_before_the_issue_date_nor_in_another_age() -> None:
    given(SENT).when(extend(date(2026, 11, 22))).then(refused("due_date_before_issue", issue_date="2026-11-23"))
    given(SENT).when(extend(date(2040, 1, 1))).then(refused("due_date_too_late", due_date="2040-01-01"))
    given(SENT).when(extend(reason=" ")).then(refused("reason_missing"))


def test_only_a_sent_invoice_has_a_due_date_to_extend_and_a_log() -> None:
    draft = on(INVOICE, drafted(), *added(line()))
    given(draft).when(extend()).then(refused("invoice_not_sent"))
    given(draft).when(AddNote(invoice_id=INVOICE, text="x")).then(refused("invoice_not_sent"))
    given().when(extend()).then(refused("not_found"))


def test_a_remark_is_kept_beside_the_document() -> None:
    said = NoteAdded(text="A promis plata", date=TODAY)
    given(SENT).when(AddNote(invoice_id=INVOICE, text="A promis plata")).then(on(INVOICE, said))
    given(SENT).when(AddNote(invoice_id=INVOICE, text="  ")).then(refused("note_empty"))
    memory = Memory([SENT])
    memory.run(AddNote(invoice_id=INVOICE, text="A promis plata"), asked())
    assert invoice_in(memory).remarks == (said,)

"""Notices of mails that came back, handed in over HTTP."""

import psycopg
import pytest
from falcon.testing import Result

from api.entrance.decoding import MAX_BODY_BYTES
from tests.support.house import Company, Person, good, refused
from tests.support.notices import WRITTEN, postfix
from tests.support.sent_mails import TO, sent_mail

LATER = "<0123456789abcdef0123456789abcdef@atelier.example>"


def hand_in(person: Person, notice: str | bytes) -> Result:
    raw = notice if isinstance(notice, bytes) else notice.encode()
    return person.ask("POST", "/mail/bounces", raw=raw, headers={"Content-Type": "message/rfc822"})


def mailed(company: Company, *, recorded: bool = True) -> tuple[str, str]:
    """An invoice and the Message-ID under which it went out."""
    house, invoice = company.house, company.sent()["id"]
    return invoice, sent_mail(house.ledger, house.database, company.organization_id, invoice, recorded=recorded)


@pytest.mark.parametrize("written", list(WRITTEN))
def test_a_mail_that_came_back_is_shown_where_it_was_shown_as_sent(company: Company, written: str) -> None:
    invoice, message_id = mailed(company)
    answer = good(hand_in(company.admin, WRITTEN[written](message_id, TO)))
    assert (answer["outcome"], answer["document_kind"], answer["document_id"]) == ("recorded", "invoice", invoice)
    (email,) = good(company.admin.get(f"/invoices/{invoice}"))["emails"]
    assert (email["to"], email["status"]) == (TO, "bounced")
    assert email["reason"] == answer["diagnostic"]
    last = good(company.admin.get(f"/invoices/{invoice}/history"))["data"][-1]
    assert (last["type"], last["summary"]) == ("invoice.email_bounced", f"The mail came back: {email['reason']}")
    assert TO not in str(last) + str(answer)


def test_the_second_copy_is_silent(company: Company) -> None:
    _, message_id = mailed(company)
    notice = postfix(message_id, TO)
    first = good(hand_in(company.admin, notice))
    before = company.house.facts()
    assert good(hand_in(company.admin, notice)) == first
    assert company.house.facts() == before


@pytest.mark.parametrize("action", ["delayed", "delivered"])
def test_news_of_a_mail_that_did_not_fail_is_ignored(company: Company, action: str) -> None:
    _, message_id = mailed(company)
    before = company.house.facts()
    answer = good(hand_in(company.admin, postfix(message_id, TO, action=action, status="4.4.1")))
    assert (answer["outcome"], answer["action"], answer["document_id"]) == ("ignored", action, None)
    assert company.house.facts() == before


def test_what_is_forged_or_foreign_is_refused_with_a_reason(company: Company) -> None:
    stranger = company.house.company()
    _, message_id = mailed(company)
    before = company.house.facts()
    refused(hand_in(company.admin, postfix(LATER, TO)), 422, "mail_unknown")
    refused(hand_in(company.admin, postfix(message_id, "ana@client.example")), 422, "bounce_of_another")
    refused(hand_in(stranger.admin, postfix(message_id, TO)), 422, "mail_unknown")
    refused(hand_in(company.admin, postfix(message_id.replace("atelier", "other"), TO)), 422, "mail_unknown")
    refused(hand_in(company.admin, postfix("<4711@elsewhere.example>", TO)), 422, "bounce_unreadable")
    problem = refused(hand_in(company.admin, b"Subject: Hi\n\nBuy now"), 422, "bounce_unreadable")
    assert "no delivery status notification" in problem["detail"]
    assert company.house.facts() == before


def test_a_mail_whose_sending_is_not_recorded_yet_comes_again_later(company: Company) -> None:
    _, message_id = mailed(company, recorded=False)
    refused(hand_in(company.admin, postfix(message_id, TO)), 409, "mail_not_sent")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("ready", "mail_not_sent"),
        ("sending", "mail_not_sent"),
        ("in_doubt", "mail_not_sent"),
        ("sent", "mail_not_sent"),
        ("dead", "mail_unknown"),
        ("cancelled", "mail_unknown"),
        ("withdrawn", "mail_unknown"),
    ],
)
def test_only_a_mail_that_may_still_be_recorded_as_sent_is_waited_for(company: Company, status: str, code: str) -> None:
    _, message_id = mailed(company, recorded=False)
    with psycopg.connect(company.house.database) as connection:
        connection.execute("UPDATE work.job SET status = %s WHERE effect_key LIKE 'mail:%%'", [status])
    refused(hand_in(company.admin, postfix(message_id, TO)), 409 if code == "mail_not_sent" else 422, code)


def test_a_notice_has_a_limit(company: Company) -> None:
    refused(hand_in(company.admin, b"x" * (MAX_BODY_BYTES + 1)), 413, "too_large")

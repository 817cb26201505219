"""Notices of mail servers: what they say of our mails is read, and everything else is refused with a reason."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing_domain.bounces import LONGEST_NOTICE, NotABounce, digest_of, mail_digest, read_notice
from tests.support.notices import WRITTEN, Written, exchange, gmail, postfix

ID: Final = f"<{mail_digest('mail:invoice:0193:sent')}@atelier.example>"
TO: Final = "ion.popescu@client.example"


def read_as(text: str) -> bytes:
    """As it comes out of a mail server: lines end as on the wire."""
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("written", "status", "diagnostic"),
    [
        (
            "postfix",
            "5.1.1",
            "550 5.1.1 (the recipient): Recipient address rejected: User unknown in local recipient table [/mx1]",
        ),
        (
            "exchange",
            "5.2.2",
            (
                "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException;"
                " the mailbox of (the recipient) is full"
            ),
        ),
        (
            "gmail",
            "5.1.1",
            (
                "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1"
                " double-checking the recipient's email address for typos or 550 5.1.1 unnecessary spaces."
                " https://support.example/?p=NoSuchUser - gsmtp"
            ),
        ),
    ],
)
@pytest.mark.parametrize("on_the_wire", [True, False])
def test_a_failure_is_read_as_each_server_writes_it(
    written: str, status: str, diagnostic: str, *, on_the_wire: bool
) -> None:
    text = WRITTEN[written](ID, TO)
    notice = read_notice(read_as(text) if on_the_wire else text.encode())
    assert (notice.message_id, notice.action, notice.status, notice.diagnostic) == (ID, "failed", status, diagnostic)
    assert notice.recipients == {TO}
    assert digest_of(notice.message_id) == mail_digest("mail:invoice:0193:sent")


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("to", ["Sean.O'Brien@client.example", "Ana@xn--bcher-kva.ro"])
def test_a_reader_is_named_whole(written: Written, to: str) -> None:
    assert read_notice(written(ID, to).encode()).recipients == {to.lower()}


def test_an_address_in_quotes_is_read_without_them() -> None:
    text = postfix(ID, TO).replace("Recipient address rejected", f"'{TO}' rejected")
    assert read_notice(text.encode()).diagnostic.startswith("550 5.1.1 (the recipient): '(the recipient)' rejected")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_is_no_failure_is_read_as_such(action: str) -> None:
    assert read_notice(postfix(ID, TO, action=action, status="4.4.1").encode()).action == action


def test_one_failure_counts_for_all_that_the_notice_says() -> None:
    both = postfix(ID, TO).replace("Action: failed", "Action: delayed\nStatus: 4.0.0\n\nAction: failed")
    assert read_notice(both.encode()).action == "failed"


def test_a_status_that_cannot_be_read_is_a_failure_like_another() -> None:
    assert read_notice(postfix(ID, TO, status="unknown").encode()).status == "5.0.0"


def test_a_mail_server_that_gives_nothing_back_names_the_mail_in_its_references() -> None:
    text = gmail(ID, TO).replace("\nMessage-ID: " + ID, "\nX-Was: here")
    assert read_notice(text.encode()).message_id == ID


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no delivery status notification"),
        (b"Subject: Hi\n\nBuy now", "no delivery status notification"),
        (postfix(ID, TO).replace("report-type=delivery-status", "report-type=feedback-report").encode(), "no delivery"),
        (postfix(ID, TO).replace(" report-type=delivery-status;", "").encode(), "no delivery status notification"),
        (postfix("<4711@elsewhere.example>", TO).encode(), "names no mail of this house"),
        (postfix(ID.upper(), TO).encode(), "names no mail of this house"),
        (postfix(ID, TO, action="vanished").encode(), "does not say what became of the mail"),
        (exchange(ID, TO).replace("message/delivery-status", "text/plain").encode(), "does not say what became"),
        (b"x" * (LONGEST_NOTICE + 1), "at most 1048576 bytes"),
        (postfix(ID, TO).replace("report-type=", f"a*{'1' * 5_000}=x; report-type=").encode(), "cannot be read"),
        (b"Content-Type: multipart/report; report-type=delivery-status; charset=idna\n\n\xff", "cannot be read"),
    ],
)
def test_anything_else_is_refused_with_a_reason(raw: bytes, why: str) -> None:
    with pytest.raises(NotABounce, match=why):
        read_notice(raw)


def test_a_nest_of_parts_is_refused_and_not_descended_into() -> None:
    raw = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3_000))
    with pytest.raises(NotABounce):
        read_notice(raw)


def test_a_megabyte_of_letters_is_read_like_any_other() -> None:
    letters = "x" * (LONGEST_NOTICE - 4_000)  # looking for addresses in all of them would take an hour
    text = postfix(ID, TO).replace("Diagnostic-Code: smtp;", f"Diagnostic-Code: smtp; {letters}")
    assert read_notice(text.encode()).message_id == ID


@pytest.mark.parametrize("name", ["Ion.Popescu", "ION.POPESCU@CLIENT.EXAMPLE", "<ion.popescu@client.example>"])
def test_the_reader_s_address_is_kept_in_no_spelling(name: str) -> None:
    text = postfix(ID, TO).replace("Recipient address rejected", f"rejected by {name}, as")
    assert "popescu" not in read_notice(text.encode()).diagnostic.lower()


def test_what_is_kept_is_one_short_line_of_letters() -> None:
    text = postfix(ID, TO).replace("Recipient address rejected", "\x1b[31m\x00" + "x" * 2_000)
    kept = read_notice(text.encode()).diagnostic
    assert len(kept) <= 300
    assert kept.isprintable()


@given(st.binary(max_size=2_000))
def test_no_bytes_make_the_reader_stumble(raw: bytes) -> None:
    head = postfix(ID, TO).encode()
    for notice in (raw, head[: len(raw)] + raw + head[len(raw) :]):
        try:
            found = read_notice(notice)
        except NotABounce:
            continue
        assert found.message_id == ID
        assert TO not in found.diagnostic

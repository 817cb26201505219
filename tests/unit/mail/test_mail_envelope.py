"""The envelope of a mail."""

from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from invoicing_domain.letters.writing import MailContent
from workers.mail.envelope import UnfitHeader, build_message, header_text, mailbox, message_id, parse_mailbox

CONTENT = MailContent(subject="Reamintire de plată", text="Bună ziua\n.\n", html="<p>Bună ziua</p>")
AT = datetime(2026, 12, 24, 10, 0, tzinfo=timezone(timedelta(hours=2)))
KEY = "reminder:0193:7"
SELLER = mailbox("facturi@example.ro", "Atelierul Ștefan, Fiii & Nepoții SRL")


def built(subject: str = CONTENT.subject, name: str = "Ion", reply_to: str | None = None) -> EmailMessage:
    return build_message(
        MailContent(subject=subject, text=CONTENT.text, html=CONTENT.html),
        effect_key=KEY,
        sender=SELLER,
        to=mailbox("ion@client.ro", name),
        at=AT,
        reply_to=parse_mailbox(reply_to) if reply_to else None,
    )


def received(message: EmailMessage) -> EmailMessage:
    """The message as the other side reads it from the wire."""
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def test_the_same_cause_gives_the_same_identity_and_the_same_bytes() -> None:
    assert built()["Message-ID"] == message_id(KEY, "example.ro")
    assert built().as_bytes() == built().as_bytes()
    assert message_id("reminder:0193:14", "example.ro") != message_id(KEY, "example.ro")
    assert "0193" not in message_id(KEY, "example.ro")


def test_the_mail_says_that_a_machine_wrote_it_and_when() -> None:
    mail = received(built(reply_to="Birou <birou@example.ro>"))
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == datetime(2026, 12, 24, 8, 0, tzinfo=UTC)
    assert mail["Reply-To"].addresses[0].addr_spec == "birou@example.ro"
    assert mail["From"].addresses[0].display_name == "Atelierul Ștefan, Fiii & Nepoții SRL"


def test_text_comes_before_html_and_both_arrive_as_written() -> None:
    mail = received(built())
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    arrived = [part.get_content().replace("\r\n", "\n") for part in (text, html)]
    assert arrived == [CONTENT.text, CONTENT.html + "\n"]


def test_every_line_on_the_wire_is_short_ascii_with_proper_ends() -> None:
    mail = built(subject="Factură restantă " * 15, name="Fabrica de pâine și produse de patiserie, Dulcele Ardeal SRL")
    lines = mail.as_bytes().split(b"\r\n")
    assert all(line.isascii() and len(line) <= 78 and b"\n" not in line and b"\r" not in line for line in lines)


shown = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="<>@\u202a\u202b\u202c\u202d\u202e"),
    max_size=200,
).filter(lambda text: "=?" not in text)


@given(name=shown)
@example(name="A" * 90 + ", B")
@example(name="Fabrica de pâine, produse de patiserie, cofetărie și gelaterie „Dulcele Ardeal”, din Cluj-Napoca")
def test_any_name_arrives_whole_and_never_adds_a_recipient(name: str) -> None:
    wire = message_from_bytes(built(name=name).as_bytes())["To"].replace("\r\n", "")
    # Read by RFC 2047's rule, blanks between encoded words fall away; the library's newer reader keeps them in names.
    ((raw_name, address),) = getaddresses([wire])
    assert (str(make_header(decode_header(raw_name))), address) == (" ".join(name.split()), "ion@client.ro")
    assert [one.addr_spec for one in received(built(name=name))["To"].addresses] == ["ion@client.ro"]


@given(subject=shown.filter(str.strip))
@example(subject=" 0")
def test_any_subject_arrives_as_written_but_for_blanks_around_it(subject: str) -> None:
    assert received(built(subject=subject))["Subject"] == subject.strip(" ")


@given(text=st.text(max_size=60))
def test_whatever_stands_in_name_and_subject_no_header_is_added(text: str) -> None:
    expected = sorted(built().keys())
    try:
        mail = received(built(subject=text, name=text))
    except UnfitHeader:
        return
    assert sorted(mail.keys()) == expected
    assert [one.addr_spec for one in mail["To"].addresses] == ["ion@client.ro"]


@pytest.mark.parametrize(
    "bad", ["a\r\nBcc: x@y.ro", "a\nb", "a\rb", "a\x00", "a\u2028b", "a\x85b", "a\u202eb", "=?utf-8?q?a?="]
)
def test_a_value_that_is_not_one_plain_line_is_refused(bad: str) -> None:
    with pytest.raises(UnfitHeader):
        header_text(bad, "Subject")
    with pytest.raises(UnfitHeader):
        built(subject=bad)
    with pytest.raises(UnfitHeader):
        mailbox("ion@client.ro", bad)
    with pytest.raises(UnfitHeader):
        mailbox(f"ion{bad}@client.ro")


@pytest.mark.parametrize("name", ["ceo@bank.ro", "Ion <ceo@bank.ro>", "Banca ceo@bank.ro"])
def test_a_name_that_passes_for_an_address_is_refused(name: str) -> None:
    with pytest.raises(UnfitHeader, match="somebody else"):
        mailbox("ion@client.ro", name)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ion",
        "@client.ro",
        "ion@",
        "ion@client",
        "ion@@client.ro",
        "ion@cli ent.ro",
        "ion..p@client.ro",
        ".ion@client.ro",
        "ion@-client.ro",
        "ion@client..ro",
        "ion,dan@client.ro",
        "ion@client.ro, dan@client.ro",
        "<ion@client.ro>",
        '"ion popa"@client.ro',
        "ión@client.ro",
        "ion@[127.0.0.1]",
        "a" * 65 + "@client.ro",
        "ion@" + "a.b" * 100 + ".ro",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UnfitHeader):
        mailbox(address)


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("ion.popa+facturi@client.ro", "ion.popa+facturi@client.ro"),
        ("Ion@CLIENT.ro", "Ion@client.ro"),
        ("ion@brutăria.ro", "ion@xn--brutria-c4a.ro"),
        ("izvor@localhost", "izvor@localhost"),
    ],
)
def test_an_address_takes_its_wire_form(address: str, wire: str) -> None:
    assert mailbox(address).addr_spec == wire


def test_a_mailbox_is_read_the_way_settings_write_it() -> None:
    assert parse_mailbox("Izvor Facturi <facturi@example.ro>") == mailbox("facturi@example.ro", "Izvor Facturi")
    assert parse_mailbox("facturi@example.ro") == mailbox("facturi@example.ro")
    with pytest.raises(UnfitHeader):
        parse_mailbox("a@example.ro, b@example.ro")


def test_a_time_without_its_zone_is_refused() -> None:
    naive = AT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        build_message(CONTENT, effect_key=KEY, sender=SELLER, to=mailbox("ion@client.ro"), at=naive)


@pytest.mark.parametrize("key", ["", "k" * 501])
def test_an_identity_needs_a_cause_of_bounded_length(key: str) -> None:
    with pytest.raises(ValueError, match="effect key"):
        message_id(key, "example.ro")

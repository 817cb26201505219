"""Personal data in stored facts: what is written, what is read with the key, and what stays without it."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing_domain.model.customer.events import CustomerChanged, CustomerProfile, CustomerRegistered
from invoicing_domain.model.erasure import Parts, parted, whole
from invoicing_domain.model.invoice.events import Sent
from invoicing_domain.model.party import Address
from invoicing_domain.model.personal import CONTACT, ERASED, IDENTITY
from invoicing_domain.recording.codec import Codec, opened
from invoicing_domain.recording.envelope import meta_of
from invoicing_domain.recording.sealing import BrokenSeal, Key, kept_of, owner_of, seal, unseal
from tests.support.facts import CUSTOMER
from tests.support.golden import CONTEXT
from tests.support.persons import as_person
from tests.support.samples import SAMPLES

CODEC = Codec()
SECRET = bytes(range(32))
KEY = Key(SECRET, wrapped=b"as the database holds it")
META = meta_of(CONTEXT)
OLD = Path(__file__).parents[1] / "golden" / "sealed" / "customer.registered.v1.json"


FACTS = [*SAMPLES.values(), *(as_person(fact) for fact in SAMPLES.values())]
PERSONAL = [(fact, parts) for fact in FACTS if (parts := parted(fact, CUSTOMER)) is not None]


def name_of(value: object) -> str:
    return type(value).__qualname__ if not isinstance(value, Parts) else value.customer_id[-4:]


def test_all_facts_that_name_somebody_are_known() -> None:
    """A fact with a field of one of these names somewhere inside has personal data, and is parted."""
    for fact in SAMPLES.values():
        stored = orjson.loads(CODEC.encode(fact, META))["fact"]
        assert (parted(fact, CUSTOMER) is not None) == names_somebody(stored), type(fact)


def names_somebody(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    about_a_seller = {"seller", "company"}
    return bool({"customer_name", "to", "contact_name"} & value.keys()) or any(
        names_somebody(inner) for name, inner in value.items() if name not in about_a_seller
    )


@pytest.mark.parametrize(("fact", "parts"), PERSONAL, ids=name_of)
def test_a_fact_is_whole_again_with_its_key(fact: object, parts: Parts) -> None:
    topic, stored = CODEC.topic(fact), CODEC.encode_sealed(parts, META, KEY)
    assert owner_of(stored) == CUSTOMER
    assert CODEC.decode(topic, opened(stored, {CUSTOMER: KEY}))[0] == fact
    assert CODEC.fact(topic.encode(), opened(stored, {CUSTOMER: KEY})) == fact
    assert whole(parts.kept, parts.personal) == fact


@pytest.mark.parametrize(("fact", "parts"), PERSONAL, ids=name_of)
def test_without_the_key_a_whole_fact_stays_that_names_nobody(fact: object, parts: Parts) -> None:
    topic, stored = CODEC.topic(fact), CODEC.encode_sealed(parts, META, KEY)
    assert CODEC.decode(topic, opened(stored, {}))[0] == parts.kept
    assert parted(parts.kept, CUSTOMER) is None
    for value in texts(parts.personal):
        assert value.encode() not in stored


def texts(personal: Any) -> list[str]:
    """Whatever stood in the personal part, but for countries and what is too short to mean anything."""
    found: list[str] = []
    for value in personal.values():
        if isinstance(value, Address):
            found += [value.street, value.city, value.postal_code]
        elif isinstance(value, tuple):
            found += value
        else:
            found.append(value)
    return [text for text in found if text not in {"", ERASED}]


def test_who_a_company_is_and_what_an_invoice_must_say_stay_readable() -> None:
    company = CustomerChanged(profile=CustomerProfile(name="Turda SRL", tax_id="RO1", email="a@turda.example"))
    parts = parted(company, CUSTOMER)
    assert parts is not None
    assert set(parts.personal) == {"email"}
    sent = as_person(SAMPLES[Sent])
    document = parted(sent, CUSTOMER)
    assert document is not None
    assert set(document.personal) <= set(CONTACT)
    assert document.kept.customer.name == sent.customer.name
    assert document.kept.customer.address == sent.customer.address


def test_a_person_keeps_nothing_but_the_country_the_language_and_what_was_declined() -> None:
    parts = parted(as_person(SAMPLES[CustomerChanged]), CUSTOMER)
    assert parts is not None
    assert set(parts.personal) == {*CONTACT, *IDENTITY} - {"to", "customer_name"}
    assert parts.kept.profile == CustomerProfile(
        name=ERASED, kind="person", language="en", address=Address(), declined_notices=("reminders",)
    )


def test_a_fact_about_a_company_that_nobody_can_be_reached_at_is_stored_in_plain() -> None:
    assert parted(CustomerChanged(profile=CustomerProfile(name="Turda SRL", tax_id="RO1")), CUSTOMER) is None


@pytest.mark.parametrize("part", [b"00000000-0001", b'"data":"', b'{"n":1}', b'"command"'])
def test_whoever_changes_a_sealed_record_is_found_out(part: bytes) -> None:
    record = seal(CUSTOMER, SECRET, b'{"email":"a@b.example"}', b'{"fact":{"n":1},"meta":{"command":"c"}}')
    at = record.index(part) + len(part) - 1 + 10 * (part == b'"data":"')
    changed = record[:at] + bytes([record[at] ^ 1]) + record[at + 1 :]
    with pytest.raises(BrokenSeal):
        unseal(changed, SECRET)


def test_a_record_that_was_sealed_when_this_was_first_written_is_opened_for_ever() -> None:
    stored = OLD.read_bytes().strip()
    assert owner_of(stored) == CUSTOMER
    fact, _ = CODEC.decode("customer.registered/1", opened(stored, {CUSTOMER: KEY}))
    now: Any = SAMPLES[CustomerRegistered]
    assert fact == as_person(replace(now, profile=replace(now.profile, declined_notices=())))


def test_the_key_of_another_customer_opens_nothing() -> None:
    record = seal(CUSTOMER, SECRET, b"{}", b'{"fact":{"n":1}}')
    with pytest.raises(BrokenSeal):
        unseal(record, SECRET[::-1])


@given(secret=st.binary(max_size=300), kept=st.dictionaries(st.text(), st.text(), min_size=1))
def test_whatever_is_sealed_comes_back(secret: bytes, kept: dict[str, str]) -> None:
    plain = orjson.dumps(kept)
    record = seal(CUSTOMER, SECRET, secret, plain)
    found = unseal(record, SECRET)
    assert (found.secret, found.kept, kept_of(record)) == (secret, plain, plain)
    assert orjson.loads(record).items() >= {name: kept[name] for name in kept if name != "sealed"}.items()


def test_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    records = [seal(CUSTOMER, SECRET, b"{}", b'{"fact":{}}') for _ in range(3)]
    assert all(one != other for one, other in pairwise(records))

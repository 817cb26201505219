"""Erasing a customer, and what may happen to one afterwards."""

from dataclasses import replace

import pytest

from invoicing_domain.model.customer.commands import ChangeCustomer, EraseCustomer, ProfileChanges
from invoicing_domain.model.customer.events import CustomerProfile, CustomerRegistered, PersonalDataErased
from invoicing_domain.model.customer.state import Customer, as_buyer, evolve
from invoicing_domain.model.erasure import parted, parted_state
from invoicing_domain.model.party import Address
from invoicing_domain.model.personal import ERASED
from invoicing_domain.model.reference.retention import kept_until
from invoicing_domain.model.refusal import Refusal
from tests.support.facts import CUSTOMER, NOW, TODAY
from tests.support.sentences import given, on, refused

HOME = Address(street="Aleea Mărului 3", city="Brașov", county="RO-BV", country="MD")
PERSON = CustomerProfile(name="Ana Pop", kind="person", email="ana@example.ro", language="en", address=HOME)
REGISTERED = CustomerRegistered(reference=1, profile=PERSON)
ERASE = EraseCustomer(customer_id=CUSTOMER, reason="asked for")
GONE = PersonalDataErased(erased_at=NOW, reason="asked for")


def test_a_customer_is_erased_once_with_a_reason() -> None:
    given(on(CUSTOMER, REGISTERED)).when(ERASE).then(on(CUSTOMER, GONE))
    given(on(CUSTOMER, REGISTERED, GONE)).when(replace(ERASE, reason="again")).then()
    given(on(CUSTOMER, REGISTERED)).when(replace(ERASE, reason=" ")).then(refused("reason_missing"))
    given().when(ERASE).then(refused("not_found"))


def test_a_profile_of_an_erased_customer_is_closed() -> None:
    changing = ChangeCustomer(customer_id=CUSTOMER, changes=ProfileChanges(email="new@example.ro"))
    given(on(CUSTOMER, REGISTERED, GONE)).when(changing).then(refused("customer_erased"))


def test_what_is_left_of_a_person_is_a_language_and_a_country() -> None:
    left = CustomerProfile(name=ERASED, kind="person", language="en", address=Address(country="MD"))
    assert evolve(evolve(None, REGISTERED), GONE) == Customer(reference=1, profile=left, erased_at=NOW)


def test_a_company_keeps_its_name() -> None:
    company = replace(PERSON, name="Turda SRL", kind="business", tax_id="RO18547290")
    gone = evolve(evolve(None, replace(REGISTERED, profile=company)), GONE)
    assert gone.profile == replace(company, email=None)


def test_the_state_after_an_erasure_is_the_fold_of_what_the_store_still_reads() -> None:
    parts = parted(REGISTERED, CUSTOMER)
    assert parts is not None
    assert evolve(evolve(None, parts.kept), GONE) == evolve(evolve(None, REGISTERED), GONE)
    assert parted_state(evolve(evolve(None, REGISTERED), GONE), CUSTOMER) is None


def test_no_document_begins_with_an_erased_customer() -> None:
    with pytest.raises(Refusal, match="register the customer anew") as caught:
        as_buyer(CUSTOMER, evolve(evolve(None, REGISTERED), GONE))
    assert caught.value.code == "customer_erased"


def test_documents_are_kept_five_years_from_the_july_after_theirs() -> None:
    assert TODAY.year == 2026
    assert kept_until(TODAY).isoformat() == "2032-07-01"
    assert kept_until(TODAY.replace(month=1, day=1)).isoformat() == "2032-07-01"

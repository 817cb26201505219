from dataclasses import fields, replace
from typing import cast

import pytest

from invoicing_domain.model.customer.commands import ChangeCustomer, ProfileChanges, RegisterCustomer
from invoicing_domain.model.customer.decide import register
from invoicing_domain.model.customer.events import CustomerChanged, CustomerProfile, CustomerRegistered
from invoicing_domain.model.customer.state import as_buyer, evolve
from invoicing_domain.model.organization.commands import ChangeOrganization, RegisterOrganization, SettingsChanges
from invoicing_domain.model.organization.events import (
    OrganizationChanged,
    OrganizationProfile,
    OrganizationRegistered,
)
from invoicing_domain.model.organization.state import as_seller
from invoicing_domain.model.organization.state import evolve as evolve_organization
from invoicing_domain.model.party import Address, Buyer, Seller
from invoicing_domain.model.refusal import Refusal
from tests.support.facts import CUSTOMER, IZC, NOTE_SERIES, ORGANIZATION, SERIES, opened
from tests.support.sentences import given, on, refused

PROFILE = CustomerProfile(name="Ana Pop", kind="person", email="ana@example.ro", ibans=("RO49AAAA1B31007593840000",))
REGISTERED = CustomerRegistered(reference=1, profile=PROFILE)
COMPANY = OrganizationProfile(name="Izvor Demo SRL", tax_id="RO14399840", email="office@izvor.example")
FOUNDED = OrganizationRegistered(profile=COMPANY)


def changing(**changes: object) -> ChangeCustomer:
    return ChangeCustomer(customer_id=CUSTOMER, changes=ProfileChanges(**changes))  # type: ignore[typeddict-item]


def test_a_customer_is_registered_with_a_whole_profile() -> None:
    given().when(RegisterCustomer(customer_id=CUSTOMER, reference=1, profile=PROFILE)).then(on(CUSTOMER, REGISTERED))


def test_a_change_of_a_customer_is_one_fact_with_the_whole_profile() -> None:
    given(on(CUSTOMER, REGISTERED)).when(changing(email=None, language="en")).then(
        on(CUSTOMER, CustomerChanged(profile=replace(PROFILE, email=None, language="en")))
    )


def test_a_change_of_a_customer_to_what_is_there_is_silent() -> None:
    given(on(CUSTOMER, REGISTERED)).when(changing(name="Ana Pop")).then()


def test_a_customer_has_a_name() -> None:
    nameless = replace(PROFILE, name=" ")
    given().when(RegisterCustomer(customer_id=CUSTOMER, reference=1, profile=nameless)).then(refused("name_missing"))
    given(on(CUSTOMER, REGISTERED)).when(changing(name="")).then(refused("name_missing"))


def test_an_unknown_customer_is_not_changed() -> None:
    given().when(changing(name="Ion Pop")).then(refused("not_found"))


def test_a_customer_whose_stream_exists_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        register(evolve(None, REGISTERED), RegisterCustomer(customer_id=CUSTOMER, reference=1, profile=PROFILE))
    assert caught.value.code == "customer_exists"


def test_a_document_keeps_the_customer_and_the_seller_as_they_were() -> None:
    assert as_buyer(CUSTOMER, evolve(None, REGISTERED)) == Buyer(
        customer_id=CUSTOMER, name="Ana Pop", kind="person", email="ana@example.ro"
    )
    assert as_seller(evolve_organization(None, FOUNDED)) == Seller(
        name="Izvor Demo SRL", tax_id="RO14399840", email="office@izvor.example"
    )


def test_an_organization_begins_with_both_its_series() -> None:
    given().when(RegisterOrganization(organization_id=ORGANIZATION, profile=COMPANY)).then(
        on(ORGANIZATION, FOUNDED), on(SERIES, opened()), on(NOTE_SERIES, opened(IZC))
    )


def test_an_organization_is_registered_once() -> None:
    given(on(ORGANIZATION, FOUNDED)).when(RegisterOrganization(organization_id=ORGANIZATION, profile=COMPANY)).then(
        refused("organization_exists")
    )


def change_to(profile: OrganizationProfile) -> ChangeOrganization:
    changes = {one.name: getattr(profile, one.name) for one in fields(profile) if "series" not in one.name}
    return ChangeOrganization(organization_id=ORGANIZATION, changes=cast("SettingsChanges", changes))


def test_an_organization_is_changed_as_a_whole_and_only_when_something_changes() -> None:
    moved = replace(COMPANY, time_zone="Europe/Chisinau")
    given(on(ORGANIZATION, FOUNDED)).when(change_to(moved)).then(on(ORGANIZATION, OrganizationChanged(profile=moved)))
    given(on(ORGANIZATION, FOUNDED)).when(change_to(COMPANY)).then()


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        (replace(COMPANY, name=" "), "name_missing"),
        (replace(COMPANY, currency="LEI"), "profile_invalid"),
        (replace(COMPANY, time_zone="Europe/Cluj"), "profile_invalid"),
        (replace(COMPANY, time_zone="Europe"), "profile_invalid"),
        (replace(COMPANY, time_zone="../etc/passwd"), "profile_invalid"),
        (replace(COMPANY, time_zone="x" * 5000), "profile_invalid"),
        (replace(COMPANY, time_zone=""), "profile_invalid"),
        (replace(COMPANY, payment_terms_days=-1), "profile_invalid"),
        (replace(COMPANY, payment_terms_days=10**9), "profile_invalid"),
        (replace(COMPANY, reminder_steps=(0, 7)), "reminder_steps_invalid"),
        (replace(COMPANY, reminder_steps=(7, 7)), "reminder_steps_invalid"),
        (replace(COMPANY, reminder_steps=(14, 7)), "reminder_steps_invalid"),
    ],
)
def test_a_profile_that_could_not_work_is_refused(profile: OrganizationProfile, code: str) -> None:
    given().when(RegisterOrganization(organization_id=ORGANIZATION, profile=profile)).then(refused(code))
    given(on(ORGANIZATION, FOUNDED)).when(change_to(profile)).then(refused(code))


def test_an_organization_may_send_no_reminders_at_all() -> None:
    quiet = replace(COMPANY, reminder_steps=())
    given(on(ORGANIZATION, FOUNDED)).when(change_to(quiet)).then(on(ORGANIZATION, OrganizationChanged(profile=quiet)))


def test_an_unknown_organization_is_not_changed() -> None:
    given().when(change_to(COMPANY)).then(refused("not_found"))


def test_a_prefix_beside_the_rule_registers_nothing() -> None:
    given().when(
        RegisterOrganization(organization_id=ORGANIZATION, profile=replace(COMPANY, invoice_series="izv"))
    ).then(refused("series_prefix_invalid"))


def test_a_document_keeps_everything_of_its_buyer() -> None:
    everything = CustomerProfile(
        name="Client SRL",
        kind="public",
        tax_id="RO14399840",
        email="office@client.example",
        phone="+40 264 000 000",
        language="en",
        address=Address(street="Str. Lungă 1", city="Cluj-Napoca", county="RO-CJ", postal_code="400001"),
        contact_name="Ioana Rus",
        identifier="C-17",
        legal_registration="J12/345/2010",
    )
    customer = evolve(None, CustomerRegistered(reference=17, profile=everything))
    assert customer.reference == 17
    buyer = as_buyer(CUSTOMER, customer)
    shared = {field.name for field in fields(Buyer)} & {field.name for field in fields(CustomerProfile)}
    assert buyer.customer_id == CUSTOMER
    assert {name: getattr(buyer, name) for name in shared} == {name: getattr(everything, name) for name in shared}


def test_a_document_keeps_every_detail_of_its_seller() -> None:
    everything = replace(
        COMPANY,
        ibans=("RO49AAAA1B31007593840000",),
        address=Address(street="Str. Fabricii 12", city="Turda", county="RO-CJ", postal_code="401001"),
        legal_registration="J12/345/2010",
        phone="+40 264 123 456",
        logo="ab" * 32,
        cash_accounting=True,
    )
    kept = as_seller(evolve_organization(None, OrganizationRegistered(profile=everything)))
    assert kept == Seller(**{field.name: getattr(everything, field.name) for field in fields(Seller)})


def test_a_customer_that_changes_keeps_its_reference() -> None:
    before = evolve(None, CustomerRegistered(reference=17, profile=PROFILE))
    after = evolve(before, CustomerChanged(profile=replace(PROFILE, name="Ana Rus")))
    assert (after.reference, after.profile.name) == (17, "Ana Rus")
    with pytest.raises(TypeError, match="a customer begins with CustomerRegistered"):
        evolve(None, CustomerChanged(profile=PROFILE))

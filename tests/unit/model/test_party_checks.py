from dataclasses import replace

import pytest

from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.identifiers import is_cnp, is_cui, is_iban, is_vat_id
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.party import Address, CustomerKind
from invoicing_domain.model.party_checks import Fault, tidy_address, tidy_customer, tidy_organization, tidy_tax_id
from invoicing_domain.model.reference.counties import county_code, sector
from invoicing_domain.model.reference.countries import COUNTRIES, EU_VAT_SHAPES, IBAN_LENGTHS

CUIS = ("14399840", "18547290", "8486152", "47024170", "12345674", "19", "124", "14596")


@pytest.mark.parametrize("digits", CUIS)
def test_a_tax_code_checks_itself(digits: str) -> None:
    assert is_cui(digits)
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    assert not is_cui(wrong)


@pytest.mark.parametrize("digits", ["", "0", "9", "014399840", "1234567", "123457", "12345678901", "１９", "1439984O"])
def test_what_is_no_tax_code_is_none(digits: str) -> None:
    assert not is_cui(digits)


@pytest.mark.parametrize("digits", ["1630615123457", "1800101221144", "1900101400081"])
def test_a_personal_code_checks_itself(digits: str) -> None:
    assert is_cnp(digits)
    assert not is_cnp(digits[:-1] + str((int(digits[-1]) + 1) % 10))


def personal_code(first_twelve: str) -> str:
    """With the check digit that belongs to it."""
    weights = (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)
    check = sum(int(digit) * weight for digit, weight in zip(first_twelve, weights, strict=True)) % 11
    return first_twelve + str(1 if check == 10 else check)


@pytest.mark.parametrize("date_of_birth", ["1630230", "1631301", "1630100", "1010229", "1000229"])
def test_a_personal_code_with_an_impossible_birthday_is_none(date_of_birth: str) -> None:
    assert not is_cnp(personal_code(date_of_birth + "12345"))


@pytest.mark.parametrize("date_of_birth", ["5000229", "6040229", "2960229", "7000229", "8990101", "9000229", "3990101"])
def test_the_first_digit_of_a_personal_code_names_the_century(date_of_birth: str) -> None:
    assert is_cnp(personal_code(date_of_birth + "12345"))


@pytest.mark.parametrize(
    ("iban", "right"),
    [
        ("RO49AAAA1B31007593840000", True),
        ("RO49AAAA1B31007593840001", False),
        ("RO49AAAA1B3100759384000", False),
        ("DE89370400440532013000", True),
        ("GB29NWBK60161331926819", True),
        ("NO9386011117947", True),
        ("FR1420041010050500013M02606", True),
        ("US00370400440532013000", False),
        ("RO490AAA1B31007593840000", False),
        ("", False),
    ],
)
def test_an_account_number_has_the_length_of_its_country_and_remainder_one(iban: str, right: bool) -> None:
    assert is_iban(iban) is right


@pytest.mark.parametrize(
    ("number", "right"),
    [
        *(("ATU12345678", True), ("AT12345678", False), ("DE811907980", True), ("DE81190798", False)),
        *(("EL123456789", True), ("GR123456789", False), ("FRXX123456789", True), ("NL123456789B01", True)),
        *(("XI123456789", True), ("US12345", False), ("CY12345678X", True), ("IE1234567WA", True), ("", False)),
    ],
)
def test_a_vat_number_has_the_shape_of_its_member_state(number: str, right: bool) -> None:
    assert is_vat_id(number) is right


def test_the_lists_are_whole() -> None:
    assert (len(COUNTRIES), len(EU_VAT_SHAPES)) == (249, 28)
    assert {"RO", "DE", "GB"} <= COUNTRIES & set(IBAN_LENGTHS)
    assert set(IBAN_LENGTHS) - COUNTRIES == {"XK"}


@pytest.mark.parametrize(
    ("given", "kind", "country", "kept"),
    [
        ("ro 14399840", "business", "RO", "RO14399840"),
        (" RO14.399.840 ", "business", "RO", "RO14399840"),
        ("CUI: 14399840", "public", "RO", "14399840"),
        ("1800101221144", "business", "RO", "1800101221144"),
        ("1800101221144", "person", "RO", "1800101221144"),
        ("0000000000000", "person", "RO", "0000000000000"),
        ("de 811 907 980", "business", "DE", "DE811907980"),
        ("DE811907980", "business", "RO", "DE811907980"),
        ("HRB 12345", "business", "DE", "HRB 12345"),
        ("12-3456789", "foreign", "US", "12-3456789"),
        ("anything at all", "foreign", "RO", "anything at all"),
        ("DE811907980", "foreign", "RO", "DE811907980"),
        ("EL123456789", "foreign", "GR", "EL123456789"),
        ("GB123456789", "foreign", "GB", "GB123456789"),
        ("  ", "business", "RO", None),
        (None, "business", "RO", None),
    ],
)
def test_a_tax_id_has_one_spelling(given: str | None, kind: CustomerKind, country: str, kept: str | None) -> None:
    assert tidy_tax_id(given, kind, country) == (kept, ())


@pytest.mark.parametrize(
    ("given", "kind", "country"),
    [
        ("RO14399841", "business", "RO"),
        ("14399841", "public", "RO"),
        ("RO14399841", "business", "DE"),
        ("hello", "business", "RO"),
        ("0000000000000", "business", "RO"),
        ("14399840", "person", "RO"),
        ("1630230123457", "person", "RO"),
        ("DE81190798", "business", "RO"),
        ("DE81190798", "business", "DE"),
        ("DE81190798", "foreign", "DE"),
    ],
)
def test_a_wrong_tax_id_is_kept_as_given_with_its_fault(given: str, kind: CustomerKind, country: str) -> None:
    kept, faults = tidy_tax_id(f" {given} ", kind, country)
    assert (kept, [(fault.field, fault.code) for fault in faults]) == (given, [("tax_id", "tax_id_invalid")])


@pytest.mark.parametrize("text", ["Cluj", "cluj", "CJ", "RO-CJ", "ro-cj", "Jud. Cluj", "Județul Cluj", "JUDETUL CLUJ"])
def test_a_county_is_known_by_its_name_its_plate_and_its_code(text: str) -> None:
    assert county_code(text) == "RO-CJ"


def test_names_of_counties_may_lack_their_marks() -> None:
    names = ("Bistrita Nasaud", "Caraş-Severin", "IAȘI", "Municipiul București", "Bucharest", "Sector 2", "Satu-Mare")
    assert [county_code(name) for name in names] == ["RO-BN", "RO-CS", "RO-IS", "RO-B", "RO-B", "RO-B", "RO-SM"]
    assert (county_code("Moldova"), county_code("")) == (None, None)


@pytest.mark.parametrize("text", ["SECTOR3", "Sector 3", "sectorul 3", "București, Sector 3", "Sect. 3", "S3"])
def test_a_sector_of_bucharest_is_known_however_it_is_written(text: str) -> None:
    assert sector(text) == "SECTOR3"


@pytest.mark.parametrize("text", ["Sector 7", "Sector", "București", "Turda", "3", ""])
def test_what_is_no_sector_is_none(text: str) -> None:
    assert sector(text) is None


def place(county: str, city: str, country: str = "RO") -> Address:
    return Address(street="Str. Lungă 1", city=city, county=county, country=country)


@pytest.mark.parametrize(
    ("given", "tidy"),
    [
        (place("Cluj", "Turda"), place("RO-CJ", "Turda")),
        (place("B", "Sector 3"), place("RO-B", "SECTOR3")),
        (place("Sector 3", "București"), place("RO-B", "SECTOR3")),
        (place("", "București, sectorul 3"), place("RO-B", "SECTOR3")),
        (place("", "Turda"), place("", "Turda")),
        (place("", ""), place("", "")),
        (place("RO-B", ""), place("RO-B", "")),
        (place("Bayern", "Nürnberg", "DE"), place("Bayern", "Nürnberg", "DE")),
    ],
)
def test_an_address_has_one_spelling(given: Address, tidy: Address) -> None:
    assert tidy_address(given) == (tidy, ())


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        (place("Moldova", "Turda"), "address/county", "county_unknown"),
        (place("RO-B", "București"), "address/city", "sector_unknown"),
        (place("RO-B", "Sector 7"), "address/city", "sector_unknown"),
        (place("", "Turda", "XX"), "address/country", "country_unknown"),
    ],
)
def test_a_wrong_address_says_where(given: Address, field: str, code: str) -> None:
    _, [fault] = tidy_address(given)
    assert (fault.field, fault.code) == (field, code)


def test_all_faults_of_a_party_are_told_at_once() -> None:
    profile = CustomerProfile(
        name="Client SRL", tax_id="RO1", ibans=("RO49 AAAA 1B31 0075 9384 0000", "RO1"), address=place("?", "Turda")
    )
    tidy, faults = tidy_customer(profile)
    assert [fault.field for fault in faults] == ["tax_id", "ibans/1", "address/county"]
    assert tidy == replace(profile, ibans=("RO49AAAA1B31007593840000", "RO1"))
    company, faults = tidy_organization(OrganizationProfile(name="Firma SRL", tax_id="14399841", ibans=("x",)))
    assert [fault.field for fault in faults] == ["tax_id", "ibans/0"]
    assert company.tax_id == "14399841"


def test_a_right_party_is_put_in_order() -> None:
    company, faults = tidy_organization(
        OrganizationProfile(name="Firma SRL", tax_id="ro 14399840", address=place("Bucuresti", "sector 1"))
    )
    assert (company.tax_id, company.address, faults) == ("RO14399840", place("RO-B", "SECTOR1"), ())


WRONG_CNP = "is not a personal code (CNP): 13 digits with a date of birth and a check digit"
WRONG_CUI = "is not a Romanian tax code (CUI): its last digit does not fit the others"
WRONG_SECTOR = "the city of an address in Bucharest is its sector: SECTOR1 to SECTOR6 (BR-RO-100)"
WRONG_IBAN = "is not an account number: its length is not that of the country, or its check digits do not fit"


@pytest.mark.parametrize(
    ("profile", "faults"),
    [
        (
            CustomerProfile(name="Ana", kind="person", tax_id="1630230123457"),
            [Fault("tax_id", "tax_id_invalid", WRONG_CNP)],
        ),
        (
            CustomerProfile(name="Client", tax_id="RO14399841"),
            [Fault("tax_id", "tax_id_invalid", WRONG_CUI)],
        ),
        (
            CustomerProfile(name="Kunde", tax_id="DE81190798"),
            [Fault("tax_id", "tax_id_invalid", "does not have the shape of a VAT number of DE")],
        ),
        (
            CustomerProfile(name="Kunde", tax_id="DE81190798", address=Address(country="DE")),
            [Fault("tax_id", "tax_id_invalid", "does not have the shape of a VAT number of DE")],
        ),
        (
            CustomerProfile(name="Client", ibans=("RO49AAAA1B31007593840000", "RO49", "GB")),
            [Fault("ibans/1", "iban_invalid", WRONG_IBAN), Fault("ibans/2", "iban_invalid", WRONG_IBAN)],
        ),
        (
            CustomerProfile(name="Client", address=Address(country="XX")),
            [Fault("address/country", "country_unknown", "'XX' is not a country of ISO 3166-1")],
        ),
        (
            CustomerProfile(name="Client", address=Address(county="Kent", city="Dover")),
            [Fault("address/county", "county_unknown", "'Kent' is not a Romanian county, such as RO-CJ or Cluj")],
        ),
        (
            CustomerProfile(name="Client", address=Address(county="București", city="Otopeni")),
            [Fault("address/city", "sector_unknown", WRONG_SECTOR)],
        ),
    ],
)
def test_each_fault_is_said_with_its_field(profile: CustomerProfile, faults: list[Fault]) -> None:
    tidy, found = tidy_customer(profile)
    assert list(found) == faults
    assert tidy.tax_id == profile.tax_id


def test_a_sector_counts_only_where_the_city_is_bucharest() -> None:
    in_county = Address(county="Sector 2", city="Bucharest")
    assert tidy_address(in_county) == (replace(in_county, county="RO-B", city="SECTOR2"), ())
    elsewhere = Address(county="Sector 2", city="Otopeni")
    tidy, faults = tidy_address(elsewhere)
    assert (tidy.county, tidy.city, [fault.code for fault in faults]) == ("RO-B", "Otopeni", ["sector_unknown"])


def test_a_seller_is_put_in_order_like_a_buyer() -> None:
    given = OrganizationProfile(
        name="Izvor", tax_id="ro 14399840", ibans=("ro49 aaaa 1b31 0075 9384 0000",), address=Address(county="cluj")
    )
    tidy, faults = tidy_organization(given)
    assert (tidy.tax_id, tidy.ibans, tidy.address.county, faults) == (
        "RO14399840", ("RO49AAAA1B31007593840000",), "RO-CJ", (),
    )  # fmt: skip
    assert tidy_organization(replace(given, tax_id="1630230123457"))[1][0].detail.startswith("is not a Romanian tax")


def test_what_is_no_account_number_of_romania_may_still_pass_the_remainder() -> None:
    assert is_iban("RO49AAAA1B31007593840000")
    assert not is_iban("ro49AAAA1B31007593840000")

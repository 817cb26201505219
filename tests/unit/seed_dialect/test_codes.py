"""The codes of the old dialect, there and back."""

from typing import get_args

import pytest

from api.seed_dialect import codes, countries
from invoicing_domain.model.invoice.status import Status
from invoicing_domain.model.reference.currencies import MINOR_DIGITS


@pytest.mark.parametrize("home", ["RON", "EUR"])
def test_every_currency_survives_the_way_through_its_id(home: str) -> None:
    for code in MINOR_DIGITS:
        number = codes.currency_id(code, home)
        assert number.isdigit()
        assert codes.currency_of(number, home) == code
        assert codes.currency_of(code, home) == code


def test_every_status_has_a_code_and_every_code_its_statuses() -> None:
    assert set(codes.STATUS_CODES) == set(get_args(Status))
    assert codes.statuses_of("5") == ("cancelled", "credited")
    assert codes.statuses_of("4") == ("overdue",)
    assert codes.statuses_of("0") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("142", "RO"),
        ("de", "DE"),
        ("RO", "RO"),
        ("ROU", "RO"),
        ("276", "DE"),
        ("040", "AT"),
        ("40", None),
        ("100", None),
        ("81", None),
        ("XYZ", None),
        ("D1", None),
        ("", None),
    ],
)
def test_a_country_is_the_known_id_or_a_code(text: str, code: str | None) -> None:
    assert countries.country_of(text) == code


@pytest.mark.parametrize(
    ("word", "code"), [("buc", "H87"), ("Ore", "HUR"), ("KG", "KGM"), ("KGM", "KGM"), ("zi", "DAY"), ("cutii", None)]
)
def test_a_unit_is_a_word_or_a_code(word: str, code: str | None) -> None:
    assert codes.unit_of(word) == code

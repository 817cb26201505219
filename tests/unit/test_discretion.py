"""What is kept of words that others chose: their meaning, and nobody's name."""

import pytest

from invoicing_domain.discretion import LONGEST, discreet, in_brief

READER = "ion.popescu@client.example"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 5.1.1 ion.popescu: user unknown", "550 5.1.1 (the recipient): user unknown"),
        ("550 <Ion.Popescu@Client.example>: unknown", "550 (the recipient): unknown"),
        ("550 'ion.popescu@client.example' unknown", "550 '(the recipient)' unknown"),
        ("550 forwarded to i.popescu@elsewhere.example", "550 forwarded to (the recipient)"),
        ("552 ION POPESCU, your mailbox is full", "552 (the recipient), your mailbox is full"),
        ("451 try later", "451 try later"),
    ],
)
def test_addresses_and_the_names_of_the_reader_are_left_out(said: str, kept: str) -> None:
    assert discreet(said, [READER, "Ion Popescu"]) == kept


def test_what_stands_for_the_reader_is_not_replaced_itself() -> None:
    said = "550 recipient@client.example: no recipient"
    assert discreet(said, ["recipient@client.example"]) == "550 (the recipient): no (the recipient)"


def test_a_name_too_short_to_be_told_from_a_word_stays() -> None:
    assert discreet("550 no such user", ["no@client.example"]) == "550 no such user"


@pytest.mark.parametrize("name", ["ion.popescu", READER])
def test_a_name_is_found_where_the_text_is_cut(name: str) -> None:
    kept = discreet("x" * (LONGEST - 10) + f" {name} is unknown", [READER])
    assert "ion" not in kept
    assert len(kept) == LONGEST


def test_an_error_is_kept_without_the_row_that_it_is_about() -> None:
    error = ValueError("duplicate key\x00\nDETAIL: Key (email)=(ion@client.example) already exists.")
    assert in_brief(error) == "ValueError: duplicate key"

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.invoice_search.words import (
    LONGEST_WORD,
    MOST_WORDS_ASKED,
    amount_word,
    asked,
    plain_words,
    vector,
    words_of,
)


def test_words_are_chunks_and_their_pieces_without_diacritics() -> None:
    found = words_of(["Ștefănescu & Fiii S.R.L.", None, "SO-2026/117", "(etaj 2)"])
    assert found == {"stefanescu", "fiii", "s.r.l", "s", "r", "l", "so-2026/117", "so", "2026", "117", "etaj", "2"}


def test_only_words_of_letters_may_be_known_or_mistyped() -> None:
    assert plain_words({"stefanescu", "izv000001", "sr", "2026", "s.r.l"}) == {"stefanescu"}
    assert asked("stefanescu ab 2026 iasi").plain_words == ["stefanescu", "iasi"]


@pytest.mark.parametrize(
    ("text", "word"),
    [("1.234,50", "1234.5"), ("1,234.50", "1234.5"), ("0,07", "0.07"), ("242.00", "242"), ("10.00", "10")],
)
def test_an_amount_is_one_word_however_it_is_written(text: str, word: str) -> None:
    assert amount_word(text) == word


def test_a_question_is_all_chunks_each_as_it_is_or_in_pieces() -> None:
    assert (
        asked("Ion SO-1").anywhere({})
        == "('ion':* | '~ion':*) & ('so-1':* | '~so-1':* | (('so' | '~so') & ('1' | '~1')))"
    )
    assert (
        asked("stefanecsu").anywhere({"stefanecsu": ["stefanescu", "stefan"]})
        == "('stefanecsu':* | '~stefanecsu':* | 'stefanescu' | '~stefanescu' | 'stefan' | '~stefan')"
    )


def test_an_amount_is_asked_for_as_it_is_written_and_as_it_is_stored() -> None:
    assert (
        asked("Ion 7,50").anywhere({"ion": ["ion"]})
        == "('ion' | '~ion') & ('7,50':* | '~7,50':* | '7.5' | '~7.5' | (('7' | '~7') & ('50' | '~50')))"
    )


def test_an_amount_is_not_cut_to_another_one() -> None:
    eleven = "unu doi trei patru cinci sase sapte opt noua zece elf"
    assert asked(f"{eleven} 1.234,50").chunks == tuple(eleven.split())
    assert asked("unu 1.234,50").chunks == ("unu", "1.234,50")


def test_what_is_partly_elsewhere_has_a_word_that_is_not_of_the_customer_alone() -> None:
    assert (
        asked("Ion 7,5").partly_elsewhere({"ion": ["ion"]})
        == f"({asked('Ion 7,5').anywhere({'ion': ['ion']})}) & ('ion' | '7,5':* | '7' | '5' | '7.5')"
    )


def test_who_has_a_chunk_has_it_whole_or_any_of_its_pieces() -> None:
    end = "\U0010ffff"
    assert asked("Ion SO-1").spans({"ion": ["ion"]}) == [
        [("ion", "ion")],
        [("so-1", f"so-1{end}"), ("so", "so")],
        [("so-1", f"so-1{end}"), ("1", "1")],
    ]
    assert asked("7,50").spans({}) == [
        [("7,50", f"7,50{end}"), ("7.5", "7.5"), ("7", "7")],
        [("7,50", f"7,50{end}"), ("7.5", "7.5"), ("50", "50")],
    ]


def test_a_word_that_is_also_written_elsewhere_needs_no_mark() -> None:
    assert vector({"turda", "7"}, {"turda", "mobila"}) == "'7' 'turda' '~mobila'"


def test_quotes_and_backslashes_stay_within_their_word() -> None:
    assert vector({"o'neill", "a\\b"}) == "'a\\\\b' 'o''neill'"


@given(st.text(max_size=300))
def test_any_text_can_be_asked_for(text: str) -> None:
    wanted = asked(text)
    assert len([part for chunk in wanted.chunks for part in re.findall(r"[^\W_]+", chunk)]) <= MOST_WORDS_ASKED
    assert bool(wanted.anywhere({})) == bool(wanted.chunks)


def test_a_chunk_of_too_many_pieces_is_asked_for_by_its_beginning() -> None:
    assert asked("Ion a.b.c-d.e.f.g.h.i.j.k.l.m.n Ana").chunks == ("ion", "a.b.c-d.e.f.g.h.i.j.k")


def test_no_question_is_longer_than_postgresql_takes() -> None:
    wanted = asked(".".join(f"x{letter}x" for letter in "abcdefghijklmnopqr"))
    longest = "\U00010428" * (LONGEST_WORD - 5)
    meant = {word: [f"{longest}{word}{n:02}" for n in range(100)] for word in wanted.plain_words}
    assert len(meant) == MOST_WORDS_ASKED
    assert len(wanted.partly_elsewhere(meant).encode()) < 1 << 20

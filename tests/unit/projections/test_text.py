import pytest

from projections.rows import like_anywhere
from projections.text import LONGEST_SEARCH_TEXT, search_text, searchable


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ștefănescu ȚÂNȚAR", "stefanescu tantar"),
        ("Ştefănescu", "stefanescu"),
        ("Kraków", "krakow"),
        ("ﬁn Straße", "fin strasse"),
        ("PLAIN ascii 12", "plain ascii 12"),
        ("Ελλάδα", "ελλαδα"),
    ],
)
def test_case_and_diacritics_do_not_matter(typed: str, meant: str) -> None:
    assert searchable(typed) == meant


def test_search_text_leaves_out_what_is_not_there_and_ends_somewhere() -> None:
    assert search_text(["IZV1", None, "", "Țăran"]) == "izv1 taran"
    assert len(search_text(["a" * (LONGEST_SEARCH_TEXT + 5)])) == LONGEST_SEARCH_TEXT


def test_wildcards_in_a_word_stand_for_themselves() -> None:
    assert like_anywhere("50%_\\") == "%50\\%\\_\\\\%"

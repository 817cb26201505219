"""Texts of people are printed as they read, whatever is in them."""

import pytest

from invoicing_domain.paper.printable import MISSING, printable


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Ștefănescu & Țăranu – „Șanț” 100 €", "Ștefănescu & Țăranu – „Șanț” 100 €"),
        ("s\u0326i a\u0306 t\u0326", "și ă ț"),
        ("ABC\u202eDEF\u2066", "ABCDEF"),
        ("a\x07b\u200dc\u00add\te", "abcd e"),
        ("二号 Ltd 😀", f"{MISSING * 2} Ltd {MISSING}"),
        ("două\nrânduri", "două\nrânduri"),
        ("x" * 70, "\u200b".join(("x" * 32, "x" * 32, "x" * 6))),
    ],
)
def test_a_text_is_printed_as_it_reads(written: str, printed: str) -> None:
    assert printable(written) == printed


def test_texts_are_looked_at_however_deep_they_lie() -> None:
    assert printable({"a": [{"b": "\u202ex"}], "n": 1, "o": None}) == {"a": [{"b": "x"}], "n": 1, "o": None}

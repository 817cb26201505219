"""Texts of people are printed as they read, whatever is in them."""

import pytest

from invoicing_domain.paper.printable import MISSING, printable, unprintable


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Ștefănescu & Țăranu – „Șanț” 100 €", "Ștefănescu & Țăranu – „Șanț” 100 €"),
        ("s\u0326i a\u0306 t\u0326", "și ă ț"),
        ("ABC\u202eDEF\u2066", "ABCDEF"),
        ("a\x07b\u200dc\u00add\te", "abcd e"),
        ("二号钢管 東京電力 서울 Ltd", "二号钢管 東京電力 서울 Ltd"),
        (
            "Ηλεκτρισμού · Северсталь · חֶבְרָה · شَركة · Երևան · თბილისი · บริษัท",
            "Ηλεκτρισμού · Северсталь · חֶבְרָה · شَركة · Երևան · თბილისი · บริษัท",
        ),
        ("👍🏽 ❤️ 1️⃣ 👩‍🔧", "👍 ❤ 1 👩🔧"),
        ("हि Ltd", f"{MISSING * 2} Ltd"),
        ("א\u0301 a\u05b6\u05b6 \u05b6", f"א{MISSING} a{MISSING * 2} {MISSING}"),
        ("două\nrânduri", "două\nrânduri"),
        ("x" * 70, "\u200b".join(("x" * 32, "x" * 32, "x" * 6))),
        ("x" * 31 + "กี่กี่", "x" * 31 + "กี่\u200bกี่"),
    ],
)
def test_a_text_is_printed_as_it_reads(written: str, printed: str) -> None:
    assert printable(written) == printed


def test_texts_are_looked_at_however_deep_they_lie() -> None:
    assert printable({"a": [{"b": "\u202ex"}], "n": 1, "o": None}) == {"a": [{"b": "x"}], "n": 1, "o": None}


def test_letters_that_have_no_shape_are_named_once() -> None:
    assert unprintable(["Ștefan 東京 😀", "हहि", "א\u0301", "हि"]) == "हि\u0301"
    assert unprintable(["", "□", "a\n\t\u200db"]) == ""

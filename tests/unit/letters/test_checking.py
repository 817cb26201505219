"""Templates of sellers: what they may say, and what is wrong with those that cannot be used."""

from typing import get_args

import pytest

from invoicing_domain.letters.checking import faults
from invoicing_domain.letters.specimens import specimens
from invoicing_domain.letters.writing import write
from invoicing_domain.model.letter_template.events import LetterKind, LetterTemplate
from invoicing_domain.model.party import Language

PAGE = (
    '{% extends "layout.html.j2" %}\n{% set accent = "#aa0000" %}\n{% block title %}{{ words.heading }}{% endblock %}\n'
    "{% block body %}<p>{{ mail.buyer }}</p>{% for iban in mail.ibans %}{{ iban }}{% endfor %}{% endblock %}"
)


@pytest.mark.parametrize("kind", get_args(LetterKind))
@pytest.mark.parametrize("language", get_args(Language))
def test_a_good_template_is_written_in_the_place_of_the_house_s(kind: LetterKind, language: Language) -> None:
    own = LetterTemplate(
        subject="{{ mail.number }} / {{ mail.seller|upper }}",
        text="{{ words.greeting }}\n{% if mail.link %}x{% endif %}",
        html=PAGE,
    )
    assert faults(kind, language, own) == []
    content = write(kind, language, next(specimens(kind, language)), own)
    assert content.subject.endswith("/ EXEMPLU SRL")
    assert "<p>Client SRL</p>" in content.html


def test_what_is_not_changed_stays_the_house_s() -> None:
    facts = next(specimens("invoice", "ro"))
    own, house = write("invoice", "ro", facts, LetterTemplate(subject="X")), write("invoice", "ro", facts)
    assert (own.subject, own.text, own.html) == ("X", house.text, house.html)


def test_data_in_an_own_page_stays_text() -> None:
    facts = {**next(specimens("invoice", "ro")), "buyer": "<script>alert(1)</script>"}
    html = write("invoice", "ro", facts, LetterTemplate(html="<p>{{ mail.buyer }}</p>")).html
    assert html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("a\n{% if %}", 2, "Expected an expression"),
        (
            "a\nb\n{{ mail.nummer }}",
            3,
            "nummer is no placeholder here; there are: balance, buyer, contact, corrects, due,",
        ),
        ("{{ nobody }}", 1, "nobody is no placeholder here; there are: labels, mail, words"),
        ("{{ labels.nothing }}", 1, "nothing is no placeholder here; there are: balance, beneficiary,"),
        ("{{ mail.number.length }}", 1, "has no attribute 'length'"),
        ("{{ mail.number.upper() }}", 1, "call is not allowed"),
        ("{{ 'a' * 1000000000 }}", 1, "mul is not allowed"),
        ("{{ 10 ** 1000000000 }}", 1, "pow is not allowed"),
        ("{% for a in mail.ibans %}\n{% for b in mail.ibans %}{% endfor %}{% endfor %}", 2, "loop in a loop"),
        ("{% macro x() %}{{ x() }}{% endmacro %}", 1, "macro is not allowed"),
        ("{% set a = mail.number ~ mail.number %}", 1, "only the color can be set"),
        ("{% include 'reminder.txt.j2' %}", 1, "include is not allowed"),
        ("{% extends 'reminder.html.j2' %}", 1, "only layout.html.j2"),
        ("{{ mail.number|center(1000000000) }}", 1, "filter center"),
        ("{{ mail.__class__.__mro__ }}", 1, "__class__"),
        ("{{ mail['__class__'] }}", 1, "__class__"),
        ("{{ words.__init__ }}", 1, "__init__"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(source: str, line: int, said: str) -> None:
    fault = faults("invoice", "ro", LetterTemplate(html=source))[0]
    assert (fault.part, fault.line) == ("html", line)
    assert said in fault.said


def test_a_template_that_fails_in_one_case_only_is_found() -> None:
    (fault,) = faults(
        "invoice", "ro", LetterTemplate(text="{{ mail.link|upper }}{% if not mail.link %}{{ x }}{% endif %}")
    )
    assert "x" in fault.said


def test_a_subject_says_something() -> None:
    (fault,) = faults("invoice", "ro", LetterTemplate(subject="{% if mail.missing is defined %}x{% endif %}"))
    assert fault.part == "subject"

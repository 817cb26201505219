"""A seller's own templates of letters."""

from invoicing_domain.model.identity import template_id
from invoicing_domain.model.letter_template.commands import ChangeTemplate, ResetTemplate
from invoicing_domain.model.letter_template.events import LetterTemplate, TemplateChanged, TemplateReset
from tests.support.facts import ORGANIZATION
from tests.support.sentences import given, on, refused

OWN = template_id(ORGANIZATION, "reminder", "ro")
TEMPLATE = LetterTemplate(subject="Factura {{ mail.number }}")
CHANGE = ChangeTemplate(template_id=OWN, kind="reminder", language="ro", template=TEMPLATE)
RESET = ResetTemplate(template_id=OWN, kind="reminder", language="ro")
CHANGED = TemplateChanged(kind="reminder", language="ro", template=TEMPLATE)


def test_own_words_take_the_place_of_the_house_s_once() -> None:
    given().when(CHANGE).then(on(OWN, CHANGED))
    given(on(OWN, CHANGED)).when(CHANGE).then()


def test_the_house_s_words_come_back() -> None:
    back = TemplateReset(kind="reminder", language="ro")
    given(on(OWN, CHANGED)).when(RESET).then(on(OWN, back))
    given(on(OWN, CHANGED, back)).when(RESET).then()
    given().when(RESET).then()


def test_an_own_template_changes_something() -> None:
    nothing = ChangeTemplate(template_id=OWN, kind="reminder", language="ro", template=LetterTemplate())
    given().when(nothing).then(refused("template_empty"))

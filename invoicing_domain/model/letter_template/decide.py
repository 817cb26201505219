"""Putting own words in the place of the house's, and taking them back."""

from invoicing_domain.model.letter_template.commands import ChangeTemplate, ResetTemplate
from invoicing_domain.model.letter_template.events import (
    LetterTemplate,
    LetterTemplateFact,
    TemplateChanged,
    TemplateReset,
)
from invoicing_domain.model.letter_template.state import OwnTemplate
from invoicing_domain.model.refusal import Refusal


def change(state: OwnTemplate | None, command: ChangeTemplate) -> tuple[LetterTemplateFact, ...]:
    if command.template == LetterTemplate():
        raise Refusal("template_empty", "an own template changes the subject, the text or the page")
    if state is not None and state.template == command.template:
        return ()
    return (TemplateChanged(kind=command.kind, language=command.language, template=command.template),)


def reset(state: OwnTemplate | None, command: ResetTemplate) -> tuple[LetterTemplateFact, ...]:
    if state is None or state.template is None:
        return ()
    return (TemplateReset(kind=command.kind, language=command.language),)

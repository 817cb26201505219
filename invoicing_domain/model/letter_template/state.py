"""A seller's own template as its last fact tells it."""

from dataclasses import dataclass

from invoicing_domain.model.letter_template.events import LetterTemplate, LetterTemplateFact, TemplateChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTemplate:
    template: LetterTemplate | None
    """None: reset, so that the house's own words count."""


def evolve(_: OwnTemplate | None, fact: LetterTemplateFact) -> OwnTemplate:
    return OwnTemplate(template=fact.template if isinstance(fact, TemplateChanged) else None)

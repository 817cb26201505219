"""What happened to a seller's own template of a letter: one stream for each kind and language."""

from dataclasses import dataclass
from typing import Literal

from invoicing_domain.model.party import Language

LetterKind = Literal["reminder", "invoice", "credit_note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTemplate:
    """Jinja sources; what is None stays as the house writes it."""

    subject: str | None = None
    text: str | None = None
    html: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChanged:
    kind: LetterKind
    language: Language
    template: LetterTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateReset:
    """The house's own words count again."""

    kind: LetterKind
    language: Language


LetterTemplateFact = TemplateChanged | TemplateReset

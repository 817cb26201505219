"""What one may ask of a seller's own templates. That they can be used is looked at before: `letters/checking.py`."""

from dataclasses import dataclass

from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.letter_template.events import LetterKind, LetterTemplate
from invoicing_domain.model.party import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTemplate:
    template_id: StreamId
    kind: LetterKind
    language: Language
    template: LetterTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetTemplate:
    template_id: StreamId
    kind: LetterKind
    language: Language

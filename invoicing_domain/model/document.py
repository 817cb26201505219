"""Documents as they are handed out: named by the digest of their bytes, which are kept beside the facts."""

from dataclasses import dataclass
from typing import Literal

from invoicing_domain.model.party import Language

PaperKind = Literal["invoice", "credit_note"]
"""What a paper is made of and kept for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What was made of an invoice or a credit note, once: the buyer, the house and an auditor hold the same bytes."""

    sha256: str
    media_type: str
    size: int
    language: Language
    template: str
    """Which design it was made with, such as `document/1`."""

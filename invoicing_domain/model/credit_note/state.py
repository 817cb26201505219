"""A credit note as its facts tell it."""

from dataclasses import dataclass

from invoicing_domain.model.credit_note.events import CreditNoteFact, Issued


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote:
    issued: Issued


def evolve(_: CreditNote | None, fact: CreditNoteFact) -> CreditNote:
    return CreditNote(issued=fact)

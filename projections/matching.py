"""What searching tells the list about words that too many invoices have to name these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matching:
    """Words as a condition: on an invoice wherever they stand, and somewhere else than in its customer's name alone.

    `anywhere`, `elsewhere`: as the text of a tsquery. `spans`: from which word to which, both included, those lie that
    are asked for; a name may have any of them.
    """

    anywhere: str
    elsewhere: str
    spans: tuple[tuple[str, str], ...]

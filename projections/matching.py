"""What searching tells the list about words that too many invoices have to name these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matching:
    """Words as a condition: on an invoice wherever they stand, or all of them elsewhere than in what its customer is.

    `anywhere`, `elsewhere`: as the text of a tsquery. `spans`: from which word to which, both included, those lie that
    are asked for; what a customer is may have any of them.
    """

    anywhere: str
    elsewhere: str
    spans: tuple[tuple[str, str], ...]

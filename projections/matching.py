"""What searching tells the list about words that too many invoices have to name these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matching:
    """Words as a condition: on an invoice wherever they stand, or some of them elsewhere than in what its customer is.

    Both as the text of a tsquery. `customers`: the names, as the list sorts by them, of all who have all of the words,
    and maybe of others; empty when nobody has, or too many, or when the words are common elsewhere.
    """

    anywhere: str
    elsewhere: str
    customers: tuple[str, ...] = ()

"""What searching tells the list about words that too many invoices have to name these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matching:
    """Words as a condition: on an invoice wherever they stand, or all of them elsewhere than in what its customer is.

    Both as the text of a tsquery. `customers`: the names, as the list sorts by them, of all who have any of the words;
    empty when nobody has, or too many.
    """

    anywhere: str
    elsewhere: str
    customers: tuple[str, ...] = ()

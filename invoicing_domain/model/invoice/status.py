"""The one word for where an invoice stands."""

from typing import Literal

Status = Literal["draft", "discarded", "sent", "partially_paid", "paid", "overdue", "cancelled", "credited"]


def status_of(
    *, gross: int, paid: int, credited: int, credited_in_full: bool, overdue: bool, cancelled: bool = False
) -> Status:
    """Status of a sent invoice. Part-paid outranks overdue, as users of the original system expect."""
    if cancelled:
        return "cancelled"
    if credited_in_full:
        return "credited"
    if gross - paid - credited <= 0:
        return "paid"
    if paid or credited:
        return "partially_paid"
    return "overdue" if overdue else "sent"

"""When the next invoices of a rhythm of the old dialect are due."""

from datetime import date

import pytest

from api.seed_dialect.recurrence import rhythm_of


@pytest.mark.parametrize(
    ("kept", "first", "today", "starts", "end_of_month"),
    [
        ({"recurring": "1"}, "2026-11-24", "2026-11-24", "2026-12-24", False),
        ({"recurring": "3"}, "2026-11-30", "2026-11-30", "2027-02-28", True),
        ({"recurring": "1"}, "2026-08-10", "2026-11-24", "2026-12-10", False),
        ({"recurring": "1"}, "2026-10-24", "2026-11-24", "2026-11-24", False),
        (
            {"recurring": "custom", "repeat_every_custom": "10", "repeat_type_custom": "day"},
            "2026-11-20",
            "2026-11-24",
            "2026-11-30",
            False,
        ),
    ],
)
def test_the_next_period_is_after_the_invoice_and_not_over(
    kept: dict[str, str], first: str, today: str, starts: str, *, end_of_month: bool
) -> None:
    metadata = {f"seed.{name}": value for name, value in kept.items()}
    rhythm = rhythm_of(metadata, date.fromisoformat(first), date.fromisoformat(today))
    assert rhythm is not None
    assert (rhythm.starts_on, rhythm.end_of_month) == (date.fromisoformat(starts), end_of_month)
    assert rhythm_of({}, date.fromisoformat(first), date.fromisoformat(today)) is None

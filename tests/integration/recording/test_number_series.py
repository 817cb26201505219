"""Legal numbers have no hole and no double, whatever happens to those who take them."""

from pathlib import Path

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.commands import context, register_organization
from tests.support.senders import Verdict, issue_numbers, verdict

GOAL = 1000  # the measurement `numbers` in tests/benchmarks issues 5,000


def test_sixty_four_senders_under_fire_leave_no_gap_and_no_duplicate(database: str, tmp_path: Path) -> None:
    with Ledger(database) as ledger:
        InvoicingService(ledger).execute(register_organization(), context())
    damage = issue_numbers(database, GOAL, tmp_path, processes=4, threads=16, kills=4)
    found = verdict(database)
    assert found == Verdict(issued=found.issued, gaps=0, duplicates=0, out_of_order=0, unpaired=0)
    assert found.issued >= GOAL
    assert len(set(damage.acknowledged)) == len(damage.acknowledged)
    assert set(damage.acknowledged) <= {f"IZV{number:06d}" for number in range(1, found.issued + 1)}
    assert damage.refused > 0.2 * damage.attempts
    assert damage.cuts > 0

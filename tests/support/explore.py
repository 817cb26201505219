"""Calls made up from the OpenAPI document against a running stack: all checks, links followed.

`python -m tests.support.explore` makes at least 20,000 of them; the suite makes fewer (`tests/contract`).
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.stack import Stack, quiet_port

CONFIGURATION: Final = Path(__file__).parents[1] / "contract" / "schemathesis.toml"
HOOKS: Final = CONFIGURATION.with_name("schemathesis_hooks.py")
SCHEMATHESIS: Final = str(Path(sys.executable).with_name("schemathesis"))
SEED: Final = 20_261_124
CORNERS: Final[tuple[str, ...]] = ("--phases", "coverage", "--exclude-checks", "positive_data_acceptance")
"""Without that check: the tool takes the quotes off an ETag here, and then misses them."""

CHANCE: Final[tuple[str, ...]] = ("--phases", "fuzzing,stateful", "-n", "60", "--max-time", "240")
MOST_ROUNDS: Final = 40
PATIENCE_SECONDS: Final = 3_600.0


@dataclass(frozen=True)
class Explored:
    """How many calls were made, and what was said about them."""

    calls: int
    good: bool
    said: str


def explore(stack: Stack, reports: Path, *options: str, seed: int = SEED) -> Explored:
    """One run against a stack without limits on requests; the same seed makes the same calls up."""
    report = reports / f"{seed}.ndjson"
    command = [SCHEMATHESIS, "--no-color", "--config-file", str(CONFIGURATION), "run", f"{stack.url}/openapi.json"]
    header = ["-H", f"Authorization: Bearer {stack.token}"]
    asked = ["--checks", "all", "--continue-on-failure", "--seed", str(seed), "--warnings", "off", *options]
    told = ["--report", "ndjson", "--report-ndjson-path", str(report)]
    done = subprocess.run(
        [*command, *header, *asked, *told],
        cwd=reports,
        env={**os.environ, "NO_PROXY": "*", "SCHEMATHESIS_HOOKS": str(HOOKS)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return Explored(_calls(report), done.returncode == 0, done.stdout + done.stderr)


def _calls(report: Path) -> int:
    """Answers that were checked."""
    with report.open() as events:
        return sum(_answers(json.loads(event)) for event in events)


def _answers(event: dict[str, Any]) -> int:
    finished = event.get("ScenarioFinished")
    return len(finished["recorder"].get("checks", ())) if finished else 0


def main(wanted: int = 20_000) -> int:
    """The corners of every schema once, then what chance and links lead to, until there were enough calls.

    Returns 1 when an answer was not as it should be, and when so many rounds did not make enough calls.
    """
    made = 0
    with tempfile.TemporaryDirectory(prefix="izvor-explore-") as folder:
        reports = Path(folder)
        with Stack(reports, quiet_port(), IZVOR_RATE_LIMIT="0") as stack:
            for number in range(MOST_ROUNDS):
                options = CHANCE if number else CORNERS
                found = explore(stack, reports, *options, "--workers", "2", seed=SEED + number)
                made += found.calls
                sys.stdout.write(f"{found.said}\n{made} calls\n")
                sys.stdout.flush()
                if not found.good or made >= wanted:
                    return int(not found.good)
    return 1


if __name__ == "__main__":
    sys.exit(main())

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
SCHEMATHESIS: Final = str(Path(sys.executable).with_name("schemathesis"))
SEED: Final = 20_261_124
CORNERS: Final[tuple[str, ...]] = ("--phases", "coverage", "--exclude-checks", "positive_data_acceptance")
"""Without that check: the tool takes the quotes off an ETag here, and then misses them."""

CHANCE: Final[tuple[str, ...]] = ("--phases", "fuzzing,stateful", "-n", "60", "--max-time", "240")
PATIENCE_SECONDS: Final = 7_200.0


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
        env={**os.environ, "NO_PROXY": "*"},
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
    """The corners of every schema once, then what chance and links lead to, until there were enough calls."""
    made, seed, options = 0, SEED, CORNERS
    with tempfile.TemporaryDirectory(prefix="izvor-explore-") as folder:
        reports = Path(folder)
        with Stack(reports, quiet_port(), IZVOR_RATE_LIMIT="0") as stack:
            while made < wanted:
                found = explore(stack, reports, *options, "--workers", "2", seed=seed)
                made, seed, options = made + found.calls, seed + 1, CHANCE
                sys.stdout.write(f"{found.said}\n{made} calls\n")
                sys.stdout.flush()
                if not found.good:
                    return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Asking veraPDF: which rules of PDF/A-3a and PDF/UA-1 files break. Maven fetches the jars once."""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.support.sources import ROOT

HERE: Final = Path(__file__).parent
HOME: Final = ROOT / ".verapdf"


def broken_rules(files: Sequence[Path]) -> list[str]:
    """One line for each rule that a file breaks."""
    command = ("java", "-XX:TieredStopAtLevel=1", "-cp", f"{_jars()}/*", str(HERE / "Validate.java"))
    *found, last = _run(*command, *map(str, files)).splitlines()
    if last != f"validated {len(files)}":
        raise RuntimeError(f"the validator did not come to its end: {last}")
    return found


def _jars() -> Path:
    """The folder with the jars; a new one when the pom changes."""
    pom = HERE / "pom.xml"
    jars = HOME / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    HOME.mkdir(exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes start at once
        if not (jars / "ready").exists():
            shutil.rmtree(jars, ignore_errors=True)
            copy = ("dependency:copy-dependencies", f"-DoutputDirectory={jars}", "-DincludeScope=runtime")
            _run("mvn", "-q", "-B", "-f", str(pom), *copy)
            (jars / "ready").touch()
    return jars


def _run(*command: str) -> str:
    """A missing program or a failure is an error of the tests: without the validator they prove nothing."""
    if shutil.which(command[0]) is None:
        raise RuntimeError(f"{command[0]} is missing: apt-get install default-jdk-headless maven")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout

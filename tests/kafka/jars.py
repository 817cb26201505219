"""What a broker starts from, made once and kept: its jars, a formatted log directory, and its classes made ready.

Maven fetches the jars. A first broker, stopped at once, dumps the classes: that halves every later start.
"""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.support.sources import ROOT

HERE: Final = Path(__file__).parent
HOME: Final = ROOT / ".kafka"
CLUSTER_ID: Final = "izvor-tests-AAAAAAAAAA"


def prepared(dump_classes: Callable[[Path], None]) -> Path:
    """A folder with `libs`, `formatted` and `classes.jsa`; made anew when the pom or the properties change."""
    text = (HERE / "pom.xml").read_bytes() + (HERE / "server.properties").read_bytes()
    home = HOME / hashlib.sha256(text).hexdigest()[:12]
    HOME.mkdir(exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes start at once
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            _fetch(home / "libs")
            _format(home)
            dump_classes(home)
            (home / "ready").touch()
    return home


def java(home: Path, *arguments: str) -> list[str]:
    return ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xms256m", "-Xmx512m", "-Djava.awt.headless=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{home}/libs/*", *arguments]  # fmt: skip


def _fetch(libs: Path) -> None:
    _run("mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies",
         f"-DoutputDirectory={libs}", "-DincludeScope=runtime")  # fmt: skip


def _format(home: Path) -> None:
    properties = home / "format.properties"
    properties.write_text(filled(port=9092, controller_port=9093, data=home / "formatted"))
    _run(*java(home, "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(properties)))


def filled(*, port: int, controller_port: int, data: Path) -> str:
    text = (HERE / "server.properties").read_text()
    for name, value in {"PORT": port, "CONTROLLER_PORT": controller_port, "DATA": data}.items():
        text = text.replace(f"${{{name}}}", str(value))
    return text


def _run(*command: str) -> None:
    """A missing program or a failure is an error of the tests: without a broker they prove nothing."""
    if shutil.which(command[0]) is None:
        raise RuntimeError(f"{command[0]} is missing: apt-get install default-jdk-headless maven")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")

"""Golden files of stored facts: each version ever written, as it was written. Files are added, never changed.

`python -m tests.support.golden` writes those that are missing, from the samples, and lists them in SHA256SUMS.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import orjson

from invoicing_domain.model.context import Actor, Context
from invoicing_domain.recording.catalogue import CATALOGUE, WireName
from invoicing_domain.recording.codec import Codec
from invoicing_domain.recording.envelope import meta_of
from tests.support.facts import NOW, ORGANIZATION, TODAY
from tests.support.samples import SAMPLES

FOLDER: Final = Path(__file__).parents[1] / "golden" / "events"
SUMS: Final = FOLDER / "SHA256SUMS"

CONTEXT: Final = Context(
    at=NOW,
    today=TODAY,
    organization_id=ORGANIZATION,
    actor=Actor(kind="user", id="7d1f", name="Ioana Rus"),
    command_id="01940000-0000-7000-8000-0000000000c1",
    correlation_id="01940000-0000-7000-8000-0000000000c0",
    causation_id="01940000-0000-7000-8000-0000000000bf",
    reason="Control intern",
    source="api",
)


@dataclass(frozen=True, slots=True)
class Golden:
    """A stored fact: its topic and the bytes of its row."""

    topic: str
    state: bytes


def path_of(name: WireName) -> Path:
    return FOLDER / f"{name.name}.v{name.version}.json"


def all_golden() -> Iterator[Golden]:
    for path in sorted(FOLDER.glob("*.json")):
        name, _, version = path.stem.rpartition(".v")
        yield Golden(f"{name}/{version}", path.read_bytes())


def sums() -> dict[str, str]:
    """File name to SHA-256, as listed when the file was added."""
    lines = SUMS.read_text().splitlines() if SUMS.exists() else []
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def write_missing() -> list[str]:
    known, codec = sums(), Codec()
    written = []
    for fact, name in CATALOGUE.items():
        path = path_of(name)
        if path.exists() or path.name in known:
            continue
        stored = orjson.loads(codec.encode(SAMPLES[fact], meta_of(CONTEXT)))
        path.write_bytes(orjson.dumps(stored, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        known[path.name] = sha256(path.read_bytes()).hexdigest()
        written.append(path.name)
    SUMS.write_text("".join(f"{known[name]}  {name}\n" for name in sorted(known)))
    return written


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}\n" for name in write_missing()))

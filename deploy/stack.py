"""The processes of the all-in-one stack, in the order in which they drain: doors, workers, projections."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from deploy.ports import spare_ports
from deploy.roles import EVERY, ONE
from deploy.settings import Settings
from deploy.supervisor import ChildSpec

WATCHED: Final = ("workers", "projections")
"""Parts that tell of themselves on ports of their own; the API does so at its own."""

TARGETS: Final = "prometheus.json"
"""Under the data folder: where each part is watched, as `file_sd_configs` of Prometheus read it."""


def tell_prometheus(settings: Settings) -> Mapping[str, str]:
    """Choose for each part where it is watched, on this machine alone, and write down where that is."""
    ports = spare_ports(len(WATCHED))
    addresses = {part: f"127.0.0.1:{port}" for part, port in zip(WATCHED, ports, strict=True)}
    everywhere = {"api": settings.base_url_local.removeprefix("http://"), **addresses}
    targets = [{"targets": [address], "labels": {"service": part}} for part, address in everywhere.items()]
    (settings.data / TARGETS).write_text(json.dumps(targets, indent=1) + "\n")
    return addresses


def children(settings: Settings, url_of: Callable[[str], str], watches: Mapping[str, str]) -> list[ChildSpec]:
    """`url_of` leads to the database with the rights of a role: the API's are to see one organization at a time."""

    def part(name: str, order: int, role: str, *arguments: str) -> ChildSpec:
        argv = (sys.executable, "-P", "-m", "deploy", *arguments)  # -P: whatever the folder we stand in contains
        own = replace(settings, database_url=url_of(role), watch=watches.get(name))
        environment = {**os.environ, **own.to_environment()}
        return ChildSpec(name=name, argv=argv, environment=environment, drain_order=order)

    return [
        part("api", 1, ONE, "serve"),
        part("workers", 2, EVERY, "work", "all"),
        part("projections", 3, EVERY, "project"),
    ]

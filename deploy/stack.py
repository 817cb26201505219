"""The processes of the all-in-one stack, in the order in which they drain: doors, workers, projections."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace

from deploy.roles import EVERY, ONE
from deploy.settings import Settings
from deploy.supervisor import ChildSpec


def children(settings: Settings, url_of: Callable[[str], str]) -> list[ChildSpec]:
    """`url_of` leads to the database with the rights of a role: the API's are to see one organization at a time."""

    def part(name: str, order: int, role: str, *arguments: str) -> ChildSpec:
        argv = (sys.executable, "-P", "-m", "deploy", *arguments)  # -P: whatever the folder we stand in contains
        environment = {**os.environ, **replace(settings, database_url=url_of(role)).to_environment()}
        return ChildSpec(name=name, argv=argv, environment=environment, drain_order=order)

    return [
        part("api", 1, ONE, "serve"),
        part("workers", 2, EVERY, "work", "all"),
        part("projections", 3, EVERY, "project"),
    ]

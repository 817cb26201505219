"""The processes of the all-in-one stack, in the order in which they drain: doors, workers, projections."""

import os
import sys

from deploy.settings import Settings
from deploy.supervisor import ChildSpec


def children(settings: Settings) -> list[ChildSpec]:
    environment = {**os.environ, **settings.to_environment()}

    def part(name: str, order: int, *arguments: str) -> ChildSpec:
        argv = (sys.executable, "-P", "-m", "deploy", *arguments)  # -P: whatever the folder we stand in contains
        return ChildSpec(name=name, argv=argv, environment=environment, drain_order=order)

    return [part("api", 1, "serve"), part("workers", 2, "work", "all"), part("projections", 3, "project")]

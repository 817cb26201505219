"""Which tests one process of pytest-xdist runs, one after the other: those that share what is dear to start.

The marker `xdist_group` is not heard: pytest-xdist 3.8 writes the group where pytest 9.2 does not look for it any more.
"""

from typing import Final

from xdist.scheduler import LoadScopeScheduling

BROKER: Final = "tests/integration/kafka/"
STACKS: Final = ("tests/e2e/", "tests/acceptance/", "tests/contract/test_schemathesis.py")


def group_of(nodeid: str) -> str:
    """All that use the broker; the tests of a module with a stack of its own; any other test is alone."""
    module = nodeid.partition("::")[0]
    if module.startswith(BROKER):
        return BROKER
    return module if module.startswith(STACKS) else nodeid


class Together(LoadScopeScheduling):  # type: ignore[misc]  # the library has no types
    """Gives the tests of a group to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

"""Errors that are meant for the person at the keyboard: a single line that says what to do.

The command line prints the text as it is, on one line, without a traceback, and ends with the error's exit code.
"""

from typing import ClassVar


class OperatorError(Exception):
    """It did not work this time; the line says why. Trying again later may be enough (exit code 1)."""

    exit_code: ClassVar[int] = 1

    def __init__(self, line: str) -> None:
        super().__init__(" ".join(line.split()))


class RefusedError(OperatorError):
    """It will not work until somebody changes what the line says, so nobody should try again (exit code 2)."""

    exit_code = 2

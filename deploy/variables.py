"""What a setting is: a field that knows its variable; and what is said of a variable that is wrong."""

from dataclasses import field
from typing import Any, Final

from deploy.errors import RefusedError

HIGHEST_PORT: Final = 65_535


class SettingError(RefusedError):
    """A variable is missing or wrong; the text starts with its name."""

    def __init__(self, variable: str, wish: str) -> None:
        super().__init__(f"{variable} {wish}")
        self.variable = variable


def setting(variable: str, *, default: Any = None, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"variable": variable})


def is_address(text: str) -> bool:
    """Whether it looks like host:port."""
    host, _, port = text.strip().rpartition(":")
    return bool(host) and port.isascii() and port.isdigit() and 1 <= int(port) <= HIGHEST_PORT

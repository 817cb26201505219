"""What every list over HTTP does: tell a bad parameter by its name, and link to the next page."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode

import falcon

from api.entrance.problems import invalid

T = TypeVar("T")


def checked(query: Callable[[], T]) -> T:
    """Queries name the parameter that they cannot take at the beginning of a ValueError."""
    try:
        return query()
    except ValueError as error:
        name, _, detail = str(error).partition(": ")
        raise invalid(name, detail or str(error)) from None


def link(req: falcon.Request, resp: falcon.Response, after: str | None) -> None:
    if after is not None:
        again = urlencode({**req.params, "after": after})
        resp.set_header("Link", f'<{req.path}?{again}>; rel="next"')

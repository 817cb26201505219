"""The watch: every request leaves a line in the log and a figure, whatever becomes of it."""

import logging
import time
from typing import Final

import falcon

from api.doors import Doors
from invoicing_domain.mentions import begin

_METHODS: Final = frozenset(falcon.COMBINED_METHODS)
_QUIET: Final = "/health/"

_log = logging.getLogger(__name__)


class Watch:
    """Falcon middleware, the outermost: it begins before all others, and ends after them."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        begin()
        req.context.began = time.perf_counter()

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _req_succeeded: bool
    ) -> None:
        seconds = time.perf_counter() - req.context.began
        method = req.method if req.method in _METHODS else "other"
        route = req.uri_template or "unknown"
        status = resp.status_code
        self._doors.figures.answered(method, route, status, seconds)
        self._doors.figures.tell_pool(self._doors.reads)
        facts = {"method": method, "route": route, "status": status, "duration_ms": round(seconds * 1000, 2)}
        level = logging.DEBUG if route.startswith(_QUIET) else logging.INFO
        _log.log(level, "%s %s %d", method, route, status, extra={"facts": facts | _size(resp)})


def _size(resp: falcon.Response) -> dict[str, int]:
    """Bytes of the answer where it is not sent piece by piece."""
    return {} if resp.stream is not None else {"bytes": len(resp.data or (resp.text or "").encode())}

"""Figures for Prometheus. They tell of the whole installation, so no token of an organization opens them."""

import hmac
from ipaddress import ip_address
from typing import Final

import falcon
from prometheus_client import CONTENT_TYPE_LATEST

from api.doors import Resource
from api.entrance.problems import Problem

_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""What a proxy on this machine adds: then it is not this machine that asks."""


class Metrics(Resource):
    """For whoever has the token of the settings; where none is set, for this machine alone."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        if not self._may(req):
            raise Problem(404, "not_found", "there is nothing here")
        resp.content_type = CONTENT_TYPE_LATEST
        resp.data = self._doors.figures.exposition(self._doors.reads)

    def _may(self, req: falcon.Request) -> bool:
        if self._doors.metrics_token is None:
            return _is_loopback(req.remote_addr) and not any(req.get_header(name) for name in _FORWARDED)
        given = (req.get_header("Authorization") or "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), self._doors.metrics_token.encode())


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False

"""The two servers that `http` compares: the API, and one route that does nothing, under the same gunicorn.

python -m tests.benchmarks.servers izvor|empty BIND DATABASE_URL
"""

import sys
from typing import Any

import falcon

from deploy.http import Server
from deploy.roles import ONE, acting_as
from deploy.settings import MOST_REQUESTS, Settings


class Nothing:
    """Takes any request and answers with as little as a client can use."""

    def on_post(self, request: falcon.Request, response: falcon.Response, anything: str) -> None:  # noqa: ARG002
        request.bounded_stream.read()
        response.data = b"{}"


class EmptyServer(Server):
    def load(self) -> Any:
        app = falcon.App()
        app.add_route("/{anything}", Nothing())
        return app


def main(which: str, bind: str, url: str) -> None:
    settings = Settings(database_url=acting_as(url, ONE), bind=bind, rate_limit=MOST_REQUESTS)
    (Server if which == "izvor" else EmptyServer)(settings).run()


if __name__ == "__main__":
    main(*sys.argv[1:])

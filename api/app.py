"""The WSGI application: both faces, the pages, the gate in front, every error as a problem."""

from collections.abc import Mapping
from typing import Any

import falcon

from api import gate
from api.doors import Doors
from api.entrance.problems import problem_of
from api.gate import Gate
from api.openapi import OpenApi
from api.pages.front import Docs, FrontPage
from api.resources.metrics import Metrics
from api.routes import native_routes
from api.seed_dialect import answers
from api.seed_dialect.routes import seed_routes
from api.watch import Watch


def create_app(doors: Doors) -> falcon.App[Any, Any]:
    middleware: list[Any] = [Watch(doors), Gate(doors)]
    app = falcon.App(middleware=middleware)
    app.req_options.keep_blank_qs_values = True
    app.req_options.auto_parse_qs_csv = False
    app.req_options.strip_url_path_trailing_slash = True
    for kind in (Exception, falcon.HTTPError):  # falcon knows better for its own kind until told otherwise
        app.add_error_handler(kind, handle_error)
    routes = native_routes(doors)
    for path, resource in (routes | seed_routes(doors)).items():
        add_route(app, path, resource)
    add_route(app, "/openapi.json", OpenApi(routes))
    add_route(app, "/docs", Docs(routes))
    add_route(app, "/metrics", Metrics(doors))
    add_route(app, "/", FrontPage())
    return app


def add_route(app: falcon.App[Any, Any], path: str, resource: Any) -> None:
    """A route that answers HEAD wherever it answers GET; the framework leaves the body out."""
    if hasattr(resource, "on_get") and not hasattr(resource, "on_head"):
        resource.on_head = resource.on_get
    app.add_route(path, resource)


def handle_error(req: falcon.Request, resp: falcon.Response, error: Exception, params: Mapping[str, Any]) -> None:
    """Every error leaves in the words of the face that it met."""
    if answers.is_seed(req.path):
        answers.write(req, resp, problem_of(error), params.get("document"))
    else:
        gate.handle_error(req, resp, error, params)

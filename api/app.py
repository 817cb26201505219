"""The WSGI application: both faces, the pages, the gate in front, every error as a problem."""

from typing import Any

import falcon

from api.doors import Doors
from api.gate import Gate, handle_error
from api.openapi import OpenApi
from api.pages.front import Docs, FrontPage
from api.routes import native_routes


def create_app(doors: Doors) -> falcon.App[Any, Any]:
    app = falcon.App(middleware=[Gate(doors)])
    app.req_options.keep_blank_qs_values = True
    app.req_options.auto_parse_qs_csv = False
    app.req_options.strip_url_path_trailing_slash = True
    for kind in (Exception, falcon.HTTPError):  # falcon knows better for its own kind until told otherwise
        app.add_error_handler(kind, handle_error)
    routes = native_routes(doors)
    for path, resource in routes.items():
        app.add_route(path, resource)
    app.add_route("/openapi.json", OpenApi(routes))
    app.add_route("/docs", Docs(routes))
    app.add_route("/", FrontPage())
    return app

"""Pages that say where things are: the front page, and the reference of the API. Nothing is loaded from outside."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from textwrap import dedent
from typing import Any, Final

import falcon
from jinja2 import Environment, PackageLoader

from api.entrance.operations import Operation, operation
from api.openapi import document

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"


def _templates() -> Environment:
    return Environment(loader=PackageLoader("api.pages", "templates"), autoescape=True, trim_blocks=True)


def _page(resp: falcon.Response, html: str) -> None:
    resp.content_type = "text/html; charset=utf-8"
    resp.text = html
    resp.set_header("Content-Security-Policy", _POLICY)
    resp.set_header("Referrer-Policy", "no-referrer")


class FrontPage:
    def __init__(self) -> None:
        self._html = _templates().get_template("front.html.j2").render()

    @operation(Operation(summary="Where things are", permission=None, media_type="text/html"))
    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        _page(resp, self._html)


class Docs:
    """The reference, drawn from the same document that machines read."""

    def __init__(self, routes: Mapping[str, object]) -> None:
        described = document(routes)
        (_, lead), *guide = _blocks(described["info"]["description"])
        self._html = (
            _templates()
            .get_template("docs.html.j2")
            .render(
                api=described,
                lead=lead,
                guide=guide,
                groups=_groups(described["paths"]),
                resolve=lambda ref: ref.rsplit("/", 1)[-1],
            )
        )

    @operation(Operation(summary="The API for people", permission=None, media_type="text/html"))
    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        _page(resp, self._html)


def _groups(paths: Mapping[str, Any]) -> dict[str, list[tuple[str, str, Any]]]:
    """Operations by the first word of their path."""
    groups: dict[str, list[tuple[str, str, Any]]] = {}
    for path, methods in paths.items():
        word = path.removeprefix("/api/v1/").strip("/").split("/")[0]
        for method, described in methods.items():
            if method != "parameters":
                groups.setdefault(word, []).append((method.upper(), path, described))
    return groups


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """A description as elements of a page: the little Markdown that ours have."""
    for element, blocks in groupby(text.strip("\n").split("\n\n"), _element):
        if element == "pre":
            yield element, dedent("\n\n".join(blocks))
        else:
            yield from ((element, block.removeprefix("## ")) for block in blocks)


def _element(block: str) -> str:
    if block.startswith("## "):
        return "h2"
    return "pre" if block.startswith("    ") else "p"

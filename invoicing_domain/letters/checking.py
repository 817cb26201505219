"""Whether a seller's own template can be used: read, judged by what it may do, and written on trial.

A template may say, choose and repeat. It may not compute: no calls, no arithmetic, no definitions, so that none can run
for ever or fill the memory, whatever the sandbox would let through.
"""

import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import TemplateError, TemplateSyntaxError, nodes

from invoicing_domain.letters.specimens import specimens
from invoicing_domain.letters.writing import sandbox, write
from invoicing_domain.model.letter_template.events import LetterKind, LetterTemplate
from invoicing_domain.model.party import Language

LONGEST_SUBJECT: Final = 300
_DEEPEST_LOOP: Final = 1
_LAYOUT: Final = "layout.html.j2"
_ALLOWED: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.NSRef, nodes.Const, nodes.Getattr),
    *(nodes.Getitem, nodes.If, nodes.For, nodes.CondExpr, nodes.Filter, nodes.Compare, nodes.Operand, nodes.And),
    *(nodes.Or, nodes.Not, nodes.Concat, nodes.Test, nodes.Block, nodes.Extends, nodes.Keyword),
)
_FILTERS: Final = frozenset(
    {"upper", "lower", "capitalize", "title", "trim", "default", "escape", "e", "first", "last"}
)
_TESTS: Final = frozenset({"defined", "undefined", "none"})
_IN_TEMPLATE: Final = re.compile(r"<template>|<unknown>")


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """What is wrong with a part (`subject`, `text`, `html`), and on which of its lines."""

    part: str
    line: int
    said: str


def faults(kind: LetterKind, language: Language, template: LetterTemplate) -> list[TemplateFault]:
    """Everything that keeps a template from being used; an empty list: nothing does."""
    parts = {"subject": template.subject, "text": template.text, "html": template.html}
    found = [fault for part, source in parts.items() if source is not None for fault in _read(part, source)]
    return found or _tried(kind, language, parts)


def _read(part: str, source: str) -> Iterator[TemplateFault]:
    try:
        tree = sandbox(escaping=part == "html").parse(source)
    except TemplateSyntaxError as error:
        yield TemplateFault(part, error.lineno, error.message or "cannot be read")
        return
    for node, depth in _walk(tree, 0):
        said = _judged(node, depth)
        if said is not None:
            yield TemplateFault(part, node.lineno, said)


def _walk(node: nodes.Node, depth: int) -> Iterator[tuple[nodes.Node, int]]:
    yield node, depth
    for child in node.iter_child_nodes():
        yield from _walk(child, depth + isinstance(node, nodes.For))


def _judged(node: nodes.Node, depth: int) -> str | None:
    match node:
        case nodes.For() if depth >= _DEEPEST_LOOP:
            return "a loop in a loop is not allowed"
        case nodes.Filter() if node.name not in _FILTERS:
            return f"the filter {node.name} is not allowed; there are: {', '.join(sorted(_FILTERS))}"
        case nodes.Test() if node.name not in _TESTS:
            return f"the test {node.name} is not allowed; there are: {', '.join(sorted(_TESTS))}"
        case nodes.Extends() if not (isinstance(node.template, nodes.Const) and node.template.value == _LAYOUT):
            return f"only {_LAYOUT} can be extended"
        case nodes.Assign(target=nodes.Name(name="accent"), node=nodes.Const()):
            return None
        case _ if not isinstance(node, _ALLOWED) and not isinstance(node, nodes.Assign):
            return f"{type(node).__name__.lower()} is not allowed: a template says, chooses and repeats"
        case nodes.Assign():
            return "only the color can be set: {% set accent = '#1f6f5c' %}"
        case _:
            return None


def _tried(kind: LetterKind, language: Language, parts: Mapping[str, str | None]) -> list[TemplateFault]:
    """What goes wrong with each part when it is written for an example of every case that it has to bear."""
    for part, source in parts.items():
        own: dict[str, Any] = {part: source}
        for facts in specimens(kind, language):
            try:
                content = write(kind, language, facts, LetterTemplate(**own))
            except (TemplateError, TypeError, ValueError) as error:
                return [TemplateFault(part, _line_of(error), str(error) or type(error).__name__)]
            if not 0 < len(content.subject) <= LONGEST_SUBJECT:
                return [TemplateFault("subject", 1, f"the subject has 1 to {LONGEST_SUBJECT} characters")]
    return []


def _line_of(error: Exception) -> int:
    """The line of the template in which an error came up: the library rewrites the traceback."""
    frames = traceback.extract_tb(error.__traceback__ or sys.exc_info()[2])
    lines = [frame.lineno for frame in frames if _IN_TEMPLATE.search(frame.filename)]
    return (lines[-1] or 1) if lines else 1

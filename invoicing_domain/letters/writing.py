"""How a letter is written: sentences of a language first, then subject, text and page built from the same sentences.

A seller may put templates of its own in the place of the house's. They get the same facts and sentences, in a sandbox.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from jinja2 import (
    Environment,
    PackageLoader,
    StrictUndefined,
    TemplateRuntimeError,
    UndefinedError,
    select_autoescape,
)
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from invoicing_domain.model.letter_template.events import LetterKind, LetterTemplate
from invoicing_domain.model.party import Language

Design = Literal["reminder", "document", "endpoint_disabled"]

_DESIGNS: Final[Mapping[LetterKind, Design]] = {
    "reminder": "reminder",
    "invoice": "document",
    "credit_note": "document",
}
"""Which design of the house a kind of letter has."""

_SENTENCES: Final[Mapping[Design, tuple[str, ...]]] = {
    "reminder": (
        *("subject", "heading", "greeting", "opening", "request", "other_open"),
        *("already_paid", "questions", "regards", "automatic", "decline"),
    ),
    "document": ("subject", "heading", "greeting", "opening", "request", "questions", "regards", "automatic"),
    "endpoint_disabled": ("subject", "heading", "greeting", "opening", "request", "missed", "automatic"),
}

_GIVEN: Final = ("mail", "words", "labels")
"""What templates are given."""

Facts = Mapping[str, object]
"""What a letter says, written the way its reader writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailContent:
    """What the reader sees: one line, and the same words twice."""

    subject: str
    text: str
    html: str


def write(kind: LetterKind, language: Language, facts: Facts, template: LetterTemplate | None = None) -> MailContent:
    """Write a letter of a kind. Templates of a seller may raise what Jinja raises: check them when they are saved."""
    return compose(_DESIGNS[kind], language, facts, template or LetterTemplate())


def compose(design: Design, language: Language, facts: Facts, own: LetterTemplate) -> MailContent:
    words, labels = _wording(design, language, facts)
    context = dict(zip(_GIVEN, (facts, words, labels), strict=True))
    subject = (
        words["subject"] if own.subject is None else sandbox(escaping=False).from_string(own.subject).render(context)
    )
    text = (
        sandbox(escaping=False).from_string(own.text)
        if own.text is not None
        else _house().get_template(f"{design}.txt.j2")
    )
    html = (
        sandbox(escaping=True).from_string(own.html)
        if own.html is not None
        else _house().get_template(f"{design}.html.j2")
    )
    return MailContent(
        subject=" ".join(subject.split("\n")).strip(),
        text=text.render(context).strip() + "\n",
        html=html.render(context),
    )


def web_address(link: str | None) -> str | None:
    if link is not None and not link.startswith(("https://", "http://")):
        raise ValueError("a link must be a web address")
    return link


def _wording(design: Design, language: Language, facts: Facts) -> tuple[dict[str, str], dict[str, str]]:
    """The sentences and labels of a language as plain text.

    They are finished here and handed on as `str`: a macro called from an HTML page passes for HTML and goes unescaped.
    """
    module = _house().get_template(f"{design}_words.{language}.j2").make_module()
    sentences = {name: str(getattr(module, name)(facts)).strip() for name in _SENTENCES[design]}
    labels: dict[str, str] = module.labels  # type: ignore[attr-defined]  # set by the template
    return sentences, labels


class _NoPlaceholder(StrictUndefined):
    """A name that a seller's template uses and nobody gave: says which, and what there is instead."""

    def __init__(
        self,
        hint: str | None = None,
        obj: object = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        known = _GIVEN if obj is missing else obj if isinstance(obj, Mapping) else None
        if hint is None and known is not None:
            hint = f"{name} is no placeholder here; there are: {', '.join(sorted(known))}"
        super().__init__(hint, obj, name, exc)


@cache
def _house() -> Environment:
    """The templates of this package; built at first use and never changed, so that sharing it is harmless."""
    return Environment(
        loader=PackageLoader("invoicing_domain.letters"),
        # The words are plain text in both; it is the HTML page around them that escapes them, once.
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def sandbox(*, escaping: bool) -> SandboxedEnvironment:
    """Where templates of sellers are written, beside the layout of the house."""
    return SandboxedEnvironment(
        loader=PackageLoader("invoicing_domain.letters"),
        autoescape=escaping,
        undefined=_NoPlaceholder,
        trim_blocks=True,
        lstrip_blocks=True,
    )

"""A seller's own words for its letters: looked at, changed, taken back, and shown as they would arrive."""

from dataclasses import replace
from typing import Any, get_args

import falcon

from api.doors import Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import Problem
from api.shapes import mail_shapes as shapes
from invoicing_domain.categories import CREDIT_NOTE, INVOICE, LETTER_TEMPLATE
from invoicing_domain.letters.about import letter_with, reminder_of
from invoicing_domain.letters.checking import faults
from invoicing_domain.letters.document import document_facts
from invoicing_domain.letters.reminder import reminder_facts
from invoicing_domain.letters.specimens import specimens
from invoicing_domain.letters.unsubscribing import Unsubscribing, link
from invoicing_domain.letters.writing import Facts, write
from invoicing_domain.model.identity import StreamId, template_id
from invoicing_domain.model.letter_template.commands import ChangeTemplate, ResetTemplate
from invoicing_domain.model.letter_template.events import LetterKind, LetterTemplate
from invoicing_domain.model.party import Language
from invoicing_domain.requests.misread import FieldError
from invoicing_domain.service import Outcome

_FIRST_STEP = 7


class MailTemplate(Resource):
    @operation(
        Operation(
            summary="The organization's own template of a letter; null: the house's own words",
            permission=Permission.READ_DOCUMENTS,
            answer=shapes.TemplateView,
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, kind: str, language: str) -> None:
        found, of_kind, in_language = _place(call_of(req), kind, language)
        loaded = self._doors.ledger.load(LETTER_TEMPLATE, found)
        own = loaded.state.template if loaded.state else None
        send(resp, _view(of_kind, in_language, own), version=loaded.version)

    @operation(
        Operation(
            summary="Put own Jinja templates in the place of subject, text or page; errors name the line",
            permission=Permission.ADMINISTER,
            body=shapes.TemplateBody,
            answer=shapes.TemplateView,
            writes=True,
            refusals=("not_found", "template_empty", "template_invalid"),
        )
    )
    def on_put(self, req: falcon.Request, resp: falcon.Response, kind: str, language: str) -> None:
        call = call_of(req)
        found, of_kind, in_language = _place(call, kind, language)
        own = _checked(of_kind, in_language, call.body)
        command = ChangeTemplate(template_id=found, kind=of_kind, language=in_language, template=own)
        self._doors.execute(
            call, resp, lambda: command, render=lambda outcome: _view(of_kind, in_language, _own(outcome))
        )

    @operation(
        Operation(
            summary="Go back to the house's own words",
            permission=Permission.ADMINISTER,
            answer=shapes.TemplateView,
            writes=True,
            refusals=("not_found",),
        )
    )
    def on_delete(self, req: falcon.Request, resp: falcon.Response, kind: str, language: str) -> None:
        call = call_of(req)
        found, of_kind, in_language = _place(call, kind, language)
        command = ResetTemplate(template_id=found, kind=of_kind, language=in_language)
        self._doors.execute(
            call, resp, lambda: command, render=lambda outcome: _view(of_kind, in_language, _own(outcome))
        )


class MailTemplatePreview(Resource):
    @operation(
        Operation(
            summary="A letter as it would arrive: with the templates of the body, else those that are set",
            permission=Permission.ADMINISTER,
            body=shapes.PreviewBody,
            body_optional=True,
            answer=shapes.PreviewView,
            refusals=("not_found", "invoice_not_sent", "template_invalid"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, kind: str, language: str) -> None:
        call = call_of(req)
        found, of_kind, in_language = _place(call, kind, language)
        body: shapes.PreviewBody = call.body
        if body.subject is None and body.text is None and body.html is None:
            state = self._doors.ledger.load(LETTER_TEMPLATE, found).state
            own = state.template if state else None
        else:
            own = _checked(of_kind, in_language, body)
        content = write(of_kind, in_language, self._facts(call, of_kind, in_language, body), own)
        send(resp, shapes.PreviewView(subject=content.subject, text=content.text, html=content.html))

    def _facts(self, call: Call, kind: LetterKind, language: Language, body: shapes.PreviewBody) -> Facts:
        """What a document of one's own says; of an example where none is named."""
        if body.document_id is None:
            return next(specimens(kind, language))
        document: Any
        if kind == "credit_note":
            document = self._doors.load(CREDIT_NOTE, self._doors.find(call, "credit_note", body.document_id)).state
            return document_facts(replace(letter_with(document), language=language))
        document = self._doors.load(INVOICE, self._doors.find(call, "invoice", body.document_id)).state
        if document.sent is None:
            raise Problem(409, "invoice_not_sent", "only a sent invoice is written about")
        if kind == "invoice":
            return document_facts(replace(letter_with(document), language=language))
        reader = Unsubscribing(call.organization_id, document.header.customer.customer_id, "reminders")
        declining = link(self._doors.public_url, self._doors.ledger.vault.signature, reader)
        said = reminder_of(document, document.sent, step=_FIRST_STEP, today=call.context.today, unsubscribe=declining)
        return reminder_facts(replace(said, language=language))


def _place(call: Call, kind: str, language: str) -> tuple[StreamId, LetterKind, Language]:
    """The stream of a template, from the words of a path."""
    of_kind: LetterKind | None = next((one for one in get_args(LetterKind) if one == kind), None)
    in_language: Language | None = next((one for one in get_args(Language) if one == language), None)
    if of_kind is None or in_language is None:
        raise missing("mail_template")
    return template_id(call.organization_id, of_kind, in_language), of_kind, in_language


def _checked(kind: LetterKind, language: Language, body: shapes.TemplateBody | shapes.PreviewBody) -> LetterTemplate:
    own = LetterTemplate(subject=body.subject, text=body.text, html=body.html)
    found = faults(kind, language, own)
    if found:
        raise Problem(
            422,
            "template_invalid",
            "this template cannot be used",
            errors=tuple(
                FieldError(pointer=f"/{fault.part}", code="template_invalid", detail=f"line {fault.line}: {fault.said}")
                for fault in found
            ),
        )
    return own


def _own(outcome: Outcome) -> LetterTemplate | None:
    own: LetterTemplate | None = outcome.state.template if outcome.state else None
    return own


def _view(kind: LetterKind, language: Language, own: LetterTemplate | None) -> shapes.TemplateView:
    template = own or LetterTemplate()
    return shapes.TemplateView(
        kind=kind, language=language, subject=template.subject, text=template.text, html=template.html
    )

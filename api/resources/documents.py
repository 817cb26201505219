"""Papers over HTTP: what was sent, byte for byte; drafts and proformas as they are now; the logo for papers to come."""

import re
from typing import Final

import falcon

from api.doors import Resource, missing
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import Problem
from api.shapes import views
from api.translation import rendering
from invoicing_domain.categories import CREDIT_NOTE, INVOICE, PROFORMA
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.organization.commands import ChangeOrganization
from invoicing_domain.model.organization.state import as_seller
from invoicing_domain.paper import picture
from invoicing_domain.paper.press import MEDIA_TYPE
from invoicing_domain.recording.artifacts import Artifact

_ANY_PICTURE: Final = ", ".join(picture.FORMATS)
_JUST_SHAPES: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For a browser that shows a drawing: its styles count, and nothing else of what it might hold."""

_UNFIT_FOR_A_NAME: Final = re.compile(r"[^\w.-]+")


def _looking_at(summary: str, media_type: str = MEDIA_TYPE) -> Operation:
    return Operation(
        summary=summary,
        permission=Permission.READ_DOCUMENTS,
        media_type=media_type,
        refusals=("not_found",),
        tagged=True,
    )


class InvoiceDocument(Resource):
    @operation(_looking_at("The invoice as PDF, the same bytes for ever; a draft as it would be, marked as a draft"))
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        invoice = self._doors.load(INVOICE, found).state
        if invoice is None or invoice.phase == "discarded":
            raise missing("invoice")
        if invoice.sent is None:
            shown = self._doors.publishing.draft(invoice, as_seller(call.organization), call.context)
            _send(resp, shown, f"draft-{invoice.reference}")
        else:
            _send(resp, self._doors.publishing.invoice(found, call.context), invoice.sent.number)


class CreditNoteDocument(Resource):
    @operation(_looking_at("The credit note as PDF, the same bytes for ever"))
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "credit_note", document)
        note = self._doors.load(CREDIT_NOTE, found).state
        if note is None:
            raise missing("credit note")
        _send(resp, self._doors.publishing.credit_note(found, call.context), note.issued.number)


class ProformaDocument(Resource):
    @operation(_looking_at("The proforma as PDF, in the present design"))
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        proforma = self._doors.load(PROFORMA, self._doors.find(call, "proforma", document)).state
        if proforma is None:
            raise missing("proforma")
        name = proforma.sent.number if proforma.sent else f"proforma-{proforma.reference}"
        _send(resp, self._doors.publishing.proforma(proforma, as_seller(call.organization), call.context), name)


class Logo(Resource):
    """Papers that were made keep the logo that they were made with."""

    @operation(_looking_at("The picture on the organization's papers", _ANY_PICTURE))
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        logo = self._doors.publishing.logo(call.organization.profile.logo, call.context)
        if logo is None:
            raise missing("logo")
        _send(resp, logo, "logo", picture.FORMATS[logo.media_type])
        resp.set_header("Content-Security-Policy", _JUST_SHAPES)

    @operation(
        Operation(
            summary=(
                "Set the picture on papers to come: PNG, JPEG (2000 pixels a side at most), or SVG of shapes alone"
                " (text as paths, no scripts, nothing from elsewhere); at most 512 KiB"
            ),
            permission=Permission.ADMINISTER,
            raw_body=_ANY_PICTURE,
            answer=views.OrganizationView,
            writes=True,
            refusals=("logo_unfit",),
        )
    )
    def on_put(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        self._change(call, resp, call.body)

    @operation(
        Operation(
            summary="Have no picture on papers to come",
            permission=Permission.ADMINISTER,
            answer=views.OrganizationView,
            writes=True,
        )
    )
    def on_delete(self, req: falcon.Request, resp: falcon.Response) -> None:
        self._change(call_of(req), resp, None)

    def _change(self, call: Call, resp: falcon.Response, content: bytes | None) -> None:
        def command() -> ChangeOrganization:
            logo = None if content is None else self._kept(content, call)
            return ChangeOrganization(organization_id=StreamId(call.organization_id), changes={"logo": logo})

        self._doors.execute(
            call,
            resp,
            command,
            render=lambda outcome: rendering.organization(outcome.stream_id, outcome.state, outcome.version),
        )
        self._doors.organizations.forget(call.organization_id)

    def _kept(self, content: bytes, call: Call) -> str:
        try:
            return self._doors.publishing.keep_logo(content, call.context)
        except picture.UnfitPicture as unfit:
            raise Problem(422, "logo_unfit", str(unfit)) from None


def _send(resp: falcon.Response, artifact: Artifact, name: str, extension: str = "pdf") -> None:
    """To be shown rather than saved; under the number, without what a file name cannot have."""
    resp.content_type = artifact.media_type
    resp.data = artifact.content
    resp.viewable_as = f"{_UNFIT_FOR_A_NAME.sub('-', name)}.{extension}"
    resp.set_header("ETag", f'"{artifact.sha256}"')

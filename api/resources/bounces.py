"""Mails that came back: a mail server hands in its notice, and the document that the mail was about says so."""

import falcon

from api.doors import Resource, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import Problem
from api.shapes import mail_shapes as shapes
from invoicing_domain.bounces import BounceNotice, NotABounce, read_notice
from invoicing_domain.model.mailing import RecordBounce
from projections.jobs.mails import mail_of


class Bounces(Resource):
    """It needs no Idempotency-Key: a notice is told from others by the mail that it is about."""

    @operation(
        Operation(
            summary="Take in a delivery status notification (RFC 3464); the same again changes nothing",
            permission=Permission.WRITE_INVOICES,
            raw_body="message/rfc822",
            answer=shapes.BounceView,
            refusals=("bounce_unreadable", "bounce_of_another", "mail_unknown", "mail_not_sent", "customer_erased"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        try:
            notice = read_notice(call.body)
        except NotABounce as error:
            raise Problem(422, "bounce_unreadable", str(error)) from None
        command = self._command(call, notice)
        view = _view(notice, command)
        if command is None:
            send(resp, view)
        else:
            self._doors.execute(call, resp, lambda: command, render=lambda _: view)

    def _command(self, call: Call, notice: BounceNotice) -> RecordBounce | None:
        """None: there is nothing to record."""
        with self._doors.reading() as connection:
            mail = mail_of(connection, notice, call.organization_id)
        if mail is None:
            raise Problem(422, "mail_unknown", f"{notice.message_id} is no mail of this organization")
        return mail.bounce(notice) if notice.action == "failed" else None


def _view(notice: BounceNotice, command: RecordBounce | None) -> shapes.BounceView:
    return shapes.BounceView(
        outcome="ignored" if command is None else "recorded",
        action=notice.action,
        message_id=notice.message_id,
        status=notice.status,
        diagnostic=notice.diagnostic,
        document_kind=command.kind if command else None,
        document_id=command.document_id if command else None,
    )

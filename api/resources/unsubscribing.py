"""The page behind the link of a mail: its reader declines further ones. Looking declines nothing (RFC 8058)."""

from typing import Final
from uuid import uuid4

import falcon
from jinja2 import Environment, PackageLoader

from api.doors import Doors, Resource, missing
from api.entrance.operations import Operation, operation
from invoicing_domain.categories import CUSTOMER
from invoicing_domain.letters.unsubscribing import Unsubscribing, read
from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.customer.commands import ChangeCustomer
from invoicing_domain.model.customer.state import Customer
from invoicing_domain.model.dates import local_date
from invoicing_domain.model.identity import StreamId
from invoicing_domain.recording.tenancy import work_for

READER: Final = Actor(kind="system", id="unsubscribe", name="Reader of a mail")
_HTML: Final = "text/html; charset=utf-8"
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Unsubscribe(Resource):
    def __init__(self, doors: Doors) -> None:
        super().__init__(doors)
        self._page = Environment(loader=PackageLoader("api.pages"), autoescape=True).get_template("unsubscribe.html.j2")

    @operation(
        Operation(
            summary="The page of a link in a mail: asks before it declines anything",
            permission=None,
            media_type=_HTML,
            refusals=("not_found",),
        )
    )
    def on_get(self, _req: falcon.Request, resp: falcon.Response, token: str) -> None:
        _, customer = self._find(token)
        self._show(resp, customer, done=False)

    @operation(
        Operation(
            summary="Decline further mails of the kind in which the link stood, with one click (RFC 8058)",
            permission=None,
            media_type=_HTML,
            raw_body="application/x-www-form-urlencoded",
            refusals=("not_found",),
        )
    )
    def on_post(self, _req: falcon.Request, resp: falcon.Response, token: str) -> None:
        who, customer = self._find(token)
        if who.notice not in customer.profile.declined_notices and customer.erased_at is None:
            declined = (*customer.profile.declined_notices, who.notice)
            command = ChangeCustomer(customer_id=StreamId(who.customer_id), changes={"declined_notices": declined})
            self._doors.service.execute(command, self._context(who))
        self._show(resp, customer, done=True)

    def _find(self, token: str) -> tuple[Unsubscribing, Customer]:
        who = read(token, self._doors.ledger.vault.signature)
        if who is None:
            raise missing("unsubscribe_link")
        work_for(who.organization_id)
        customer = self._doors.ledger.load(CUSTOMER, who.customer_id).state
        if customer is None:
            raise missing("unsubscribe_link")
        return who, customer

    def _context(self, who: Unsubscribing) -> Context:
        now, command_id = self._doors.clock.now(), str(uuid4())
        profile = self._doors.organizations.of(who.organization_id).profile
        return Context(
            at=now,
            today=local_date(now, profile.time_zone),
            organization_id=who.organization_id,
            actor=READER,
            command_id=command_id,
            correlation_id=command_id,
            reason="declined by the link of a mail",
        )

    def _show(self, resp: falcon.Response, customer: Customer, *, done: bool) -> None:
        resp.content_type = _HTML
        resp.text = self._page.render(language=customer.profile.language, done=done)
        resp.set_header("Content-Security-Policy", _POLICY)
        resp.set_header("Referrer-Policy", "no-referrer")

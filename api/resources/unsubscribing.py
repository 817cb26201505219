"""The page behind the link of a mail: its reader declines further ones, and may undo it.

Looking declines nothing; a bare POST does, because that is the one click of programs that read mail (RFC 8058).
"""

from typing import Final
from urllib.parse import parse_qsl
from uuid import uuid4

import falcon
from jinja2 import Environment, PackageLoader

from api.doors import Doors, Resource, missing
from api.entrance.decoding import read_body
from api.entrance.operations import Operation, operation
from invoicing_domain.categories import CUSTOMER
from invoicing_domain.letters.unsubscribing import Unsubscribing, read
from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.customer.commands import ChangeCustomer
from invoicing_domain.model.customer.state import Customer
from invoicing_domain.model.dates import local_date
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.recording.tenancy import work_for

READER: Final = Actor(kind="system", id="unsubscribe", name="Reader of a mail")
_WANTED: Final = ("choice", "wanted")
"""What the page's form says to undo it."""

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
        self._show(resp, *self._find(token))

    @operation(
        Operation(
            summary="Decline further mails of the kind in which the link stood, by one click (RFC 8058), or undo it",
            permission=None,
            media_type=_HTML,
            raw_body="application/x-www-form-urlencoded",
            refusals=("not_found", "too_large"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, token: str) -> None:
        who, customer = self._find(token)
        wanted = _WANTED in parse_qsl(read_body(req).decode("latin-1"))
        before = set(customer.profile.declined_notices)
        declined = tuple(sorted(before - {who.notice} if wanted else before | {who.notice}))
        if wanted == customer.declines(who.notice) and customer.erased_at is None:
            command = ChangeCustomer(customer_id=StreamId(who.customer_id), changes={"declined_notices": declined})
            customer = self._doors.service.execute(command, self._context(who, wanted=wanted)).state
        self._show(resp, who, customer)

    def _find(self, token: str) -> tuple[Unsubscribing, Customer]:
        who = read(token, self._doors.ledger.vault.signature)
        if who is None:
            raise missing("unsubscribe_link")
        work_for(who.organization_id)
        customer = self._doors.ledger.load(CUSTOMER, who.customer_id).state
        if customer is None:
            raise missing("unsubscribe_link")
        return who, customer

    def _context(self, who: Unsubscribing, *, wanted: bool) -> Context:
        now, command_id = self._doors.clock.now(), str(uuid4())
        return Context(
            at=now,
            today=local_date(now, self._seller(who).time_zone),
            organization_id=who.organization_id,
            actor=READER,
            command_id=command_id,
            correlation_id=command_id,
            reason=f"{'wanted again' if wanted else 'declined'} by the link of a mail",
        )

    def _seller(self, who: Unsubscribing) -> OrganizationProfile:
        return self._doors.organizations.of(who.organization_id).profile

    def _show(self, resp: falcon.Response, who: Unsubscribing, customer: Customer) -> None:
        resp.content_type = _HTML
        resp.text = self._page.render(
            language=customer.profile.language,
            notice=who.notice,
            seller=self._seller(who).name,
            declined=customer.declines(who.notice) or customer.erased_at is not None,
            erased=customer.erased_at is not None,
        )
        resp.set_header("Content-Security-Policy", _POLICY)
        resp.set_header("Referrer-Policy", "no-referrer")

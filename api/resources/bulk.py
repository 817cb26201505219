"""One action on many invoices over HTTP, at once and in order: one result for each, and nothing half-silent.

The answer is given when all are done, which is why there are at most 200. With an Idempotency-Key the choice of
invoices is made once and kept under it, and each invoice is acted on under a key of its own that derives from it: the
same request after a break goes on where it was, and tries again what was refused.
"""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Final
from uuid import uuid4

import falcon
import msgspec

from api.doors import Doors, missing, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import Problem, invalid, of_refusal
from api.resources.listing import invoice_filter
from api.shapes.issuing_bodies import MOST_ITEMS, BulkAction, BulkBody, BulkFilter
from api.shapes.issuing_views import BulkProblemView, BulkResultView, BulkView
from api.shapes.queries import InvoiceQuery
from api.shapes.views import InvoiceView
from api.translation import rendering
from api.translation.paging import checked
from invoicing_domain.handlers import INVOICE
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.commands import DiscardDraft, SendInvoice
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.requests.bodies import SendBody
from invoicing_domain.requests.commands import sending as sending_of
from invoicing_domain.service import ClientKey, Outcome
from projections.invoice_list import query as invoice_list

NEEDED: Final[dict[BulkAction, Permission]] = {
    "send": Permission.WRITE_INVOICES,
    "remind": Permission.WRITE_INVOICES,
    "submit_efactura": Permission.WRITE_INVOICES,
    "delete": Permission.WRITE_DRAFTS,
    "export": Permission.READ_DOCUMENTS,
}

_PAGE: Final = 100

Acted = tuple[BulkResultView, int]
"""What came of one invoice, and the position of the last fact about it."""


class Bulk:
    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    @operation(
        Operation(
            summary=(
                f"One action on at most {MOST_ITEMS} invoices, in order, with a result for each; repeated with the same"
                " Idempotency-Key it goes on where it was. `remind` and `submit_efactura` answer not_available for each"
            ),
            permission=Permission.READ_DOCUMENTS,
            body=BulkBody,
            answer=BulkView,
            writes=True,
            many=True,
            waits_for=("invoice_list",),
            refusals=("idempotency_key_reused",),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        body: BulkBody = call.body
        needed = NEEDED[body.action]
        if not call.access.may(needed):
            raise Problem(403, "forbidden", f"the role {call.access.role} may not {needed.value}")
        if (body.ids is None) == (body.filter is None):
            raise invalid("/ids", "give either ids or filter", "missing")
        if body.action != "send" and (body.deliver != "none" or body.series is not None):
            raise invalid("/action", "deliver and series are about sending")
        if call.expected_version is not None:
            raise Problem(400, "bad_request", "If-Match is about one document: leave it out")
        acted = [self._one(call, body, text) for text in self._chosen(call, body)]
        results = tuple(result for result, _ in acted)
        done = sum(result.ok for result in results)
        view = BulkView(action=body.action, total=len(results), ok=done, failed=len(results) - done, results=results)
        send(resp, view)
        resp.set_header("Izvor-Position", str(max((position for _, position in acted), default=0)))

    def _chosen(self, call: Call, body: BulkBody) -> list[str]:
        """The invoices meant, each once; chosen once for a key."""

        def choose() -> list[str]:
            return list(dict.fromkeys(body.ids)) if body.ids is not None else self._found(call, body.filter)

        if call.key is None:
            return choose()
        key = ClientKey(key=call.key, fingerprint=call.fingerprint, render=lambda _: (200, b""))
        kept = self._doors.service.remember(key, call.context, lambda: msgspec.json.encode(choose()))
        return msgspec.json.decode(kept, type=list[str])

    def _found(self, call: Call, wanted: BulkFilter | None) -> list[str]:
        fields = {} if wanted is None else {name: getattr(wanted, name) for name in wanted.__struct_fields__}
        conditions = invoice_filter(self._doors, call, InvoiceQuery(**fields))
        found: list[str] = []
        after: str | None = None
        with self._doors.reading() as connection:
            while True:
                page = checked(
                    lambda: invoice_list.list_invoices(
                        connection,
                        call.organization_id,
                        conditions,
                        today=call.context.today,
                        sort="reference",
                        limit=_PAGE,
                        after=after,  # noqa: B023 - called at once
                    )
                )
                found += [row.invoice_id for row in page.rows]
                after = page.next
                if len(found) > MOST_ITEMS or (after is not None and len(found) == MOST_ITEMS):
                    raise invalid(
                        "/filter", f"finds more than {MOST_ITEMS} invoices: narrow it, for example by date", "too_many"
                    )
                if after is None:
                    return found

    def _one(self, call: Call, body: BulkBody, text: str) -> Acted:
        try:
            found = self._doors.find(call, "invoice", text)
            return self._act(call, body, text, found)
        except Refusal as refusal:
            return _failed(text, of_refusal(refusal)), 0
        except Problem as problem:
            return _failed(text, problem), 0

    def _act(self, call: Call, body: BulkBody, text: str, found: StreamId) -> Acted:
        if body.action == "export":
            return self._export(call, text, found)
        if body.action == "send":
            sending = SendBody(deliver=body.deliver, series=body.series)
            return self._execute(
                call, text, found, lambda: SendInvoice(invoice_id=found, sending=sending_of(sending, call.organization))
            )
        if body.action == "delete":
            reason = call.context.reason or ""
            return self._execute(call, text, found, lambda: DiscardDraft(invoice_id=found, reason=reason))
        self._doors.load(INVOICE, found)
        detail = f"{body.action} cannot be asked for many invoices at once yet"
        return _failed(text, Problem(501, "not_available", detail)), 0

    def _export(self, call: Call, text: str, found: StreamId) -> Acted:
        loaded = self._doors.load(INVOICE, found)
        if loaded.state is None:
            raise missing("invoice")
        view = rendering.invoice(found, loaded.state, call.context.today, loaded.version, loaded.position)
        return _done(text, view.number, invoice=view), loaded.position

    def _execute(self, call: Call, text: str, found: StreamId, command: Callable[[], object]) -> Acted:
        key = None
        if call.key is not None:
            own = (
                f"bulk {sha256(call.key.encode()).hexdigest()} {found}"  # with spaces: no client's key can be the same
            )
            key = ClientKey(key=own, fingerprint=call.fingerprint, render=_number)
        context = replace(call.context, command_id=str(uuid4()))
        outcome = self._doors.service.execute(command(), context, key=key)
        body = outcome.answer.body if outcome.answer else _number(outcome)[1]
        number = msgspec.json.decode(body, type=str | None)
        return _done(text, number, replayed=outcome.replayed), outcome.position


def _number(outcome: Outcome) -> tuple[int, bytes]:
    """What is kept under the key of one invoice: the number that it has now."""
    sent = outcome.state.sent
    return 200, msgspec.json.encode(sent.number if sent else None)


def _done(
    text: str, number: str | None, *, replayed: bool = False, invoice: InvoiceView | None = None
) -> BulkResultView:
    return BulkResultView(id=text, ok=True, replayed=replayed, number=number, problem=None, invoice=invoice)


def _failed(text: str, problem: Problem) -> BulkResultView:
    said = BulkProblemView(status=problem.status, code=problem.code, detail=problem.detail, facts=problem.facts)
    return BulkResultView(id=text, ok=False, replayed=False, number=None, problem=said, invoice=None)

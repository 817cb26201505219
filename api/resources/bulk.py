"""One action on many invoices over HTTP, in order: one result for each, and nothing half-silent.

A few are acted on while the caller waits. With an Idempotency-Key the choice of invoices is made once and kept under
it, and each invoice is acted on under a key of its own that derives from it: the same request after a break goes on
where it was, and tries again what was refused. Many are a run, which a worker carries to its end.
"""

from hashlib import sha256
from typing import Final

import falcon
import msgspec

from api.doors import Doors, Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import Problem, invalid
from api.resources.listing import invoice_filter
from api.shapes.issuing_bodies import MOST_AT_ONCE, MOST_IN_A_RUN, BulkAction, BulkBody
from api.shapes.issuing_views import BulkResultView, BulkView
from api.shapes.queries import InvoiceFilters
from api.translation import bulk, rendering
from api.translation.paging import checked
from invoicing_domain.bulk_runs import Bulk as Acting
from invoicing_domain.bulk_runs import Performed
from invoicing_domain.categories import BULK_RUN, INVOICE
from invoicing_domain.model.bulk_run.commands import StartBulkRun
from invoicing_domain.model.bulk_run.events import Work
from invoicing_domain.model.identity import stream_id
from invoicing_domain.service import ClientKey
from projections.invoice_list import query as invoice_list

NEEDED: Final[dict[BulkAction, Permission]] = {
    "send": Permission.WRITE_INVOICES,
    "remind": Permission.WRITE_INVOICES,
    "submit_efactura": Permission.WRITE_INVOICES,
    "delete": Permission.WRITE_DRAFTS,
    "export": Permission.READ_DOCUMENTS,
}
"""What each action asks of the caller's role."""

_NO_EFACTURA: Final = Problem(501, "not_available", "e-Factura is not connected yet: nothing can be submitted")
_STARTED: Final = 202
_PAGE: Final = 100


class Bulk(Resource):
    def __init__(self, doors: Doors) -> None:
        super().__init__(doors)
        self._acting = Acting(doors.ledger, doors.service)

    @operation(
        Operation(
            summary=(
                f"One action on many invoices, in order, with a result for each. Up to {MOST_AT_ONCE} are done at once"
                " (200); repeated with the same Idempotency-Key it goes on where it was. More, or with `Prefer:"
                f" respond-async`, are a run of at most {MOST_IN_A_RUN} (202): ask for it at Location"
            ),
            permission=Permission.READ_DOCUMENTS,
            body=BulkBody,
            answer=BulkView,
            also=(_STARTED,),
            writes=True,
            many=True,
            waits_for=("invoice_list",),
            refusals=("idempotency_key_reused",),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        body: BulkBody = call.body
        _check(call, body)
        known = None if call.key is None else self._doors.service.answered(_whole(call, call.key), call.context)
        answer = known.answer if known else None
        if answer is not None and answer.status == _STARTED:
            self._start(call, resp, [])
            return
        chosen = msgspec.json.decode(answer.body, type=list[str]) if answer else self._chosen(call, body)
        if answer is None and (_may_take_longer(req) or len(chosen) > MOST_AT_ONCE):
            self._start(call, resp, chosen)
            return
        if call.key is not None and answer is None:
            kept = self._doors.service.remember(
                _whole(call, call.key), call.context, lambda: msgspec.json.encode(chosen)
            )
            chosen = msgspec.json.decode(kept, type=list[str])
        self._act(call, resp, chosen)

    def _act(self, call: Call, resp: falcon.Response, chosen: list[str]) -> None:
        acted = [self._one(call, text) for text in chosen]
        send(resp, bulk.at_once(call.body.action, [result for result, _ in acted]))
        resp.set_header("Izvor-Position", str(max((position for _, position in acted), default=0)))

    def _start(self, call: Call, resp: falcon.Response, chosen: list[str]) -> None:
        work = _work(call.body)
        if work is None:
            detail = f"is done at once only, for at most {MOST_AT_ONCE} invoices"
            raise invalid("/action", f"{call.body.action} {detail}", "too_many")

        def command() -> StartBulkRun:
            reference = self._doors.new(call, "bulk_run")
            run_id = stream_id("bulk_run", call.organization_id, reference)
            return StartBulkRun(run_id=run_id, reference=reference, work=work, items=tuple(chosen))

        self._doors.execute(
            call,
            resp,
            command,
            render=lambda outcome: bulk.run(outcome.stream_id, outcome.state),
            status=_STARTED,
            location=lambda view: f"/api/v1/bulk/{view['id']}",
        )
        resp.set_header("Preference-Applied", "respond-async")

    def _chosen(self, call: Call, body: BulkBody) -> list[str]:
        """The invoices meant, each once."""
        if body.ids is not None:
            return list(dict.fromkeys(body.ids))
        return self._found(call, body.filter or InvoiceFilters())

    def _found(self, call: Call, wanted: InvoiceFilters) -> list[str]:
        conditions = invoice_filter(self._doors, call, wanted)
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
                if after is None:
                    return found
                if len(found) >= MOST_IN_A_RUN:
                    detail = f"finds more than {MOST_IN_A_RUN} invoices: narrow it, for example by date"
                    raise invalid("/filter", detail, "too_many")

    def _one(self, call: Call, text: str) -> tuple[BulkResultView, int]:
        body: BulkBody = call.body
        work = _work(body)
        if work is None:
            return self._read(call, body.action, text)
        name = sha256(call.key.encode()).hexdigest() if call.key is not None else None
        performed: Performed = self._acting.perform(work, text, call.organization, call.context, name=name)
        return bulk.result(performed.result, replayed=performed.replayed), performed.position

    def _read(self, call: Call, action: BulkAction, text: str) -> tuple[BulkResultView, int]:
        """What writes nothing: a document in full, or why there is no such action yet."""
        try:
            found = self._doors.find(call, "invoice", text)
            loaded = self._doors.load(INVOICE, found)
        except Problem as problem:
            return bulk.failed(text, problem), 0
        if action == "submit_efactura" or loaded.state is None:
            return bulk.failed(text, _NO_EFACTURA), 0
        view = rendering.invoice(found, loaded.state, call.context.today, loaded.version, loaded.position)
        return bulk.exported(text, view), loaded.position


class BulkRun(Resource):
    @operation(
        Operation(
            summary="How far a bulk run is, with the results so far",
            permission=Permission.READ_DOCUMENTS,
            answer=BulkView,
            refusals=("not_found",),
            tagged=True,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "bulk_run", document)
        loaded = self._doors.load(BULK_RUN, found)
        if loaded.state is None:
            raise missing("bulk run")
        send(resp, bulk.run(found, loaded.state), version=loaded.version)
        if loaded.state.left:
            resp.set_header("Retry-After", "1")


def _check(call: Call, body: BulkBody) -> None:
    needed = NEEDED[body.action]
    if not call.access.may(needed):
        raise Problem(403, "forbidden", f"the role {call.access.role} may not {needed.value}")
    if (body.ids is None) == (body.filter is None):
        raise invalid("/ids", "give either ids or filter", "missing")
    if body.action != "send" and (body.deliver != "none" or body.series is not None):
        raise invalid("/action", "deliver and series are about sending")
    if call.expected_version is not None:
        raise Problem(400, "bad_request", "If-Match is about one document: leave it out")


def _whole(call: Call, key: str) -> ClientKey:
    """The key of the whole request."""
    return ClientKey(key=key, fingerprint=call.fingerprint, render=lambda _: (200, b""))


def _may_take_longer(req: falcon.Request) -> bool:
    """Whether the caller would rather come back for the answer (RFC 7240)."""
    wishes = (req.get_header("Prefer") or "").split(",")
    return any(wish.partition(";")[0].strip().lower() == "respond-async" for wish in wishes)


def _work(body: BulkBody) -> Work | None:
    """The action as a run knows it; None for one that records nothing."""
    if body.action == "export" or body.action == "submit_efactura":  # noqa: PLR1714 - narrows the type
        return None
    return Work(action=body.action, deliver=body.deliver, series=body.series)

"""From bodies to plans of recurring invoices."""

from typing import Any, cast

from api.doors import Doors
from api.entrance.call import Call
from api.shapes import bodies
from api.shapes.issuing_bodies import RecurringBody, RecurringPatch
from api.translation import parsing
from api.translation.patches import given_fields
from invoicing_domain.model.customer.commands import RegisterCustomer
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.recurring.commands import ChangeRecurring, PlanChanges, RhythmChanges
from invoicing_domain.model.recurring.events import Plan, Rhythm
from invoicing_domain.requests import commands, values


def plan_of(body: RecurringBody, call: Call, doors: Doors) -> tuple[Plan, RegisterCustomer | None]:
    asker = doors.asker(call)
    lines = values.lines(body.lines, asker.home)
    rhythm = body.rhythm
    customer, registers = commands.buyer(body, asker)
    plan = Plan(
        name=body.name,
        header=commands.header(body, customer, asker),
        lines=lines,
        rhythm=Rhythm(
            every=rhythm.every,
            unit=rhythm.unit,
            starts_on=rhythm.starts_on,
            end_of_month=rhythm.end_of_month,
            ends_on=rhythm.ends_on,
            count=rhythm.count,
        ),
        catch_up=body.catch_up,
        send=body.send,
        deliver=body.deliver,
        series=body.series,
    )
    return plan, registers


def recurring_changes(recurring_id: StreamId, body: RecurringPatch, call: Call, doors: Doors) -> ChangeRecurring:
    given = given_fields(body)
    of_invoice = set(bodies.InvoicePatch.__struct_fields__)
    header = bodies.InvoicePatch(**{name: value for name, value in given.items() if name in of_invoice})
    changes: dict[str, Any] = {name: value for name, value in given.items() if name not in of_invoice}
    rhythm = changes.pop("rhythm", None)
    if "lines" in changes:
        changes["lines"] = values.lines(changes["lines"], call.organization.profile.address.country)
    return ChangeRecurring(
        recurring_id=recurring_id,
        changes=cast("PlanChanges", changes),
        header=parsing.header_changes(header, call, doors),
        rhythm=cast("RhythmChanges", {} if rhythm is None else given_fields(rhythm)),
    )

"""`recurring`: once this face sends such an invoice, a schedule makes and sends the next ones like it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, get_args

from api.doors import Doors
from api.entrance.call import Call
from api.entrance.problems import Problem, invalid
from api.seed_dialect.kept import PREFIX, kept_units, with_units
from invoicing_domain.categories import INVOICE, RECURRING
from invoicing_domain.model.identity import StreamId, reference_of, resolve
from invoicing_domain.model.invoice.lines import as_input
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.recurring.calendar import last_day, periods
from invoicing_domain.model.recurring.commands import ScheduleRecurring
from invoicing_domain.model.recurring.events import Plan, Rhythm, Unit

SCHEDULE: Final = f"{PREFIX}schedule"
"""The number of the schedule, chosen with the draft: whoever repeats a request finds the schedule made."""

_OWN: Final = frozenset(
    {SCHEDULE, *(PREFIX + name for name in ("recurring", "repeat_every_custom", "repeat_type_custom", "cycles"))}
)
_MOST_MONTHS: Final = 12
_MOST_CUSTOM: Final = 365
_MOST_CYCLES: Final = 1_000
_UNITS: Final = get_args(Unit)


def with_schedule(metadata: Mapping[str, str], day: date, call: Call, doors: Doors) -> dict[str, str]:
    """The metadata with the number of a schedule where it asks for one; refuses a rhythm that cannot be read."""
    if rhythm_of(metadata, day, call.context.today) is None or SCHEDULE in metadata:
        return dict(metadata)
    return {**metadata, SCHEDULE: str(doors.new(call, "recurring_invoice"))}


def rhythm_of(metadata: Mapping[str, str], first: date, today: date) -> Rhythm | None:
    """When the next ones are due: the first period after the invoice that is not over yet. None: it does not recur."""
    every, unit = _step(metadata)
    if not every:
        return None
    cycles = _number(metadata, "cycles", _MOST_CYCLES)
    monthly = unit in {"month", "year"}
    own = Rhythm(
        every=every,
        unit=unit,
        starts_on=first,
        end_of_month=monthly and first.day == last_day(first.year, first.month),
        count=cycles or None,
    )
    try:
        return replace(own, starts_on=next(periods(replace(own, count=None), max(first, today - timedelta(days=1)))))
    except (ValueError, OverflowError):
        raise invalid("/date", "is too late for an invoice that recurs") from None


def begin(doors: Doors, call: Call, invoice_id: StreamId) -> None:
    """Start the schedule of an invoice that was sent, if it asks for one that is not there yet."""
    invoice = doors.ledger.load(INVOICE, invoice_id).state
    if invoice is None or invoice.sent is None:
        return
    recurring_id = resolve("recurring_invoice", call.organization_id, invoice.header.metadata.get(SCHEDULE, ""))
    rhythm = None
    with suppress(Problem):  # others may write metadata too: what this face did not check is no wish
        rhythm = rhythm_of(invoice.header.metadata, invoice.sent.issue_date, call.context.today)
    if recurring_id is None or rhythm is None or doors.ledger.load(RECURRING, recurring_id).state is not None:
        return
    plan = _plan(invoice, rhythm)
    command = ScheduleRecurring(recurring_id=recurring_id, reference=reference_of(recurring_id), plan=plan)
    doors.service.execute(command, call.context)


def _plan(invoice: Invoice, rhythm: Rhythm) -> Plan:
    header, sent = invoice.header, invoice.sent
    words = kept_units(header.metadata)
    others = {name: value for name, value in header.metadata.items() if name not in _OWN}
    by_place = {str(n): words.get(line.id) for n, line in enumerate(invoice.lines, start=1)}
    dateless = replace(
        header,
        issue_date=None,
        due_date=None,
        tax_point_date=None,
        delivery_date=None,
        number_claim=None,
        payment_terms_days=(sent.due_date - sent.issue_date).days if sent else None,
        metadata=with_units({name: text for name, text in others.items() if name != f"{PREFIX}units"}, by_place),
    )
    return Plan(
        name=f"like {sent.number if sent else ''}",
        header=dateless,
        lines=tuple(as_input(line) for line in invoice.lines),
        rhythm=rhythm,
        send=True,
        deliver="email" if header.customer.email else "none",
    )


def _step(metadata: Mapping[str, str]) -> tuple[int, Unit]:
    text = metadata.get(f"{PREFIX}recurring", "")
    if text != "custom":
        return _number(metadata, "recurring", _MOST_MONTHS), "month"
    unit: Unit | None = next((one for one in _UNITS if one == metadata.get(f"{PREFIX}repeat_type_custom")), None)
    if unit is None:
        raise invalid("/repeat_type_custom", f"is one of {', '.join(_UNITS)}")
    every = _number(metadata, "repeat_every_custom", _MOST_CUSTOM)
    if not every or (unit == "year" and every > _MOST_MONTHS):
        raise invalid("/repeat_every_custom", f"is 1 to {_MOST_MONTHS if unit == 'year' else _MOST_CUSTOM}")
    return every, unit


def _number(metadata: Mapping[str, str], name: str, most: int) -> int:
    text = metadata.get(PREFIX + name, "") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= most):  # noqa: PLR2004 - digits
        raise invalid(f"/{name}", f"is 0 to {most}")
    return int(text)

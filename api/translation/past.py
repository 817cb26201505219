"""An invoice in the past: the fold of the facts that counted by a date and were known by an instant."""

from collections.abc import Sequence
from datetime import date

from api.doors import Doors, missing
from api.entrance.call import Call
from api.entrance.problems import invalid
from api.shapes.queries import PointInTime
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.events import Sent
from invoicing_domain.model.invoice.state import Invoice, evolve, fold
from invoicing_domain.recording.effective import effective_date
from invoicing_domain.recording.envelope import Recorded

Past = tuple[Invoice | None, int, int, date]


def invoice_as_of(doors: Doors, call: Call, stream_id: StreamId, point: PointInTime) -> Past:
    """State, version, position and the day on which its status is judged."""
    if point.known_at is not None and point.known_at.tzinfo is None:
        raise invalid("known_at", "is an instant with its zone, such as 2026-11-23T09:00:00Z")
    day = point.as_of or call.context.today
    recorded_then = doors.ledger.history(stream_id, up_to_version=point.version)
    if point.version is not None and len(recorded_then) < point.version:
        raise missing("version")
    known = [recorded for recorded in recorded_then if point.known_at is None or recorded.meta.at <= point.known_at]
    facts = counting_by(known, point.as_of, call.organization.profile.time_zone)
    if not facts:
        return None, 0, 0, day
    state = fold((recorded.fact for recorded in facts[1:]), evolve(None, facts[0].fact))
    return state, facts[-1].originator_version, facts[-1].position, day


def counting_by(facts: Sequence[Recorded], as_of: date | None, time_zone: str) -> list[Recorded]:
    """The facts that count by a date.

    An invoice may be dated before the day it was drafted on: once it counts as sent, so does its whole draft; before
    that, nothing that is about a sent invoice counts, even money that came early.
    """
    if as_of is None:
        return list(facts)
    counting = [one for one in facts if effective_date(one, time_zone) <= as_of]
    sent = next((one for one in facts if isinstance(one.fact, Sent)), None)
    if sent is None:
        return counting
    if sent not in counting:
        return [one for one in counting if one.originator_version < sent.originator_version]
    draft = [one for one in facts if one.originator_version < sent.originator_version]
    return draft + [one for one in counting if one.originator_version >= sent.originator_version]

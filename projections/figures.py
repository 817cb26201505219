"""How far the read models are, and what the last check found, for Prometheus; asked of the database at each scrape."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from psycopg import Connection
from psycopg.rows import tuple_row

from projections.checked import last_check

POSITION: Final = "izvor_projection_position"
LAG_EVENTS: Final = "izvor_projection_lag_events"
LAG_SECONDS: Final = "izvor_projection_lag_seconds"
HALTED: Final = "izvor_projection_halted"
CHECK_OK: Final = "izvor_audit_check_ok"
CHECK_AGE: Final = "izvor_audit_check_age_seconds"

# The oldest fact that a read model lacks: how old it is, is how stale its lists are.
_STATE: Final = """
SELECT p.model, p.position, greatest(h.head - p.position, 0), p.error IS NOT NULL,
       coalesce(extract(epoch FROM clock_timestamp()
                - (convert_from(e.state, 'UTF8')::jsonb #>> '{meta,at}')::timestamptz), 0)::float8
  FROM read.position p CROSS JOIN (SELECT izvor.head() AS head) h
  LEFT JOIN izvor.events e ON e.notification_id = p.position + 1
"""


class ProjectionFigures(Collector):
    """`connecting` gives a connection of its own for each question, or fails: then there are no figures."""

    def __init__(self, connecting: Callable[[], Connection[Any]]) -> None:
        self._connecting = connecting

    def collect(self) -> Iterator[Metric]:
        with self._connecting() as connection:
            rows = connection.cursor(row_factory=tuple_row).execute(_STATE).fetchall()
            checked = last_check(connection)
        yield from _positions(rows)
        if checked is not None:
            is_ok = checked.findings == 0
            yield GaugeMetricFamily(CHECK_OK, "1: the last `izvor check` found nothing wrong", value=is_ok)
            yield GaugeMetricFamily(CHECK_AGE, "How long ago it began", value=checked.age_seconds)


def _positions(rows: Iterable[tuple[Any, ...]]) -> Iterator[Metric]:
    told = (
        GaugeMetricFamily(POSITION, "Last fact that a read model holds", labels=["projection"]),
        GaugeMetricFamily(LAG_EVENTS, "Facts that a read model lacks", labels=["projection"]),
        GaugeMetricFamily(HALTED, "1: a read model met a fact that it cannot take", labels=["projection"]),
        GaugeMetricFamily(LAG_SECONDS, "Age of the oldest fact that a read model lacks", labels=["projection"]),
    )
    for model, *values in rows:
        for figure, value in zip(told, values, strict=True):
            figure.add_metric([model], max(float(value), 0.0))
    yield from told

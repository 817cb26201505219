"""Jobs take over from the book of effects: nothing that was sent is sent again, nothing in doubt is forgotten."""

import psycopg

from deploy.migrate import STEPS, migrate

EFFECTS = """
INSERT INTO work.effect (effect_key, organization_id, queue, lock_key, payload, status, run_at, attempt, max_attempts,
                         outcome, recorded_position)
SELECT 'reminder:' || n || ':7', '01940000-0000-8000-8000-000000000001', 'reminders', 'invoice:' || n,
       jsonb_build_object('invoice_id', n, 'step', 7, 'to', 'ion@client.example'), status, '2026-11-02', 1, 200,
       CASE WHEN status = 'sent' THEN '{"answer": "250"}'::jsonb END, position
  FROM (VALUES (1, 'sent', 42), (2, 'sent', NULL), (3, 'in_doubt', NULL), (4, 'ready', NULL), (5, 'dead', NULL))
    AS v (n, status, position)
"""


def test_each_effect_becomes_a_job_that_stands_where_the_effect_stood(empty_database: str) -> None:
    takeover = next(step for step in STEPS if step.file == "takeover.sql")
    migrate(empty_database, STEPS[: takeover.number - 1])
    with psycopg.connect(empty_database) as connection:
        connection.execute(EFFECTS)
    migrate(empty_database)
    with psycopg.connect(empty_database) as connection:
        rows = connection.execute(
            "SELECT payload ->> 'invoice_id', status, run_at IS NULL, recorded_position, outcome ->> 'to'"
            " FROM work.job ORDER BY 1"
        ).fetchall()
    assert rows == [
        ("1", "sent", False, 42, None),
        ("2", "sent", False, None, "ion@client.example"),
        ("3", "in_doubt", True, None, "ion@client.example"),
        ("4", "ready", False, None, None),
        ("5", "dead", False, 0, None),
    ]

-- The book of effects that came before. Whoever still writes there would send what is sent: it has to fail instead.
INSERT INTO work.job (organization_id, queue, effect_key, lock_key, destination, payload, status, run_at, expires_at,
                      attempt, max_attempts, worker_id, lease_until, outcome, recorded_position, changed_at)
SELECT organization_id, queue, effect_key, lock_key, 'mail', payload - 'to', status,
       CASE WHEN status <> 'in_doubt' THEN run_at END, run_at + interval '10 days', attempt, max_attempts, worker_id,
       lease_until,
       CASE WHEN status IN ('sending', 'in_doubt', 'sent') AND recorded_position IS NULL THEN payload || coalesce(outcome, '{}') ELSE outcome END,
       CASE WHEN status = 'dead' THEN 0 ELSE recorded_position END, changed_at
FROM work.effect;
INSERT INTO work.turn (queue, organization_id) SELECT DISTINCT queue, organization_id FROM work.job
ON CONFLICT DO NOTHING;
INSERT INTO work.destination (name) VALUES ('mail') ON CONFLICT DO NOTHING;
DROP TABLE work.effect;

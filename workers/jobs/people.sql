-- What people see of jobs, and what a handler owes after they decided: a cancelled job may have a fact that follows too.
DROP INDEX work.job_owing;
CREATE INDEX job_owing ON work.job (queue) WHERE status IN ('sent', 'dead', 'cancelled') AND recorded_position IS NULL;
UPDATE work.job SET recorded_position = 0 WHERE status = 'cancelled' AND recorded_position IS NULL;

-- Jobs: what is to be done in the outside world, one row an effect, for good: the key stays unique, so that no effect is
-- ever carried out twice because somebody forgot the first time. Facts are in `izvor`; this is the book of the attempts.

CREATE SCHEMA IF NOT EXISTS work;

CREATE TABLE work.job (
    id                bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id   uuid        NOT NULL,
    queue             text        NOT NULL,           -- which handler
    effect_key        text        NOT NULL UNIQUE,    -- derived from the cause alone: reminder:{invoice}:{step}
    lock_key          text        NOT NULL,           -- one at a time: invoice:{invoice}
    destination       text        NOT NULL,           -- whose patience it costs: mail
    payload           jsonb       NOT NULL,           -- ids and decisions; no bytes, no secrets, no addresses
    status            text        NOT NULL CHECK
        (status IN ('ready', 'sending', 'sent', 'in_doubt', 'dead', 'cancelled', 'withdrawn')),
    run_at            timestamptz,                    -- not before, by the worker's clock; null: a person decides
    expires_at        timestamptz NOT NULL,           -- too old to be begun after that
    attempt           integer     NOT NULL DEFAULT 0, -- also the fencing token of the attempt under way; never goes back
    max_attempts      integer     NOT NULL,
    worker_id         uuid,
    lease_until       timestamptz,                    -- by the clock of the database: a process lives in real time
    outcome           jsonb,                          -- what the other side said, or why nothing went out
    recorded_position bigint,                         -- where the fact stands that follows from the end (0: none does)
    created_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- While one is under way, or its fact is not recorded yet, nobody begins another for the same document.
CREATE UNIQUE INDEX job_one_per_lock ON work.job (lock_key)
    WHERE status = 'sending' OR (status = 'sent' AND recorded_position IS NULL);
CREATE INDEX job_claimable ON work.job (queue, organization_id, run_at, id) WHERE status = 'ready';
CREATE INDEX job_open ON work.job (queue) WHERE status IN ('sending', 'in_doubt');
CREATE INDEX job_owing ON work.job (queue) WHERE status IN ('sent', 'dead') AND recorded_position IS NULL;
CREATE INDEX job_listed ON work.job (organization_id, id DESC);
CREATE INDEX job_for_people ON work.job (organization_id, id DESC) WHERE status IN ('in_doubt', 'dead');

-- Every attempt, also after the job went on to the next: what was begun when, by whom, and what came of it.
CREATE TABLE work.attempt (
    job_id          bigint      NOT NULL REFERENCES work.job ON DELETE CASCADE,
    attempt         integer     NOT NULL,
    organization_id uuid        NOT NULL,
    worker_id       uuid        NOT NULL,
    started_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at        timestamptz,                     -- null: under way, or its worker died
    answer          jsonb,
    PRIMARY KEY (job_id, attempt)
);

-- Whose turn it is: the organization that was served longest ago.
CREATE TABLE work.turn (
    queue           text        NOT NULL,
    organization_id uuid        NOT NULL,
    served_at       timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (queue, organization_id)
);

-- What all workers together may ask of one destination: a token bucket, and a breaker that opens after failures in a row.
-- An operator may change burst and per_second at any time.
CREATE TABLE work.destination (
    name         text        PRIMARY KEY,
    burst        integer     NOT NULL DEFAULT 20 CHECK (burst >= 1),
    per_second   numeric     NOT NULL DEFAULT 10 CHECK (per_second > 0),
    tokens       numeric     NOT NULL DEFAULT 20,
    refilled_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    failures     integer     NOT NULL DEFAULT 0,
    opened_until timestamptz                         -- by the worker's clock, like the pauses of jobs
);

CREATE FUNCTION work.tokens(d work.destination) RETURNS numeric LANGUAGE sql VOLATILE AS $$
    SELECT least(d.burst, d.tokens + d.per_second * extract(epoch FROM clock_timestamp() - d.refilled_at))
$$;

COMMENT ON TABLE work.job IS 'What is done in the outside world (mails): wished, under way, done, or in doubt';
COMMENT ON COLUMN work.job.status IS
    'ready: to be tried (again); sending: under way; sent: accepted by the other side; in_doubt: may or may not have'
    ' gone out; dead: refused for good; cancelled: given up by a person; withdrawn: its cause went away before'
    ' anything went out, so it may be wished again';
COMMENT ON TABLE work.attempt IS 'Every attempt of every job, and what came of it';
COMMENT ON TABLE work.destination IS 'Rate and health of what jobs call, shared by all workers';

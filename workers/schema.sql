-- What workers do in the outside world, one row an effect, for good: the key stays unique, so that no effect is ever
-- carried out twice because somebody forgot the first time. Facts are in `izvor`; this is the book of the attempts.

CREATE SCHEMA IF NOT EXISTS work;

CREATE TABLE work.effect (
    effect_key        text        PRIMARY KEY,       -- derived from the cause alone: reminder:{invoice}:{step}
    organization_id   uuid        NOT NULL,
    queue             text        NOT NULL,          -- which worker
    lock_key          text        NOT NULL,          -- one at a time: invoice:{invoice}
    payload           jsonb       NOT NULL,          -- ids and decisions of the latest attempt
    status            text        NOT NULL CHECK (status IN ('ready', 'sending', 'sent', 'in_doubt', 'dead', 'cancelled')),
    run_at            timestamptz NOT NULL,          -- not before, by the worker's clock
    attempt           integer     NOT NULL DEFAULT 0, -- also the fencing token of the attempt under way
    max_attempts      integer     NOT NULL,
    worker_id         uuid,
    lease_until       timestamptz,                   -- by the clock of the database: a process lives in real time
    outcome           jsonb,                         -- what the other side said
    recorded_position bigint,                        -- where the fact that follows from a sent effect stands
    changed_at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- While one is under way, or its fact is not recorded yet, nobody begins another for the same document.
CREATE UNIQUE INDEX effect_one_per_lock ON work.effect (lock_key)
    WHERE status = 'sending' OR (status = 'sent' AND recorded_position IS NULL);
CREATE INDEX effect_open ON work.effect (queue, run_at) WHERE status IN ('ready', 'sending');
CREATE INDEX effect_for_people ON work.effect (organization_id, changed_at) WHERE status IN ('in_doubt', 'dead');

COMMENT ON TABLE work.effect IS 'Effects in the outside world (mails): wished, under way, done, or in doubt';
COMMENT ON COLUMN work.effect.status IS
    'ready: to be tried (again); sending: under way; sent: accepted by the other side; in_doubt: may or may not have'
    ' gone out, a person decides; dead: refused for good; cancelled: given up by a person';

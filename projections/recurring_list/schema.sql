CREATE TABLE recurring_list (
    recurring_id    uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    reference       bigint      NOT NULL,
    status          text        NOT NULL,   -- active, paused, ended
    next_on         date,                   -- first day of the next period; null when paused or ended
    customer_id     text        NOT NULL,
    state           jsonb       NOT NULL,   -- as the domain folds it
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint      NOT NULL,
    position        bigint      NOT NULL
);

-- after the rows: a rebuild makes what follows when the table is full
CREATE INDEX ON recurring_list (organization_id, reference);
CREATE INDEX ON recurring_list (next_on) WHERE next_on IS NOT NULL;

CREATE TABLE webhook_endpoint_list (
    endpoint_id     uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    reference       bigint      NOT NULL,
    status          text        NOT NULL,   -- enabled, disabled, removed
    state           jsonb       NOT NULL,   -- as the domain folds it
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint      NOT NULL,
    position        bigint      NOT NULL
);

-- after the rows: a rebuild makes what follows when the table is full
CREATE INDEX ON webhook_endpoint_list (organization_id, reference);

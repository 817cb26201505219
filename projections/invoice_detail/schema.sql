-- One row per invoice: its state as the domain folds it, so that a page shows what the rules would see.
CREATE TABLE invoice_detail (
    invoice_id      uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    state           jsonb       NOT NULL,
    created_at      timestamptz NOT NULL,
    sent_at         timestamptz,
    updated_at      timestamptz NOT NULL,
    version         bigint      NOT NULL,
    position        bigint      NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- after the rows: a rebuild makes what follows when the table is full
CREATE INDEX ON invoice_detail (organization_id);

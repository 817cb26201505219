CREATE TABLE customer_list (
    customer_id     uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    reference       bigint      NOT NULL,
    name            text        NOT NULL,
    tax_id          text,
    profile         jsonb       NOT NULL,   -- the domain's CustomerProfile
    search_text     text        NOT NULL,   -- lower case, no diacritics
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    erased_at       timestamptz,            -- since when nothing personal is left in `profile`
    version         bigint      NOT NULL,
    position        bigint      NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- after the rows: a rebuild makes what follows when the table is full
CREATE UNIQUE INDEX ON customer_list (organization_id, reference);

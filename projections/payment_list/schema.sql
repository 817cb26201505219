CREATE TABLE payment_list (
    payment_id        uuid        PRIMARY KEY,
    organization_id   uuid        NOT NULL,
    reference         bigint      NOT NULL,   -- the small integer by which people know it
    customer_id       text        NOT NULL,
    customer_name     text        NOT NULL,
    currency          text        NOT NULL,
    amount            bigint      NOT NULL,   -- minor units, as are the next two
    allocated         bigint      NOT NULL,
    unallocated       bigint      NOT NULL,
    paid_on           date        NOT NULL,   -- value date
    method            text        NOT NULL,
    payment_reference text        NOT NULL,   -- what the payer wrote
    note              text        NOT NULL,
    allocations       jsonb       NOT NULL,
    reversed_on       date,
    reversal_reason   text,
    refunded          bigint      NOT NULL,
    external_reference text,                  -- by which the outside knows it
    exchange          jsonb,                  -- the rate of that day, when not in the currency of the books
    exchange_rate     numeric,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    version           bigint      NOT NULL,
    position          bigint      NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- after the rows: a rebuild makes what follows when the table is full
CREATE UNIQUE INDEX ON payment_list (organization_id, reference);
CREATE INDEX ON payment_list (organization_id, customer_id, reference);
CREATE INDEX ON payment_list (organization_id, external_reference) WHERE external_reference IS NOT NULL;
CREATE INDEX ON payment_list (organization_id, paid_on, reference);
CREATE INDEX ON payment_list (organization_id, reference) WHERE unallocated > 0;
CREATE INDEX ON payment_list USING gin (allocations jsonb_path_ops);

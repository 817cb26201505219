CREATE TABLE series_list (
    series_id       uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    document        text        NOT NULL,   -- invoice, credit_note or proforma
    prefix          text        NOT NULL,
    decision        text        NOT NULL,   -- the internal decision that assigned it; may be empty
    valid_from      date,                   -- only documents dated between these get a number
    valid_to        date,
    closed_on       date,                   -- no number since
    first_value     bigint      NOT NULL,
    last_value      bigint,                 -- null before the first number
    last_number     text,
    last_issue_date date,
    issued          bigint      NOT NULL,   -- numbers given; without holes, last_value - first_value + 1
    updated_at      timestamptz NOT NULL,
    version         bigint      NOT NULL,
    position        bigint      NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

-- after the rows: a rebuild makes what follows when the table is full
CREATE INDEX ON series_list (organization_id);

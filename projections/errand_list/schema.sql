CREATE TABLE errand_list (
    stream_id       uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    kind            text        NOT NULL,   -- reminder (the stream is the invoice) or bulk_run
    is_open         boolean     NOT NULL,
    version         bigint      NOT NULL,
    position        bigint      NOT NULL
);

-- after the rows: a rebuild makes what follows when the table is full
CREATE INDEX ON errand_list (kind, position) WHERE is_open;

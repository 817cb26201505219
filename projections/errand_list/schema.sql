CREATE TABLE errand_list (
    stream_id       uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    kind            text        NOT NULL,   -- reminder: of the invoice that the stream is
    is_open         boolean     NOT NULL,
    version         bigint      NOT NULL,
    position        bigint      NOT NULL
);

-- after the rows: a rebuild makes what follows when the table is full
CREATE INDEX ON errand_list (organization_id, kind, position) WHERE is_open;

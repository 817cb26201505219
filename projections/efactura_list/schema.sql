CREATE TABLE efactura_list (
    position        bigint      PRIMARY KEY,
    invoice_id      uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    kind            text        NOT NULL,   -- submitted or acknowledged
    attempt         integer,                -- of a submission
    upload_index    text,                   -- null: the outcome of the submission is not known
    status          text,                   -- of an answer: ok or nok
    response_code   text,
    sha256          text        NOT NULL,   -- of the XML submitted, of the sealed answer
    recorded_at     timestamptz NOT NULL
);

-- after the rows: a rebuild makes what follows when the table is full
CREATE INDEX ON efactura_list (invoice_id);

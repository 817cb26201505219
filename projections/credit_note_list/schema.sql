CREATE TABLE credit_note_list (
    credit_note_id  uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    reference       bigint      NOT NULL,
    number          text        NOT NULL,
    series          text        NOT NULL,
    issue_date      date        NOT NULL,
    invoice_id      uuid        NOT NULL,
    invoice_number  text        NOT NULL,
    customer_id     text        NOT NULL,
    customer_name   text        NOT NULL,
    currency        text        NOT NULL,
    net             bigint      NOT NULL,   -- minor units, positive, as are the next five
    vat             bigint      NOT NULL,
    gross           bigint      NOT NULL,
    applied         bigint      NOT NULL,   -- lowers the balance of invoices
    unapplied       bigint      NOT NULL,   -- the customer's credit
    refunded        bigint      NOT NULL,   -- paid out
    allocations     jsonb       NOT NULL,   -- which invoices, and by how much
    reason          text        NOT NULL,
    document        jsonb       NOT NULL,   -- the fact credit_note.issued
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint      NOT NULL,
    position        bigint      NOT NULL
);

-- after the rows: a rebuild makes what follows when the table is full
CREATE UNIQUE INDEX ON credit_note_list (organization_id, reference);
CREATE INDEX ON credit_note_list (organization_id, customer_id, reference);
CREATE INDEX ON credit_note_list (invoice_id);
CREATE INDEX ON credit_note_list (organization_id, reference) WHERE unapplied > 0;

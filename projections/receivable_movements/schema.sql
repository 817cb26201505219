-- One row per invoice, payment and credit note: whose it is, what its movements add up to, between which dates they lie.
-- The ageing report passes over what was settled by its date: its movements add up to nothing then.
CREATE TABLE receivable_document (
    document_id     uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    kind            text        NOT NULL,   -- invoice, payment, credit_note
    customer_id     text        NOT NULL,
    customer_name   text        NOT NULL,
    number          text,
    due_date        date,                   -- of an invoice, as sent
    agreed_due_date date,                   -- the one agreed since, if any
    currency        text        NOT NULL,
    issued_on       date        NOT NULL,   -- of a payment: its value date
    amount_minor    bigint      NOT NULL,   -- gross of the document
    balance_minor   bigint      NOT NULL,   -- sum of its movements; of a payment or credit note: the credit left, negative
    first_effective date        NOT NULL,
    last_effective  date        NOT NULL,
    first_recorded  timestamptz NOT NULL,
    last_recorded   timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- Only grows. Rows without an invoice are customer credit (negative: the house owes it).
CREATE TABLE receivable_movement (
    position        bigint      NOT NULL,
    line            smallint    NOT NULL,
    organization_id uuid        NOT NULL,
    customer_id     text        NOT NULL,
    customer_name   text        NOT NULL,
    invoice_id      uuid,
    subject_id      uuid        NOT NULL,   -- the document whose balance changed: the invoice, or what the credit is left of
    document_id     uuid        NOT NULL,   -- what moved it: invoice, payment or credit note
    document_number text,
    kind            text        NOT NULL,   -- invoice, payment, credit_note ..., unapplied_... for credit; due_date
    currency        text        NOT NULL,
    amount_minor    bigint      NOT NULL,   -- signed, in minor units
    effective_date  date        NOT NULL,   -- when it counts
    recorded_at     timestamptz NOT NULL,   -- when it was known
    due_date        date,                   -- of the invoice as sent; in a row of kind due_date (amount 0): from then on
    PRIMARY KEY (position, line)
);

-- after the rows: a rebuild makes what follows when the table is full
CREATE INDEX ON receivable_document (organization_id, customer_id);
CREATE INDEX ON receivable_document (organization_id, last_effective, first_effective);
CREATE INDEX ON receivable_document (organization_id, issued_on) WHERE kind <> 'payment';
CREATE INDEX ON receivable_document (organization_id, coalesce(agreed_due_date, due_date)) WHERE kind = 'invoice';
CREATE INDEX ON receivable_document (organization_id, last_effective) WHERE balance_minor <> 0;
CREATE INDEX ON receivable_movement (organization_id, customer_id, effective_date);
CREATE INDEX ON receivable_movement (subject_id, effective_date);

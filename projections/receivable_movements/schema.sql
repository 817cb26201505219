-- What later facts about a document do not say again: whose it is, its number, when it is due. Written once a document.
CREATE TABLE receivable_document (
    document_id   uuid PRIMARY KEY,     -- invoice, payment or credit note
    customer_id   text NOT NULL,
    customer_name text NOT NULL,
    number        text,
    due_date      date
);

-- Only grows. Rows without an invoice are customer credit (negative: the house owes it).
CREATE TABLE receivable_movement (
    position        bigint      NOT NULL,
    line            smallint    NOT NULL,
    organization_id uuid        NOT NULL,
    customer_id     text        NOT NULL,
    customer_name   text        NOT NULL,
    invoice_id      uuid,
    document_id     uuid        NOT NULL,   -- what moved it: invoice, payment or credit note
    document_number text,
    kind            text        NOT NULL,   -- invoice, payment, payment_reversed, credit_note, and unapplied_...
    currency        text        NOT NULL,
    amount_minor    bigint      NOT NULL,   -- signed, in minor units
    effective_date  date        NOT NULL,   -- when it counts
    recorded_at     timestamptz NOT NULL,   -- when it was known
    due_date        date,                   -- of the invoice
    PRIMARY KEY (position, line)
);

-- after the rows: a rebuild makes what follows when the table is full
CREATE INDEX ON receivable_movement (organization_id, customer_id);

CREATE TABLE reminder_list (
    invoice_id      uuid        NOT NULL,
    step            integer     NOT NULL,   -- days overdue; 0: none was due, somebody asked for it
    organization_id uuid        NOT NULL,
    sent_on         date        NOT NULL,   -- in the organization's calendar
    recipient       text        NOT NULL,
    balance         bigint      NOT NULL,   -- minor units, when it was sent
    currency        text        NOT NULL,
    message_id      text        NOT NULL,
    passed_over     integer[]   NOT NULL,   -- lower steps that this one took the place of
    requested       boolean     NOT NULL,   -- somebody asked for it
    recorded_at     timestamptz NOT NULL,
    position        bigint      PRIMARY KEY
);

-- after the rows: a rebuild makes what follows when the table is full
CREATE INDEX ON reminder_list (invoice_id);

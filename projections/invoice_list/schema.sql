-- One row per invoice, discarded drafts included (lists leave them out). Amounts are minor units of `currency`.
-- No status and no "overdue": both depend on the day of reading.
CREATE TABLE invoice_list (
    invoice_id             uuid        PRIMARY KEY,
    organization_id        uuid        NOT NULL,
    reference              bigint      NOT NULL,
    phase                  text        NOT NULL,   -- draft, discarded, sent
    number                 text,
    series                 text,
    currency               text        NOT NULL,
    customer_id            text        NOT NULL,
    customer_name          text        NOT NULL,
    customer_tax_id        text,
    issue_date             date,
    due_date               date,
    sent_at                timestamptz,
    lines_net              bigint      NOT NULL,
    discount               bigint      NOT NULL,
    net                    bigint      NOT NULL,
    vat                    bigint      NOT NULL,
    gross                  bigint      NOT NULL,
    paid                   bigint      NOT NULL,
    credited               bigint      NOT NULL,   -- credit applied to the balance
    balance                bigint      NOT NULL,
    credited_gross         bigint      NOT NULL,   -- credit notes issued, applied or not
    credited_in_full       boolean     NOT NULL,
    cancelled              boolean     NOT NULL,
    base_currency          text,                   -- of the books, when the invoice is in another currency
    exchange_rate          numeric,                -- one unit of currency in base_currency, at issue
    exchange_date          date,
    vat_in_base            bigint,                 -- minor units of base_currency, as are the next two
    gross_in_base          bigint,
    exchange_difference    bigint,                 -- of the payments so far; positive: gain
    reminders_held         boolean     NOT NULL,
    last_reminder_step     integer,
    efactura_status        text        NOT NULL,
    efactura_index         text,
    efactura_response_code text,
    order_id               text,
    notes                  text        NOT NULL,
    buyer_reference        text        NOT NULL,
    payment_reference      text        NOT NULL,
    payment_terms_days     integer,
    metadata               jsonb       NOT NULL,
    search_text            text        NOT NULL,   -- lower case, no diacritics
    draft                  jsonb,                  -- header and lines, to go on folding; null once sent or discarded
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    version                bigint      NOT NULL,
    position               bigint      NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- after the rows: a rebuild makes what follows when the table is full
CREATE UNIQUE INDEX ON invoice_list (organization_id, reference);
CREATE INDEX ON invoice_list (organization_id, coalesce(issue_date, '9999-12-31'), reference);
CREATE INDEX ON invoice_list (organization_id, coalesce(due_date, '9999-12-31'), reference);
CREATE INDEX ON invoice_list (organization_id, number);
CREATE INDEX ON invoice_list (organization_id, customer_id, reference);
CREATE INDEX ON invoice_list (organization_id, due_date) WHERE phase = 'sent' AND balance > 0;

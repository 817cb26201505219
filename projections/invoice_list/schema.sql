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
    customer_key           text        NOT NULL,   -- the name in lower case without diacritics, to sort by
    customer_tax_id        text,
    issue_date             date,
    due_date               date,
    sent_at                timestamptz,
    lines_net              bigint      NOT NULL,
    discount               bigint      NOT NULL,
    net                    bigint      NOT NULL,
    vat                    bigint      NOT NULL,
    gross                  bigint      NOT NULL,
    gross_mills            bigint      NOT NULL,   -- gross in thousandths of a major unit, to compare with one number
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
    draft                  jsonb,                  -- header and lines, to go on folding; null once sent or discarded
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    version                bigint      NOT NULL,
    position               bigint      NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- after the rows: a rebuild makes what follows when the table is full
-- Every sort has an index that ends in the reference; filters by number, date and amount are bounds on the same keys. Behind
-- the key stands what is filtered by: a walk passes over what is of another time, or currency, without looking at its row.
-- Drafts that were thrown away have neither number nor dates, and would lie in front.
-- Between which numbers a period lies is looked up day by day, in dates followed by numbers.
-- What is open, a draft, void or at the tax authority is rare, and not spread evenly over any order (the oldest invoices
-- are paid): it has indexes of its own. Keys use CASE, not coalesce() or lower(): under row-level security the planner
-- bounds an index only by what cannot leak.
CREATE INDEX ON invoice_list (organization_id, reference, (CASE WHEN issue_date IS NULL THEN '9999-12-31' ELSE issue_date END), (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END), efactura_status);
CREATE INDEX ON invoice_list (organization_id, (CASE WHEN number IS NULL THEN '' ELSE number END), reference, (CASE WHEN issue_date IS NULL THEN '9999-12-31' ELSE issue_date END), (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END), efactura_status)
    WHERE phase <> 'discarded';
CREATE INDEX ON invoice_list (organization_id, (CASE WHEN issue_date IS NULL THEN '9999-12-31' ELSE issue_date END), reference, (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END), efactura_status)
    WHERE phase <> 'discarded';
CREATE INDEX ON invoice_list (organization_id, (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END), reference, (CASE WHEN issue_date IS NULL THEN '9999-12-31' ELSE issue_date END), efactura_status)
    WHERE phase <> 'discarded';
CREATE INDEX ON invoice_list (organization_id, (CASE WHEN issue_date IS NULL THEN '9999-12-31' ELSE issue_date END), (CASE WHEN number IS NULL THEN '' ELSE number END))
    WHERE phase <> 'discarded';
CREATE INDEX ON invoice_list (organization_id, (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END), (CASE WHEN number IS NULL THEN '' ELSE number END))
    WHERE phase <> 'discarded';
CREATE INDEX ON invoice_list (organization_id, created_at);
CREATE INDEX ON invoice_list (organization_id, balance, reference, (CASE WHEN issue_date IS NULL THEN '9999-12-31' ELSE issue_date END), (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END), efactura_status, gross_mills, currency);
CREATE INDEX ON invoice_list (organization_id, gross_mills, reference, (CASE WHEN issue_date IS NULL THEN '9999-12-31' ELSE issue_date END), (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END));
CREATE INDEX ON invoice_list (organization_id, customer_key, reference, (CASE WHEN issue_date IS NULL THEN '9999-12-31' ELSE issue_date END), (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END));
CREATE INDEX ON invoice_list (organization_id, customer_id, reference);
CREATE INDEX ON invoice_list (organization_id, currency, gross_mills, reference);
CREATE INDEX ON invoice_list (organization_id, efactura_status, reference) WHERE efactura_status <> 'none';
CREATE INDEX ON invoice_list (organization_id, efactura_status, (CASE WHEN number IS NULL THEN '' ELSE number END), reference)
    WHERE efactura_status <> 'none';
CREATE INDEX ON invoice_list (organization_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ON invoice_list (organization_id, reference) WHERE phase = 'draft';
CREATE INDEX ON invoice_list (organization_id, reference) WHERE phase = 'sent' AND (cancelled OR credited_in_full);
CREATE INDEX ON invoice_list (organization_id, (CASE WHEN number IS NULL THEN '' ELSE number END), reference)
    WHERE phase = 'sent' AND (cancelled OR credited_in_full);
CREATE INDEX ON invoice_list (organization_id, (CASE WHEN issue_date IS NULL THEN '9999-12-31' ELSE issue_date END), reference)
    WHERE phase = 'sent' AND (cancelled OR credited_in_full);
CREATE INDEX ON invoice_list (organization_id, (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END), reference)
    WHERE phase = 'sent' AND (cancelled OR credited_in_full);
CREATE INDEX ON invoice_list (organization_id, gross_mills, reference)
    WHERE phase = 'sent' AND (cancelled OR credited_in_full);
CREATE INDEX ON invoice_list (organization_id, balance, reference)
    WHERE phase = 'sent' AND (cancelled OR credited_in_full);
CREATE INDEX ON invoice_list (organization_id, customer_key, reference)
    WHERE phase = 'sent' AND (cancelled OR credited_in_full);
CREATE INDEX ON invoice_list (organization_id, reference, (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END))
    WHERE phase = 'sent' AND balance > 0;
CREATE INDEX ON invoice_list (organization_id, (CASE WHEN number IS NULL THEN '' ELSE number END), reference, (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END))
    WHERE phase = 'sent' AND balance > 0;
CREATE INDEX ON invoice_list (organization_id, (CASE WHEN issue_date IS NULL THEN '9999-12-31' ELSE issue_date END), reference, (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END))
    WHERE phase = 'sent' AND balance > 0;
CREATE INDEX ON invoice_list (organization_id, (CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END), reference)
    WHERE phase = 'sent' AND balance > 0;
CREATE INDEX ON invoice_list (organization_id, gross_mills, reference) WHERE phase = 'sent' AND balance > 0;
CREATE INDEX ON invoice_list (organization_id, customer_key, reference) WHERE phase = 'sent' AND balance > 0;
CREATE INDEX ON invoice_list (organization_id, reference)
    WHERE phase = 'sent' AND balance > 0 AND (paid <> 0 OR credited <> 0);
CREATE INDEX ON invoice_list (organization_id, number, reference) WHERE metadata ? 'seed.tags';

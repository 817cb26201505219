-- The contract with BI: these views and columns stay; new columns come at the end (CREATE OR REPLACE VIEW allows nothing
-- else). Amounts are decimals in major units of the currency beside them; instants are UTC; "today" is the day in the
-- calendar of the organization. Every view carries organization_id.

CREATE SCHEMA IF NOT EXISTS bi;
COMMENT ON SCHEMA bi IS 'Stable views for reports; amounts in major units, one row per what the view is named after';

CREATE OR REPLACE VIEW bi.invoices AS
SELECT i.invoice_id, i.organization_id, i.reference, i.number, i.series,
    CASE WHEN i.phase <> 'sent' THEN i.phase
         WHEN i.cancelled THEN 'cancelled'
         WHEN i.credited_in_full THEN 'credited'
         WHEN i.balance <= 0 THEN 'paid'
         WHEN i.paid <> 0 OR i.credited <> 0 THEN 'partially_paid'
         WHEN i.due_date < t.today THEN 'overdue'
         ELSE 'sent' END AS status,
    CASE WHEN i.phase = 'sent' AND i.balance > 0 AND NOT i.credited_in_full
         THEN greatest(t.today - i.due_date, 0) ELSE 0 END AS days_overdue,
    i.currency, i.customer_id, i.customer_name, i.customer_tax_id, i.issue_date, i.due_date, i.sent_at,
    read.major(i.lines_net, i.currency) AS lines_net,
    read.major(i.discount, i.currency) AS discount,
    read.major(i.net, i.currency) AS net,
    read.major(i.vat, i.currency) AS vat,
    read.major(i.gross, i.currency) AS gross,
    read.major(i.paid, i.currency) AS paid,
    read.major(i.credited, i.currency) AS credited,
    read.major(i.balance, i.currency) AS balance,
    i.reminders_held, i.last_reminder_step, i.efactura_status, i.efactura_index, i.efactura_response_code,
    i.order_id, i.buyer_reference, i.payment_reference, i.notes, i.metadata,
    i.created_at, i.updated_at, i.version, i.position,
    read.major(i.net + i.discount - i.lines_net, i.currency) AS charges,
    i.base_currency, i.exchange_rate, i.exchange_date,
    read.major(i.vat_in_base, i.base_currency) AS vat_in_base,
    read.major(i.gross_in_base, i.base_currency) AS gross_in_base,
    read.major(i.exchange_difference, i.base_currency) AS exchange_difference
FROM read.invoice_list i
LEFT JOIN read.organization_list o USING (organization_id)
CROSS JOIN LATERAL (SELECT (read.now() AT TIME ZONE coalesce(o.time_zone, 'UTC'))::date AS today) t;

COMMENT ON VIEW bi.invoices IS 'One row per invoice: drafts, discarded drafts and sent invoices';
COMMENT ON COLUMN bi.invoices.invoice_id IS 'Identity of the invoice';
COMMENT ON COLUMN bi.invoices.organization_id IS 'The seller';
COMMENT ON COLUMN bi.invoices.reference IS 'Small integer by which the organization knows the invoice, drafts included';
COMMENT ON COLUMN bi.invoices.number IS 'Legal number; null until sent';
COMMENT ON COLUMN bi.invoices.series IS 'Prefix of the number series; null until sent';
COMMENT ON COLUMN bi.invoices.status IS 'draft, discarded, sent, partially_paid, paid, overdue, credited or cancelled, as of today; part-paid outranks overdue';
COMMENT ON COLUMN bi.invoices.days_overdue IS 'Days after the due date while something is left to pay; 0 on the due date and before';
COMMENT ON COLUMN bi.invoices.currency IS 'ISO 4217 code of all amounts in the row';
COMMENT ON COLUMN bi.invoices.customer_id IS 'The buyer';
COMMENT ON COLUMN bi.invoices.customer_name IS 'Name of the buyer as on the invoice';
COMMENT ON COLUMN bi.invoices.customer_tax_id IS 'Tax id of the buyer as on the invoice';
COMMENT ON COLUMN bi.invoices.issue_date IS 'Date of the invoice; on a draft the date wished for, if any';
COMMENT ON COLUMN bi.invoices.due_date IS 'Last day to pay without being overdue';
COMMENT ON COLUMN bi.invoices.sent_at IS 'When it got its number';
COMMENT ON COLUMN bi.invoices.lines_net IS 'Sum of line net amounts (EN 16931 BT-106)';
COMMENT ON COLUMN bi.invoices.discount IS 'Discount on the document (BT-107)';
COMMENT ON COLUMN bi.invoices.net IS 'Total without VAT (BT-109)';
COMMENT ON COLUMN bi.invoices.vat IS 'Total VAT (BT-110)';
COMMENT ON COLUMN bi.invoices.gross IS 'Total with VAT (BT-112)';
COMMENT ON COLUMN bi.invoices.paid IS 'Payments allocated to it, less reversals';
COMMENT ON COLUMN bi.invoices.credited IS 'Credit applied to it';
COMMENT ON COLUMN bi.invoices.balance IS 'Left to pay: gross less paid less credited; 0 for drafts';
COMMENT ON COLUMN bi.invoices.reminders_held IS 'True while no reminder may go out';
COMMENT ON COLUMN bi.invoices.last_reminder_step IS 'Days overdue of the last reminder sent; null when none was';
COMMENT ON COLUMN bi.invoices.efactura_status IS 'none, processing, unknown, ok or nok';
COMMENT ON COLUMN bi.invoices.efactura_index IS 'Upload index of the last attempt';
COMMENT ON COLUMN bi.invoices.efactura_response_code IS 'Response code of the last answer';
COMMENT ON COLUMN bi.invoices.order_id IS 'Sales order that it was issued from';
COMMENT ON COLUMN bi.invoices.buyer_reference IS 'Reference asked for by the buyer (BT-10)';
COMMENT ON COLUMN bi.invoices.payment_reference IS 'Text to be given with the payment (BT-83)';
COMMENT ON COLUMN bi.invoices.notes IS 'Notes printed on the invoice';
COMMENT ON COLUMN bi.invoices.metadata IS 'Values kept for the client system';
COMMENT ON COLUMN bi.invoices.created_at IS 'When it was drafted';
COMMENT ON COLUMN bi.invoices.updated_at IS 'When the last fact about it was recorded';
COMMENT ON COLUMN bi.invoices.version IS 'Number of facts about it';
COMMENT ON COLUMN bi.invoices.position IS 'Position in the feed of the last fact about it';
COMMENT ON COLUMN bi.invoices.charges IS 'Charges on the document (BT-108)';
COMMENT ON COLUMN bi.invoices.base_currency IS 'Currency of the books (BT-6), when the invoice is in another; else null, as are the next five';
COMMENT ON COLUMN bi.invoices.exchange_rate IS 'What one unit of the currency was worth in base_currency at issue';
COMMENT ON COLUMN bi.invoices.exchange_date IS 'Day of that rate';
COMMENT ON COLUMN bi.invoices.vat_in_base IS 'Total VAT in base_currency (BT-111)';
COMMENT ON COLUMN bi.invoices.gross_in_base IS 'Total with VAT in base_currency';
COMMENT ON COLUMN bi.invoices.exchange_difference IS 'In base_currency, of the payments so far: positive is a gain; never part of the balance';

CREATE OR REPLACE VIEW bi.invoice_lines AS
SELECT d.invoice_id, d.organization_id, (l.n)::integer AS line_no, l.line ->> 'id' AS line_id,
    l.line ->> 'description' AS description, l.line ->> 'details' AS details,
    (l.line ->> 'quantity')::numeric AS quantity, l.line ->> 'unit' AS unit,
    (l.line ->> 'unit_price')::numeric AS unit_price,
    (l.line -> 'discount' ->> 'percent')::numeric AS discount_percent,
    (l.line -> 'discount' ->> 'amount')::numeric AS discount_amount,
    l.line -> 'vat' ->> 'category' AS vat_category, (l.line -> 'vat' ->> 'rate')::numeric AS vat_rate,
    l.line -> 'net' ->> 'currency' AS currency,
    read.major((l.line -> 'net' ->> 'minor')::bigint, l.line -> 'net' ->> 'currency') AS net,
    (l.line ->> 'gross_price')::numeric AS gross_unit_price,
    l.line -> 'exemption' ->> 'code' AS exemption_code, l.line -> 'exemption' ->> 'reason' AS exemption_reason
FROM read.invoice_detail d
CROSS JOIN LATERAL jsonb_array_elements(d.state -> 'lines') WITH ORDINALITY AS l (line, n);

COMMENT ON VIEW bi.invoice_lines IS 'One row per line of every invoice, drafts included';
COMMENT ON COLUMN bi.invoice_lines.invoice_id IS 'The invoice';
COMMENT ON COLUMN bi.invoice_lines.organization_id IS 'The seller';
COMMENT ON COLUMN bi.invoice_lines.line_no IS 'Place on the invoice: 1, 2, 3';
COMMENT ON COLUMN bi.invoice_lines.line_id IS 'Identity of the line within its invoice';
COMMENT ON COLUMN bi.invoice_lines.description IS 'Name of what is sold (BT-153)';
COMMENT ON COLUMN bi.invoice_lines.details IS 'Longer description (BT-154)';
COMMENT ON COLUMN bi.invoice_lines.quantity IS 'Invoiced quantity (BT-129)';
COMMENT ON COLUMN bi.invoice_lines.unit IS 'Unit of the quantity (UN/ECE Recommendation 20)';
COMMENT ON COLUMN bi.invoice_lines.unit_price IS 'Net price of one unit (BT-146)';
COMMENT ON COLUMN bi.invoice_lines.discount_percent IS 'Discount on the line in percent; null when none or an amount';
COMMENT ON COLUMN bi.invoice_lines.discount_amount IS 'Discount on the line as an amount; null when none or a percentage';
COMMENT ON COLUMN bi.invoice_lines.vat_category IS 'VAT category (BT-151): S, Z, E, AE, K, G or O';
COMMENT ON COLUMN bi.invoice_lines.vat_rate IS 'VAT rate in percent (BT-152)';
COMMENT ON COLUMN bi.invoice_lines.currency IS 'ISO 4217 code of the amounts';
COMMENT ON COLUMN bi.invoice_lines.net IS 'Net amount of the line (BT-131)';
COMMENT ON COLUMN bi.invoice_lines.gross_unit_price IS 'Price of one unit as it was given, when that was with VAT';
COMMENT ON COLUMN bi.invoice_lines.exemption_code IS 'Reason that the line gives for having no VAT, from the VATEX list (BT-121)';
COMMENT ON COLUMN bi.invoice_lines.exemption_reason IS 'The same in words (BT-120)';

CREATE OR REPLACE VIEW bi.invoice_vat AS
SELECT d.invoice_id, d.organization_id, g.part ->> 'category' AS vat_category, (g.part ->> 'rate')::numeric AS vat_rate,
    g.part -> 'base' ->> 'currency' AS currency,
    read.major((g.part -> 'base' ->> 'minor')::bigint, g.part -> 'base' ->> 'currency') AS base,
    read.major((g.part -> 'vat' ->> 'minor')::bigint, g.part -> 'vat' ->> 'currency') AS vat,
    g.part -> 'exemption' ->> 'code' AS exemption_code, g.part -> 'exemption' ->> 'reason' AS exemption_reason
FROM read.invoice_detail d
CROSS JOIN LATERAL jsonb_array_elements(d.state -> 'sent' -> 'vat_breakdown') AS g (part)
WHERE jsonb_typeof(d.state -> 'sent') = 'object';

COMMENT ON VIEW bi.invoice_vat IS 'One row per category and rate of every sent invoice: its VAT breakdown (EN 16931 BG-23)';
COMMENT ON COLUMN bi.invoice_vat.invoice_id IS 'The invoice';
COMMENT ON COLUMN bi.invoice_vat.organization_id IS 'The seller';
COMMENT ON COLUMN bi.invoice_vat.vat_category IS 'VAT category (BT-118): S, Z, E, AE, K, G or O';
COMMENT ON COLUMN bi.invoice_vat.vat_rate IS 'VAT rate in percent (BT-119)';
COMMENT ON COLUMN bi.invoice_vat.currency IS 'ISO 4217 code of the amounts';
COMMENT ON COLUMN bi.invoice_vat.base IS 'Taxable amount (BT-116)';
COMMENT ON COLUMN bi.invoice_vat.vat IS 'VAT, rounded once (BT-117)';
COMMENT ON COLUMN bi.invoice_vat.exemption_code IS 'Why no VAT is due, from the VATEX list (BT-121)';
COMMENT ON COLUMN bi.invoice_vat.exemption_reason IS 'The same in words (BT-120)';

CREATE OR REPLACE VIEW bi.payments AS
SELECT payment_id, organization_id, reference, customer_id, customer_name, currency,
    read.major(amount, currency) AS amount,
    read.major(allocated, currency) AS allocated,
    read.major(unallocated, currency) AS unallocated,
    paid_on, method, payment_reference, note, reversed_on, reversal_reason, allocations, created_at, updated_at,
    read.major(refunded, currency) AS refunded, external_reference, exchange_rate
FROM read.payment_list;

COMMENT ON VIEW bi.payments IS 'One row per payment received, reversed ones included';
COMMENT ON COLUMN bi.payments.payment_id IS 'Identity of the payment';
COMMENT ON COLUMN bi.payments.organization_id IS 'The seller';
COMMENT ON COLUMN bi.payments.reference IS 'Small integer by which the organization knows the payment';
COMMENT ON COLUMN bi.payments.customer_id IS 'Who paid';
COMMENT ON COLUMN bi.payments.customer_name IS 'Name of who paid';
COMMENT ON COLUMN bi.payments.currency IS 'ISO 4217 code of all amounts in the row';
COMMENT ON COLUMN bi.payments.amount IS 'Money received';
COMMENT ON COLUMN bi.payments.allocated IS 'Part that invoices took; 0 once reversed';
COMMENT ON COLUMN bi.payments.unallocated IS 'Rest: credit of the customer; 0 once reversed';
COMMENT ON COLUMN bi.payments.paid_on IS 'Value date';
COMMENT ON COLUMN bi.payments.method IS 'How it was paid';
COMMENT ON COLUMN bi.payments.payment_reference IS 'Text given by the payer or the bank';
COMMENT ON COLUMN bi.payments.note IS 'Note of the organization';
COMMENT ON COLUMN bi.payments.reversed_on IS 'Date on which it turned out to be no payment; null for good ones';
COMMENT ON COLUMN bi.payments.reversal_reason IS 'Why it was reversed';
COMMENT ON COLUMN bi.payments.allocations IS 'Invoices and what each took, in minor units, as JSON';
COMMENT ON COLUMN bi.payments.created_at IS 'When it was recorded';
COMMENT ON COLUMN bi.payments.updated_at IS 'When the last fact about it was recorded';
COMMENT ON COLUMN bi.payments.refunded IS 'Part that went back to the customer';
COMMENT ON COLUMN bi.payments.external_reference IS 'By which gateway, till or bank knows it; null when none';
COMMENT ON COLUMN bi.payments.exchange_rate IS 'What one unit of the currency was worth in the currency of the books on that date; null for the books themselves';

CREATE OR REPLACE VIEW bi.credit_notes AS
SELECT credit_note_id, organization_id, reference, number, series, issue_date, invoice_id, invoice_number,
    customer_id, customer_name, currency,
    read.major(net, currency) AS net,
    read.major(vat, currency) AS vat,
    read.major(gross, currency) AS gross,
    read.major(applied, currency) AS applied,
    read.major(unapplied, currency) AS unapplied,
    reason, created_at, read.major(refunded, currency) AS refunded,
    CASE WHEN unapplied > 0 THEN 'open' ELSE 'closed' END AS state, allocations
FROM read.credit_note_list;

COMMENT ON VIEW bi.credit_notes IS 'One row per credit note; amounts are positive and lower what is owed';
COMMENT ON COLUMN bi.credit_notes.credit_note_id IS 'Identity of the credit note';
COMMENT ON COLUMN bi.credit_notes.organization_id IS 'The seller';
COMMENT ON COLUMN bi.credit_notes.reference IS 'Small integer by which the organization knows the credit note';
COMMENT ON COLUMN bi.credit_notes.number IS 'Legal number';
COMMENT ON COLUMN bi.credit_notes.series IS 'Prefix of the number series';
COMMENT ON COLUMN bi.credit_notes.issue_date IS 'Date of the credit note';
COMMENT ON COLUMN bi.credit_notes.invoice_id IS 'The invoice that it corrects';
COMMENT ON COLUMN bi.credit_notes.invoice_number IS 'Legal number of that invoice';
COMMENT ON COLUMN bi.credit_notes.customer_id IS 'The buyer';
COMMENT ON COLUMN bi.credit_notes.customer_name IS 'Name of the buyer as on the invoice';
COMMENT ON COLUMN bi.credit_notes.currency IS 'ISO 4217 code of all amounts in the row';
COMMENT ON COLUMN bi.credit_notes.net IS 'Total without VAT';
COMMENT ON COLUMN bi.credit_notes.vat IS 'Total VAT';
COMMENT ON COLUMN bi.credit_notes.gross IS 'Total with VAT';
COMMENT ON COLUMN bi.credit_notes.applied IS 'Part that lowers the balance of this or other invoices';
COMMENT ON COLUMN bi.credit_notes.unapplied IS 'Rest: credit of the customer';
COMMENT ON COLUMN bi.credit_notes.reason IS 'Why it was issued';
COMMENT ON COLUMN bi.credit_notes.created_at IS 'When it was recorded';
COMMENT ON COLUMN bi.credit_notes.refunded IS 'Part that was paid out to the customer';
COMMENT ON COLUMN bi.credit_notes.state IS 'open while something is left to apply or to pay out, else closed';
COMMENT ON COLUMN bi.credit_notes.allocations IS 'Invoices whose balance it lowers and by how much, in minor units, as JSON';

CREATE OR REPLACE VIEW bi.receivable_movements AS
SELECT position, line, organization_id, customer_id, customer_name, invoice_id, document_id, document_number, kind,
    currency, read.major(amount_minor, currency) AS amount, effective_date, recorded_at, due_date, subject_id
FROM read.receivable_movement;

COMMENT ON VIEW bi.receivable_movements IS 'One row per change of what customers owe: the sum of amount up to any effective date, recorded by any instant, is the receivable then';
COMMENT ON COLUMN bi.receivable_movements.position IS 'Position in the feed of the fact behind it';
COMMENT ON COLUMN bi.receivable_movements.line IS 'Tells rows of one fact apart';
COMMENT ON COLUMN bi.receivable_movements.organization_id IS 'The seller';
COMMENT ON COLUMN bi.receivable_movements.customer_id IS 'Who owes';
COMMENT ON COLUMN bi.receivable_movements.customer_name IS 'Name of who owes, as on the document';
COMMENT ON COLUMN bi.receivable_movements.invoice_id IS 'The invoice whose balance changed; null for credit of the customer that no invoice has taken';
COMMENT ON COLUMN bi.receivable_movements.document_id IS 'What changed it: invoice, payment or credit note';
COMMENT ON COLUMN bi.receivable_movements.document_number IS 'Number of that document, or reference of the payment';
COMMENT ON COLUMN bi.receivable_movements.kind IS 'invoice, payment, payment_reversed, payment_deallocated, credit_note, credit_applied, credit_unapplied; unapplied_payment, _allocated, _deallocated, _refunded, _reversed, _credit_note, _credit_applied, _credit_unapplied for credit of the customer; due_date (amount 0): the invoice is due on due_date from then on';
COMMENT ON COLUMN bi.receivable_movements.currency IS 'ISO 4217 code of the amount';
COMMENT ON COLUMN bi.receivable_movements.amount IS 'Signed: positive raises what is owed';
COMMENT ON COLUMN bi.receivable_movements.effective_date IS 'When it counts';
COMMENT ON COLUMN bi.receivable_movements.recorded_at IS 'When it became known';
COMMENT ON COLUMN bi.receivable_movements.subject_id IS 'The document whose balance changed: the invoice, or the payment or credit note that credit is left of';
COMMENT ON COLUMN bi.receivable_movements.due_date IS 'Due date of the invoice as sent, in a row of kind due_date as agreed since; null for credit of the customer';

CREATE OR REPLACE VIEW bi.receivable_documents AS
SELECT document_id, organization_id, kind, customer_id, customer_name, number, due_date, agreed_due_date, currency,
    issued_on, read.major(amount_minor, currency) AS amount, read.major(balance_minor, currency) AS balance,
    first_effective, last_effective, first_recorded, last_recorded
FROM read.receivable_document;

COMMENT ON VIEW bi.receivable_documents IS 'One row per sent invoice, payment and credit note: what its movements add up to, and between which dates they lie';
COMMENT ON COLUMN bi.receivable_documents.document_id IS 'Identity of the document';
COMMENT ON COLUMN bi.receivable_documents.organization_id IS 'The seller';
COMMENT ON COLUMN bi.receivable_documents.kind IS 'invoice, payment or credit_note';
COMMENT ON COLUMN bi.receivable_documents.customer_id IS 'Who owes';
COMMENT ON COLUMN bi.receivable_documents.customer_name IS 'Name of who owes, as on the document';
COMMENT ON COLUMN bi.receivable_documents.number IS 'Legal number, or reference of the payment';
COMMENT ON COLUMN bi.receivable_documents.due_date IS 'Due date of an invoice as sent; null for others';
COMMENT ON COLUMN bi.receivable_documents.agreed_due_date IS 'Due date agreed since; null when none was';
COMMENT ON COLUMN bi.receivable_documents.currency IS 'ISO 4217 code of the amounts';
COMMENT ON COLUMN bi.receivable_documents.issued_on IS 'Date of the document; of a payment its value date';
COMMENT ON COLUMN bi.receivable_documents.amount IS 'Gross of the document, or money received';
COMMENT ON COLUMN bi.receivable_documents.balance IS 'Left to pay of an invoice; what is left of a payment or credit note is credit of the customer, negative';
COMMENT ON COLUMN bi.receivable_documents.first_effective IS 'Effective date of its first movement';
COMMENT ON COLUMN bi.receivable_documents.last_effective IS 'Effective date of its last movement; nothing moved after it';
COMMENT ON COLUMN bi.receivable_documents.first_recorded IS 'When its first movement became known';
COMMENT ON COLUMN bi.receivable_documents.last_recorded IS 'When its last movement became known';

-- As the ageing report of the API: what was settled for good by the date, and known to be, is passed over; a document
-- whose movements all count by then stands with its balance; what moved since is added up anew.
CREATE OR REPLACE FUNCTION bi.ar_aging_at(as_of date, known_at timestamptz DEFAULT NULL) RETURNS TABLE (
    organization_id uuid, customer_id text, customer_name text, currency text, not_due numeric, days_1_30 numeric,
    days_31_60 numeric, days_61_90 numeric, days_91_plus numeric, unapplied numeric, balance numeric
) LANGUAGE sql STABLE AS $$
    WITH worth AS (
        SELECT d.document_id, d.organization_id, d.kind, d.customer_id, d.customer_name, d.currency, d.due_date,
            d.agreed_due_date, d.first_recorded, d.balance AS amount
        FROM bi.receivable_documents d
        WHERE d.balance <> 0 AND d.last_effective <= as_of AND (known_at IS NULL OR d.last_recorded <= known_at)
        UNION ALL
        SELECT d.document_id, d.organization_id, d.kind, d.customer_id, d.customer_name, d.currency, d.due_date,
            d.agreed_due_date, d.first_recorded, m.amount
        FROM bi.receivable_documents d
        CROSS JOIN LATERAL (  -- one by one: these are few, which the planner does not know
            SELECT sum(r.amount) AS amount FROM bi.receivable_movements r
            WHERE r.subject_id = d.document_id AND r.effective_date <= as_of
              AND (known_at IS NULL OR r.recorded_at <= known_at)
        ) m
        WHERE d.first_effective <= as_of AND (d.last_effective > as_of OR d.last_recorded > known_at)
          AND (known_at IS NULL OR d.first_recorded <= known_at) AND m.amount <> 0
    ), aged AS (
        SELECT d.organization_id, d.customer_id, d.customer_name, d.currency, d.first_recorded, d.kind, d.amount,
            as_of - CASE WHEN d.agreed_due_date IS NULL THEN d.due_date ELSE coalesce((
                SELECT g.due_date FROM bi.receivable_movements g
                WHERE g.subject_id = d.document_id AND g.kind = 'due_date'
                  AND g.effective_date <= as_of AND (known_at IS NULL OR g.recorded_at <= known_at)
                ORDER BY g.position DESC LIMIT 1), d.due_date) END AS days
        FROM worth d
    )
    SELECT a.organization_id, a.customer_id,
        (array_agg(a.customer_name ORDER BY a.first_recorded DESC, a.customer_name))[1], a.currency,
        sum(CASE WHEN a.days <= 0 THEN a.amount ELSE 0 * a.amount END),
        sum(CASE WHEN a.days BETWEEN 1 AND 30 THEN a.amount ELSE 0 * a.amount END),
        sum(CASE WHEN a.days BETWEEN 31 AND 60 THEN a.amount ELSE 0 * a.amount END),
        sum(CASE WHEN a.days BETWEEN 61 AND 90 THEN a.amount ELSE 0 * a.amount END),
        sum(CASE WHEN a.days > 90 THEN a.amount ELSE 0 * a.amount END),
        sum(CASE WHEN a.kind <> 'invoice' THEN a.amount ELSE 0 * a.amount END),
        sum(a.amount)
    FROM aged a
    GROUP BY a.organization_id, a.customer_id, a.currency
$$;
COMMENT ON FUNCTION bi.ar_aging_at(date, timestamptz) IS
    'Ageing of receivables as of a date, as known at an instant (null: now); all columns before balance add up to it; customers that owe nothing and have no credit are left out';

CREATE OR REPLACE VIEW bi.ar_aging AS
SELECT t.today AS as_of, a.organization_id, a.customer_id, a.customer_name, a.currency, a.not_due, a.days_1_30,
    a.days_31_60, a.days_61_90, a.days_91_plus, a.unapplied, a.balance
FROM read.organization_list o
CROSS JOIN LATERAL (SELECT (read.now() AT TIME ZONE o.time_zone)::date AS today) t
CROSS JOIN LATERAL bi.ar_aging_at(t.today) a
WHERE a.organization_id = o.organization_id;

COMMENT ON VIEW bi.ar_aging IS 'Ageing of receivables today, by customer and currency; all buckets and unapplied add up to balance';
COMMENT ON COLUMN bi.ar_aging.as_of IS 'Today in the calendar of the organization';
COMMENT ON COLUMN bi.ar_aging.organization_id IS 'The seller';
COMMENT ON COLUMN bi.ar_aging.customer_id IS 'Who owes';
COMMENT ON COLUMN bi.ar_aging.customer_name IS 'Name of who owes, as on the newest of its open documents';
COMMENT ON COLUMN bi.ar_aging.currency IS 'ISO 4217 code of all amounts in the row';
COMMENT ON COLUMN bi.ar_aging.not_due IS 'Due today or later';
COMMENT ON COLUMN bi.ar_aging.days_1_30 IS '1 to 30 days overdue';
COMMENT ON COLUMN bi.ar_aging.days_31_60 IS '31 to 60 days overdue';
COMMENT ON COLUMN bi.ar_aging.days_61_90 IS '61 to 90 days overdue';
COMMENT ON COLUMN bi.ar_aging.days_91_plus IS '91 days overdue and more';
COMMENT ON COLUMN bi.ar_aging.unapplied IS 'Credit of the customer that no invoice has taken, negative';
COMMENT ON COLUMN bi.ar_aging.balance IS 'What the customer owes after its credit';

CREATE OR REPLACE VIEW bi.statement AS
SELECT g.organization_id, g.customer_id, g.customer_name, g.currency, g.effective_date, g.document_id, g.kind,
    coalesce(g.number, d.number) AS number,
    CASE WHEN g.kind = 'invoice' THEN coalesce(d.agreed_due_date, d.due_date) END AS due_date,
    read.major(g.amount, g.currency) AS amount,
    read.major(sum(g.amount) OVER (PARTITION BY g.organization_id, g.customer_id, g.currency
        ORDER BY g.effective_date, g.position, g.kind)::bigint, g.currency) AS balance, g.position
FROM (
    SELECT m.organization_id, m.customer_id, max(m.customer_name) AS customer_name, m.currency, m.effective_date,
        m.document_id, m.kind, max(m.document_number) AS number, sum(m.amount_minor)::bigint AS amount,
        min(m.position) AS position
    FROM (
        SELECT r.organization_id, r.customer_id, r.customer_name, r.currency, r.effective_date, r.document_id,
            r.document_number, r.amount_minor, r.position,
            CASE WHEN r.kind = 'invoice' THEN 'invoice'
                 WHEN r.kind IN ('payment_reversed', 'unapplied_reversed') THEN 'payment_reversed'
                 WHEN r.kind = 'unapplied_refunded' THEN 'refund'
                 WHEN r.kind IN ('payment', 'payment_deallocated', 'unapplied_payment', 'unapplied_allocated',
                                 'unapplied_deallocated') THEN 'payment'
                 ELSE 'credit_note' END AS kind
        FROM read.receivable_movement r WHERE r.amount_minor <> 0
    ) m
    GROUP BY m.organization_id, m.customer_id, m.currency, m.effective_date, m.document_id, m.kind
    HAVING sum(m.amount_minor) <> 0
) g LEFT JOIN read.receivable_document d USING (document_id);

COMMENT ON VIEW bi.statement IS 'Statements of account: one row per document, day and kind of change, with the balance that runs through the account of the customer in that currency; the balance before a day opens a statement';
COMMENT ON COLUMN bi.statement.organization_id IS 'The seller';
COMMENT ON COLUMN bi.statement.customer_id IS 'Whose account';
COMMENT ON COLUMN bi.statement.customer_name IS 'Name of the customer, as on the document';
COMMENT ON COLUMN bi.statement.currency IS 'ISO 4217 code of the amounts';
COMMENT ON COLUMN bi.statement.effective_date IS 'When it counts';
COMMENT ON COLUMN bi.statement.document_id IS 'The invoice, payment or credit note';
COMMENT ON COLUMN bi.statement.kind IS 'invoice, payment, payment_reversed, credit_note or refund';
COMMENT ON COLUMN bi.statement.number IS 'Number of the document, or reference of the payment';
COMMENT ON COLUMN bi.statement.due_date IS 'Last agreed due date of an invoice; null for others';
COMMENT ON COLUMN bi.statement.amount IS 'Signed: positive raises what is owed';
COMMENT ON COLUMN bi.statement.balance IS 'Owed after it, less credit of the customer: rows in the order of effective_date, position and kind';
COMMENT ON COLUMN bi.statement.position IS 'Position in the feed of the first fact behind it';

CREATE OR REPLACE VIEW bi.dso AS
WITH changed AS MATERIALIZED (  -- what is owed, by the month of the change and the last month whose end is not after the due date
    SELECT organization_id, currency, date_trunc('month', effective_date::timestamp)::date AS month_start,
        date_trunc('month', (due_date + 1)::timestamp) - interval '1 month' AS waits_until, sum(amount_minor) AS amount
    FROM read.receivable_movement GROUP BY 1, 2, 3, 4
), months AS (
    SELECT o.organization_id, b.currency, e.month_start::date AS month_start,
        (e.month_start + interval '1 month - 1 day')::date AS month_end
    FROM read.organization_list o
    JOIN (SELECT organization_id, currency, min(month_start) AS since FROM changed GROUP BY 1, 2) b USING (organization_id)
    CROSS JOIN LATERAL generate_series(b.since::timestamp,
        date_trunc('month', read.now() AT TIME ZONE o.time_zone), interval '1 month') AS e(month_start)
), sold_by_day AS (
    SELECT organization_id, currency, issued_on AS day,
        sum(CASE kind WHEN 'invoice' THEN amount_minor ELSE -amount_minor END) AS amount
    FROM read.receivable_document WHERE kind <> 'payment' GROUP BY 1, 2, 3
), gained AS (  -- a day on which more was credited than invoiced takes nothing back
    SELECT *, sum(amount) OVER (PARTITION BY organization_id, currency ORDER BY day) AS so_far
    FROM sold_by_day WHERE amount > 0
), sold AS (
    SELECT organization_id, currency, date_trunc('month', day)::date AS month_start, sum(amount) AS amount,
        sum(amount) FILTER (WHERE amount > 0) AS gained
    FROM sold_by_day GROUP BY 1, 2, 3
), moved AS (
    SELECT organization_id, currency, month_start, sum(amount) AS amount FROM changed GROUP BY 1, 2, 3
), waiting AS (
    SELECT organization_id, currency, month_end, sum(amount) AS amount
    FROM (SELECT c.organization_id, c.currency, (e.month_start + interval '1 month - 1 day')::date AS month_end, c.amount
          FROM changed c
          CROSS JOIN LATERAL generate_series(c.month_start::timestamp, c.waits_until, interval '1 month') AS e(month_start)
          UNION ALL
          SELECT m.organization_id, m.currency, e.month_end, m.amount_minor * (  -- another due date was agreed: from then on
              (e.month_end <= coalesce((
                  SELECT g.due_date FROM read.receivable_movement g
                  WHERE g.subject_id = m.subject_id AND g.kind = 'due_date'
                    AND g.effective_date <= e.month_end ORDER BY g.position DESC LIMIT 1), m.due_date))::integer
              - (e.month_end <= m.due_date)::integer)
          FROM read.receivable_document d
          JOIN read.receivable_movement m ON m.subject_id = d.document_id
          CROSS JOIN LATERAL (
              SELECT (month_start + interval '1 month - 1 day')::date AS month_end
              FROM generate_series(date_trunc('month', m.effective_date::timestamp),
                  greatest(m.due_date, (SELECT max(g.due_date) FROM read.receivable_movement g
                      WHERE g.subject_id = m.subject_id AND g.kind = 'due_date'))::timestamp,
                  interval '1 month') AS month_start
          ) e
          WHERE d.agreed_due_date IS NOT NULL AND m.amount_minor <> 0) AS each
    GROUP BY 1, 2, 3
), known AS (
    SELECT n.organization_id, n.month_start AS month, n.currency, n.month_end - n.month_start + 1 AS days,
        coalesce(s.amount, 0) AS sales,
        sum(coalesce(r.amount, 0)) OVER (PARTITION BY n.organization_id, n.currency ORDER BY n.month_start) AS closing,
        sum(coalesce(r.amount, 0)) OVER (PARTITION BY n.organization_id, n.currency ORDER BY n.month_start)
            - coalesce(r.amount, 0) AS opening,
        coalesce(w.amount, 0) AS not_due, n.month_end,
        sum(coalesce(s.gained, 0)) OVER (PARTITION BY n.organization_id, n.currency ORDER BY n.month_start) AS gained
    FROM months n
    LEFT JOIN sold s USING (organization_id, currency, month_start)
    LEFT JOIN moved r USING (organization_id, currency, month_start)
    LEFT JOIN waiting w USING (organization_id, currency, month_end)
), reached AS (  -- the last day before which no more was gained than by the end of the month without what is owed
    SELECT organization_id, currency, month, max(day) OVER (PARTITION BY organization_id, currency ORDER BY before) AS day
    FROM (SELECT organization_id, currency, NULL::date AS month, day, so_far - amount AS before FROM gained
          UNION ALL
          SELECT organization_id, currency, month, NULL, gained - closing FROM known WHERE closing > 0) AS marks
)
SELECT organization_id, month, currency, days, read.major(sales::bigint, currency) AS sales,
    read.major(opening::bigint, currency) AS opening_receivable, read.major(closing::bigint, currency) AS closing_receivable,
    read.major(not_due::bigint, currency) AS closing_not_due,
    CASE WHEN sales > 0 THEN round(closing * days / sales, 2) END AS dso,
    CASE WHEN sales > 0 THEN round(not_due * days / sales, 2) END AS best_possible_dso,
    CASE WHEN sales > 0 THEN round(closing * days / sales, 2) - round(not_due * days / sales, 2) END AS average_days_delinquent,
    CASE WHEN opening + sales - not_due > 0 THEN round(100 * (opening + sales - closing) / (opening + sales - not_due), 2) END
        AS collection_effectiveness,
    CASE WHEN closing > 0 THEN round(month_end - g.day + (closing - known.gained + g.so_far) / g.amount, 2)
         WHEN known.gained > 0 THEN 0.00 END AS dso_countback
FROM known
LEFT JOIN reached USING (organization_id, currency, month)
LEFT JOIN gained g USING (organization_id, currency, day);

COMMENT ON VIEW bi.dso IS 'Days sales outstanding and its relatives by calendar month and currency, from the first movement to the current month (which is not over); null where there is nothing to divide by';
COMMENT ON COLUMN bi.dso.organization_id IS 'The seller';
COMMENT ON COLUMN bi.dso.month IS 'First day of the month';
COMMENT ON COLUMN bi.dso.currency IS 'ISO 4217 code of the amounts';
COMMENT ON COLUMN bi.dso.days IS 'Days of the month';
COMMENT ON COLUMN bi.dso.sales IS 'Invoices less credit notes, gross, by their dates';
COMMENT ON COLUMN bi.dso.opening_receivable IS 'What customers owed before the month, less their credit';
COMMENT ON COLUMN bi.dso.closing_receivable IS 'What customers owed at the end of the month, less their credit';
COMMENT ON COLUMN bi.dso.closing_not_due IS 'The part of open invoices at the end of the month that was not due';
COMMENT ON COLUMN bi.dso.dso IS 'closing_receivable / sales x days';
COMMENT ON COLUMN bi.dso.best_possible_dso IS 'closing_not_due / sales x days';
COMMENT ON COLUMN bi.dso.average_days_delinquent IS 'dso less best_possible_dso';
COMMENT ON COLUMN bi.dso.collection_effectiveness IS '(opening_receivable + sales - closing_receivable) / (opening_receivable + sales - closing_not_due) x 100';
COMMENT ON COLUMN bi.dso.dso_countback IS 'Days, counted back from the end of the month, whose sales add up to closing_receivable, the last one in part; null when all sales ever are not enough';

CREATE OR REPLACE VIEW bi.on_time AS
SELECT p.organization_id, date_trunc('month', p.due_date)::date AS month, p.currency, count(*) AS invoices_due,
    count(*) FILTER (WHERE p.paid >= p.asked) AS invoices_on_time,
    round(100.0 * count(*) FILTER (WHERE p.paid >= p.asked) / count(*), 2) AS share_by_count,
    read.major(sum(p.asked)::bigint, p.currency) AS value_due,
    read.major(sum(least(greatest(p.paid, 0), p.asked))::bigint, p.currency) AS value_on_time,
    round(100 * sum(least(greatest(p.paid, 0), p.asked)) / sum(p.asked), 2) AS share_by_value
FROM (
    SELECT m.organization_id, m.currency, coalesce(a.agreed_due_date, m.due_date) AS due_date,
        sum(m.amount_minor) FILTER (WHERE m.kind NOT LIKE 'payment%') AS asked,
        -coalesce(sum(m.amount_minor) FILTER (WHERE m.kind LIKE 'payment%'
            AND m.effective_date <= coalesce(a.agreed_due_date, m.due_date)), 0) AS paid
    FROM read.receivable_movement m
    LEFT JOIN read.receivable_document a ON a.document_id = m.subject_id AND a.agreed_due_date IS NOT NULL
    WHERE m.invoice_id IS NOT NULL
    GROUP BY m.subject_id, 1, 2, 3
) p
JOIN (SELECT organization_id, (read.now() AT TIME ZONE time_zone)::date AS today FROM read.organization_list OFFSET 0) o
    ON o.organization_id = p.organization_id AND p.due_date < o.today
WHERE p.asked > 0
GROUP BY 1, 2, 3;

COMMENT ON VIEW bi.on_time IS 'Share of invoices paid on time, by the month in which they were due and currency; those not due yet or credited in full are left out';
COMMENT ON COLUMN bi.on_time.organization_id IS 'The seller';
COMMENT ON COLUMN bi.on_time.month IS 'First day of the month in which the invoices were due';
COMMENT ON COLUMN bi.on_time.currency IS 'ISO 4217 code of the amounts';
COMMENT ON COLUMN bi.on_time.invoices_due IS 'Invoices due in the month, paid since or not';
COMMENT ON COLUMN bi.on_time.invoices_on_time IS 'Those of them that payments had settled by the due date';
COMMENT ON COLUMN bi.on_time.share_by_count IS 'invoices_on_time of invoices_due, in percent';
COMMENT ON COLUMN bi.on_time.value_due IS 'Their gross less credit notes';
COMMENT ON COLUMN bi.on_time.value_on_time IS 'What was paid of it by the due date';
COMMENT ON COLUMN bi.on_time.share_by_value IS 'value_on_time of value_due, in percent';

CREATE OR REPLACE VIEW bi.number_series AS
SELECT series_id, organization_id, document, prefix, first_value, last_value, last_number, last_issue_date, issued,
    coalesce(last_value - first_value + 1, 0) = issued AS is_dense, updated_at, decision, valid_from, valid_to, closed_on
FROM read.series_list;

COMMENT ON VIEW bi.number_series IS 'One row per number series';
COMMENT ON COLUMN bi.number_series.series_id IS 'Identity of the series';
COMMENT ON COLUMN bi.number_series.organization_id IS 'The seller';
COMMENT ON COLUMN bi.number_series.document IS 'Kind of document: invoice, credit_note or proforma';
COMMENT ON COLUMN bi.number_series.prefix IS 'Prefix of its numbers';
COMMENT ON COLUMN bi.number_series.first_value IS 'First number of the series';
COMMENT ON COLUMN bi.number_series.last_value IS 'Last number given; null before the first';
COMMENT ON COLUMN bi.number_series.last_number IS 'Last legal number, with prefix';
COMMENT ON COLUMN bi.number_series.last_issue_date IS 'Date of the last document';
COMMENT ON COLUMN bi.number_series.issued IS 'How many numbers were given';
COMMENT ON COLUMN bi.number_series.is_dense IS 'True when no number between the first and the last is missing';
COMMENT ON COLUMN bi.number_series.updated_at IS 'When the last number was given';
COMMENT ON COLUMN bi.number_series.decision IS 'Internal decision that assigned the series';
COMMENT ON COLUMN bi.number_series.valid_from IS 'Documents dated before it get no number; null: no bound';
COMMENT ON COLUMN bi.number_series.valid_to IS 'Documents dated after it get no number; null: no bound';
COMMENT ON COLUMN bi.number_series.closed_on IS 'Day since which it gives no numbers; null: open';

CREATE OR REPLACE VIEW bi.reminders AS
SELECT r.organization_id, r.invoice_id, i.number AS invoice_number, i.customer_id, i.customer_name, r.step, r.sent_on,
    r.recipient, r.currency, read.major(r.balance, r.currency) AS balance, r.passed_over, r.message_id, r.recorded_at,
    r.requested
FROM read.reminder_list r LEFT JOIN read.invoice_list i USING (invoice_id);

COMMENT ON VIEW bi.reminders IS 'One row per reminder that left the house';
COMMENT ON COLUMN bi.reminders.organization_id IS 'The seller';
COMMENT ON COLUMN bi.reminders.invoice_id IS 'The invoice';
COMMENT ON COLUMN bi.reminders.invoice_number IS 'Its legal number';
COMMENT ON COLUMN bi.reminders.customer_id IS 'The buyer';
COMMENT ON COLUMN bi.reminders.customer_name IS 'Name of the buyer as on the invoice';
COMMENT ON COLUMN bi.reminders.step IS 'Days overdue after which this reminder was due; 0: none was, it was asked for';
COMMENT ON COLUMN bi.reminders.sent_on IS 'Day in the calendar of the organization';
COMMENT ON COLUMN bi.reminders.recipient IS 'Address that it went to';
COMMENT ON COLUMN bi.reminders.currency IS 'ISO 4217 code of the balance';
COMMENT ON COLUMN bi.reminders.balance IS 'Left to pay when it was sent';
COMMENT ON COLUMN bi.reminders.passed_over IS 'Lower steps that it took the place of';
COMMENT ON COLUMN bi.reminders.message_id IS 'Message-ID of the mail';
COMMENT ON COLUMN bi.reminders.recorded_at IS 'When it was recorded';
COMMENT ON COLUMN bi.reminders.requested IS 'True when somebody asked for it, beside or ahead of the steps';

CREATE OR REPLACE VIEW bi.efactura_submissions AS
SELECT s.organization_id, s.invoice_id, i.number AS invoice_number, s.attempt, s.upload_index,
    coalesce(a.status, CASE WHEN s.upload_index IS NULL THEN 'unknown' ELSE 'processing' END) AS status,
    a.response_code, s.sha256 AS xml_sha256, a.sha256 AS answer_sha256, s.recorded_at AS submitted_at,
    a.recorded_at AS answered_at
FROM read.efactura_list s
LEFT JOIN read.invoice_list i USING (invoice_id)
LEFT JOIN LATERAL (
    SELECT * FROM read.efactura_list e
    WHERE e.kind = 'acknowledged' AND e.invoice_id = s.invoice_id AND e.upload_index = s.upload_index
      AND e.position > s.position
    ORDER BY e.position DESC LIMIT 1
) a ON true
WHERE s.kind = 'submitted';

COMMENT ON VIEW bi.efactura_submissions IS 'One row per attempt to file an invoice with e-Factura, with its last answer';
COMMENT ON COLUMN bi.efactura_submissions.organization_id IS 'The seller';
COMMENT ON COLUMN bi.efactura_submissions.invoice_id IS 'The invoice';
COMMENT ON COLUMN bi.efactura_submissions.invoice_number IS 'Its legal number';
COMMENT ON COLUMN bi.efactura_submissions.attempt IS 'First, second, third attempt: 1, 2, 3';
COMMENT ON COLUMN bi.efactura_submissions.upload_index IS 'Index given by ANAF; null when the outcome of the upload is not known';
COMMENT ON COLUMN bi.efactura_submissions.status IS 'processing, unknown, ok or nok';
COMMENT ON COLUMN bi.efactura_submissions.response_code IS 'Response code of the answer';
COMMENT ON COLUMN bi.efactura_submissions.xml_sha256 IS 'SHA-256 of the XML submitted';
COMMENT ON COLUMN bi.efactura_submissions.answer_sha256 IS 'SHA-256 of the sealed answer';
COMMENT ON COLUMN bi.efactura_submissions.submitted_at IS 'When the attempt was recorded';
COMMENT ON COLUMN bi.efactura_submissions.answered_at IS 'When the answer was recorded';

CREATE OR REPLACE VIEW bi.events AS
SELECT e.notification_id AS position, e.organization_id, e.originator_id AS stream_id,
    e.originator_version AS version, split_part(e.topic, '/', 1) AS type,
    split_part(e.topic, '/', 2)::integer AS type_version, (j.stored -> 'meta' ->> 'at')::timestamptz AS recorded_at,
    j.stored -> 'meta' -> 'actor' ->> 'kind' AS actor_kind, j.stored -> 'meta' -> 'actor' ->> 'id' AS actor_id,
    j.stored -> 'meta' -> 'actor' ->> 'name' AS actor_name, j.stored -> 'meta' ->> 'command_id' AS command_id,
    j.stored -> 'meta' ->> 'correlation_id' AS correlation_id, j.stored -> 'meta' ->> 'reason' AS reason,
    j.stored -> 'fact' AS fact, j.stored -> 'meta' AS meta
FROM izvor.events e
CROSS JOIN LATERAL (SELECT replace(convert_from(e.state, 'UTF8'), '\u0000', '\ufffd')::jsonb AS stored) j;

COMMENT ON VIEW bi.events IS 'Every recorded fact, in the order of recording, for auditors; facts are never changed or deleted';
COMMENT ON COLUMN bi.events.position IS 'Place in the feed: 1, 2, 3 without holes';
COMMENT ON COLUMN bi.events.organization_id IS 'The seller';
COMMENT ON COLUMN bi.events.stream_id IS 'What the fact is about: invoice, payment, credit note, series, customer or organization';
COMMENT ON COLUMN bi.events.version IS 'Place among the facts of its stream: 1, 2, 3 without holes';
COMMENT ON COLUMN bi.events.type IS 'Kind of fact, such as invoice.sent';
COMMENT ON COLUMN bi.events.type_version IS 'Version of the shape of the fact';
COMMENT ON COLUMN bi.events.recorded_at IS 'When it was recorded';
COMMENT ON COLUMN bi.events.actor_kind IS 'Who caused it: user, token, worker or system';
COMMENT ON COLUMN bi.events.actor_id IS 'Identity of who caused it';
COMMENT ON COLUMN bi.events.actor_name IS 'Name of who caused it';
COMMENT ON COLUMN bi.events.command_id IS 'Facts of one command share it';
COMMENT ON COLUMN bi.events.correlation_id IS 'Facts that one request led to share it';
COMMENT ON COLUMN bi.events.reason IS 'Why, where somebody said so';
COMMENT ON COLUMN bi.events.fact IS 'The fact as JSON, as written';
COMMENT ON COLUMN bi.events.meta IS 'The rest of what was recorded with it';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'izvor_bi') THEN
        CREATE ROLE izvor_bi NOLOGIN;
    END IF;
EXCEPTION
    WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN
        NULL;  -- an operator with the right to make roles makes it; or another installation just has
END $$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'izvor_bi') THEN
        GRANT USAGE ON SCHEMA bi TO izvor_bi;
        GRANT SELECT ON ALL TABLES IN SCHEMA bi TO izvor_bi;
    END IF;
END $$;

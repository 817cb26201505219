-- Questions between read models at the same position. Each returns rows of (subject, detail) when something is wrong.

-- check: paid and credited and balance
SELECT 'invoice ' || l.invoice_id, format('gross %s, paid %s, credited %s, balance %s', l.gross, l.paid, l.credited, l.balance)
FROM read.invoice_list l JOIN read.invoice_detail d USING (invoice_id)
WHERE l.phase = 'sent' AND (
    l.paid + l.credited + l.balance <> l.gross OR l.balance < 0
    OR l.paid <> (d.state -> 'paid' ->> 'minor')::bigint OR l.credited <> (d.state -> 'credited' ->> 'minor')::bigint
    OR l.gross <> (d.state -> 'sent' -> 'totals' -> 'gross' ->> 'minor')::bigint);

-- check: movements and balances
SELECT 'invoice ' || l.invoice_id, 'balance ' || l.balance || ', movements add up to ' || coalesce(m.total, 0)
FROM read.invoice_list l
LEFT JOIN (SELECT invoice_id, sum(amount_minor) AS total FROM read.receivable_movement GROUP BY invoice_id) m
    USING (invoice_id)
WHERE l.phase = 'sent' AND l.balance <> coalesce(m.total, 0);

-- check: customer credit
SELECT 'customer ' || customer_id || ' ' || currency, 'movements say ' || coalesce(m.credit, 0) || ', documents ' || coalesce(d.credit, 0)
FROM (SELECT organization_id, customer_id, currency, -sum(amount_minor) AS credit FROM read.receivable_movement
      WHERE invoice_id IS NULL GROUP BY 1, 2, 3) m
FULL JOIN (SELECT organization_id, customer_id, currency, sum(credit) AS credit
      FROM (SELECT organization_id, customer_id, currency, unallocated AS credit FROM read.payment_list
            UNION ALL
            SELECT organization_id, customer_id, currency, unapplied FROM read.credit_note_list) c
      GROUP BY 1, 2, 3) d USING (organization_id, customer_id, currency)
WHERE coalesce(m.credit, 0) <> coalesce(d.credit, 0);

-- check: payments and credit notes
SELECT 'payment ' || payment_id, format('amount %s, allocated %s, unallocated %s, refunded %s', amount, allocated, unallocated, refunded)
FROM read.payment_list
WHERE allocated < 0 OR unallocated < 0 OR refunded < 0
    OR (reversed_on IS NULL AND allocated + unallocated + refunded <> amount)
    OR allocated <> (SELECT coalesce(sum((a -> 'amount' ->> 'minor')::bigint), 0) FROM jsonb_array_elements(allocations) a)
UNION ALL
SELECT 'credit note ' || credit_note_id, format('gross %s, applied %s, unapplied %s, refunded %s', gross, applied, unapplied, refunded)
FROM read.credit_note_list
WHERE applied < 0 OR unapplied < 0 OR refunded < 0 OR applied + unapplied + refunded <> gross
    OR applied <> (SELECT coalesce(sum((a -> 'amount' ->> 'minor')::bigint), 0) FROM jsonb_array_elements(allocations) a);

-- check: ageing
SELECT 'organization ' || organization_id || ' ' || a.currency, 'buckets add up to ' || buckets || ', receivable is ' || receivable
FROM (SELECT organization_id, currency, sum(amount) AS receivable FROM bi.receivable_movements GROUP BY 1, 2) m
JOIN (SELECT organization_id, currency,
          sum(not_due + days_1_30 + days_31_60 + days_61_90 + days_91_plus + unapplied) AS buckets, sum(balance) AS balance
      FROM bi.ar_aging_at('9999-12-31') GROUP BY 1, 2) a USING (organization_id, currency)
WHERE buckets <> receivable OR a.balance <> receivable;

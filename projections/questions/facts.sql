-- Questions about the recorded facts alone. Each returns rows of (subject, detail) when something is wrong.

-- check: positions
SELECT 'position ' || notification_id, 'follows ' || before || ': positions between are missing'
FROM (SELECT notification_id, lag(notification_id, 1, 0::bigint) OVER (ORDER BY notification_id) AS before
      FROM izvor.events) p
WHERE notification_id <> before + 1;

-- check: versions
SELECT 'stream ' || originator_id, count(*) || ' facts, versions ' || min(originator_version) || ' to ' || max(originator_version)
FROM izvor.events GROUP BY originator_id
HAVING min(originator_version) <> 1 OR max(originator_version) <> count(*);

-- check: number series
SELECT 'series ' || prefix || ' (' || document || ') of ' || organization_id,
    'number ' || value || ' comes after ' || coalesce(before::text, 'the beginning')
FROM (
    SELECT organization_id, fact -> 'series' ->> 'prefix' AS prefix, fact -> 'series' ->> 'document' AS document,
        (fact ->> 'value')::bigint AS value, (fact -> 'series' ->> 'first')::bigint AS first_value,
        lag((fact ->> 'value')::bigint) OVER (PARTITION BY stream_id ORDER BY version) AS before
    FROM bi.events WHERE type = 'number_series.number_allocated'
) n
WHERE value <> coalesce(before + 1, first_value)
ORDER BY 1, value;

-- check: numbers and documents
WITH given AS (
    SELECT fact ->> 'document_id' AS document_id, fact ->> 'number' AS number, position
    FROM bi.events WHERE type = 'number_series.number_allocated'
), used AS (
    SELECT stream_id::text AS document_id, fact ->> 'number' AS number, position
    FROM bi.events WHERE type IN ('invoice.sent', 'credit_note.issued', 'proforma.sent')
)
SELECT 'number ' || number, CASE WHEN used.position IS NULL THEN 'was given, but no document has it'
    ELSE 'is on a document, but was never given' END
FROM given FULL JOIN used USING (document_id, number)
WHERE given.position IS NULL OR used.position IS NULL
ORDER BY 1;

-- check: erased customers
SELECT customer_id::text, 'was erased, and its key is back: run izvor migrate'
FROM izvor_keys.erased JOIN izvor_keys.customer_key USING (customer_id)
ORDER BY 1;

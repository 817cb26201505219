-- A key for each customer whose personal data are recorded, and the list of those that were erased. A schema of its own, so
-- that its backups can be apart from all others and short-lived: an old backup of a key undoes an erasure.

CREATE SCHEMA izvor_keys;

CREATE TABLE izvor_keys.customer_key (
    customer_id     uuid  PRIMARY KEY,
    organization_id uuid  NOT NULL,
    wrapped         bytea NOT NULL              -- AES-256-GCM under a key that follows from IZVOR_SECRET_KEY
) WITH (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);  -- what is deleted leaves the disk soon

CREATE TABLE izvor_keys.erased (
    customer_id     uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    erased_at       timestamptz NOT NULL
);

-- The fact that a customer is erased and the end of the key are one transaction, however the fact comes in.
CREATE FUNCTION izvor_keys.destroy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7305809, 2);
    INSERT INTO izvor_keys.erased (customer_id, organization_id, erased_at)
    VALUES (NEW.originator_id, NEW.organization_id, clock_timestamp())
    ON CONFLICT (customer_id) DO NOTHING;
    DELETE FROM izvor_keys.customer_key WHERE customer_id = NEW.originator_id;
    RETURN NULL;
END $$;

CREATE TRIGGER erasure_destroys_the_key AFTER INSERT ON izvor.events
    FOR EACH ROW WHEN (NEW.topic LIKE 'customer.personal_data_erased/%') EXECUTE FUNCTION izvor_keys.destroy();

-- Which streams hold something sealed under the key of a customer: what read models have to fold anew.
CREATE INDEX events_sealed ON izvor.events (substring(state FROM 18 FOR 36))
    WHERE substring(state FROM 1 FOR 17) = '{"sealed":{"of":"'::bytea;

CREATE INDEX events_erasures ON izvor.events (originator_id) WHERE topic LIKE 'customer.personal_data_erased/%';

-- After a restore, facts, keys and list may be of different days: nothing comes back that was erased by one of them.
-- Returns the customers on the list whose facts are from before: their erasure has to be recorded again.
CREATE FUNCTION izvor_keys.settle() RETURNS TABLE (organization_id uuid, customer_id uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO izvor_keys.erased (customer_id, organization_id, erased_at)
    SELECT e.originator_id, e.organization_id, clock_timestamp()
    FROM izvor.events e WHERE e.topic LIKE 'customer.personal_data_erased/%'
    ON CONFLICT DO NOTHING;
    DELETE FROM izvor_keys.customer_key k USING izvor_keys.erased e WHERE k.customer_id = e.customer_id;
    RETURN QUERY
        SELECT e.organization_id, e.customer_id FROM izvor_keys.erased e
        WHERE EXISTS (SELECT FROM izvor.events f WHERE f.originator_id = e.customer_id)
          AND NOT EXISTS (SELECT FROM izvor.events f WHERE f.originator_id = e.customer_id
              AND f.topic LIKE 'customer.personal_data_erased/%');
END $$;

-- The two things that a process asks before it starts, whatever it may see: whether there is nothing to settle, and one
-- key, to try its own secret on.
CREATE FUNCTION izvor_keys.is_settled() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO pg_catalog, pg_temp AS $$
BEGIN
    RETURN NOT EXISTS (SELECT FROM izvor_keys.erased e JOIN izvor_keys.customer_key k USING (customer_id))
        AND NOT EXISTS (SELECT FROM izvor.events f WHERE f.topic LIKE 'customer.personal_data_erased/%'
            AND NOT EXISTS (SELECT FROM izvor_keys.erased e WHERE e.customer_id = f.originator_id))
        AND NOT EXISTS (SELECT FROM izvor_keys.erased e
            WHERE EXISTS (SELECT FROM izvor.events f WHERE f.originator_id = e.customer_id)
              AND NOT EXISTS (SELECT FROM izvor.events f WHERE f.originator_id = e.customer_id
                  AND f.topic LIKE 'customer.personal_data_erased/%'));
END $$;

CREATE FUNCTION izvor_keys.sample() RETURNS TABLE (customer_id text, wrapped bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT k.customer_id::text, k.wrapped FROM izvor_keys.customer_key k LIMIT 1;
END $$;

-- Recording a command in one call, keys of customers included.

-- The keys that something is sealed under are those of their customers when it is written: made where there were none, never
-- for an erased customer. Whoever sealed with another one, or with one that was destroyed meanwhile, is refused and seals anew.
CREATE FUNCTION izvor_keys.keep(p_organization uuid, p_customers uuid[], p_wrapped bytea[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7305809, 2);
    FOR n IN 1 .. cardinality(p_customers) LOOP
        CONTINUE WHEN p_wrapped[n] =
            (SELECT k.wrapped FROM izvor_keys.customer_key k WHERE k.customer_id = p_customers[n]);
        INSERT INTO izvor_keys.customer_key (customer_id, organization_id, wrapped)
        SELECT p_customers[n], p_organization, p_wrapped[n]
        WHERE NOT EXISTS (SELECT FROM izvor_keys.erased e WHERE e.customer_id = p_customers[n])
        ON CONFLICT (customer_id) DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this is not the key of customer %', p_customers[n]
                USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
    END LOOP;
END $$;

-- Records the events of one command. Two transactions in one call: the first writes under the append lock and commits
-- without waiting for the disk, so that the lock is held for microseconds and insert order is commit order; the second
-- is empty but for a log record, commits with the session's synchronous_commit, and so returns only when the first is
-- on disk. Many callers wait for the disk together. Who has something to do before waits by itself (p_wait).
-- Positions are dense: each takes the next integer after the largest that is committed.
CREATE PROCEDURE izvor.record(
    p_organization uuid, p_streams uuid[], p_versions bigint[], p_topics text[], p_states bytea[],
    p_key text, p_fingerprint bytea, p_status smallint, p_answer bytea, p_stream uuid, p_version bigint,
    p_customers uuid[], p_wrapped bytea[], p_wait boolean, INOUT p_position bigint
) LANGUAGE plpgsql AS $$
DECLARE
    before bigint;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM pg_advisory_xact_lock(7305809, 1);
    IF cardinality(p_customers) > 0 THEN
        PERFORM izvor_keys.keep(p_organization, p_customers, p_wrapped);
    END IF;
    before := izvor.head();
    p_position := before + cardinality(p_streams);
    IF p_key IS NOT NULL THEN
        INSERT INTO izvor.idempotency (organization_id, key, fingerprint, status, answer, stream_id, version, position)
        VALUES (p_organization, p_key, p_fingerprint, p_status, p_answer, p_stream, p_version, p_position);
    END IF;
    IF cardinality(p_streams) > 0 THEN
        INSERT INTO izvor.events
        SELECT e.stream, e.version, e.topic, e.state, before + e.n, p_organization
        FROM unnest(p_streams, p_versions, p_topics, p_states) WITH ORDINALITY AS e (stream, version, topic, state, n);
        NOTIFY izvor_events;
    END IF;
    COMMIT;
    IF p_wait THEN
        PERFORM pg_logical_emit_message(true, 'izvor', '');
    END IF;
END $$;

-- The event store and what must be atomic with it. Columns of `events` keep the names of the event library, so that its
-- own tools can read the table; `bi.events` gives them the names that auditors use.

CREATE SCHEMA IF NOT EXISTS izvor;

CREATE TABLE izvor.events (
    originator_id      uuid   NOT NULL,           -- stream
    originator_version bigint NOT NULL,           -- 1, 2, 3 ... within the stream
    topic              text   NOT NULL,           -- wire name and version, such as invoice.sent/1
    state              bytea  NOT NULL,           -- JSON, exactly as written
    notification_id    bigint NOT NULL,           -- position: 1, 2, 3 ... over all streams, in commit order
    organization_id    uuid   NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05);

CREATE UNIQUE INDEX events_position ON izvor.events (notification_id);
CREATE INDEX events_organization ON izvor.events (organization_id, notification_id);

CREATE INDEX events_new_organizations ON izvor.events (notification_id) WHERE topic LIKE 'organization.registered/%';

CREATE FUNCTION izvor.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'recorded facts are never changed or deleted (% on %)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER events_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON izvor.events
    FOR EACH STATEMENT EXECUTE FUNCTION izvor.refuse_change();

-- The position of the newest fact of all organizations: also for those who may see the facts of one only.
CREATE FUNCTION izvor.head() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(max(notification_id), 0) FROM izvor.events);
END $$;

-- One row per client key: what was asked (fingerprint) and what was answered, kept for ever beside the events.
CREATE TABLE izvor.idempotency (
    organization_id uuid        NOT NULL,
    key             text        NOT NULL,
    fingerprint     bytea       NOT NULL,         -- of method, path and body, blinded with the secret key
    status          smallint    NOT NULL,         -- HTTP status of the first answer
    answer          bytea       NOT NULL,         -- its body, without the position
    stream_id       uuid        NOT NULL,
    version         bigint      NOT NULL,
    position        bigint      NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, key)
);

CREATE TRIGGER idempotency_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON izvor.idempotency
    FOR EACH STATEMENT EXECUTE FUNCTION izvor.refuse_change();

-- Small integers by which people know documents, one run per organization and kind; holes are harmless here (legal
-- numbers live in number series). The disk is not waited for: the fact that uses the integer follows it in the log.
CREATE TABLE izvor.reference (
    organization_id uuid   NOT NULL,
    kind            text   NOT NULL,
    last            bigint NOT NULL,
    PRIMARY KEY (organization_id, kind)
) WITH (fillfactor = 50);

CREATE FUNCTION izvor.next_reference(p_organization uuid, p_kind text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    given bigint;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO izvor.reference AS r VALUES (p_organization, p_kind, 1)
    ON CONFLICT (organization_id, kind) DO UPDATE SET last = r.last + 1
    RETURNING r.last INTO given;
    RETURN given;
END $$;

-- The clock of a sandbox: `instant` was set at `set_at` of the machine's clock, and goes on from there.
CREATE TABLE izvor.test_clock (
    only_row boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    instant  timestamptz NOT NULL,
    set_at   timestamptz NOT NULL
);

-- How far the relay has published, a topic a row. A hint that may be behind: the ends of the partitions say more.

CREATE TABLE work.relay (
    topic    text        PRIMARY KEY,
    topic_id text        NOT NULL,              -- as Kafka names it: a topic that was made anew has another one
    position bigint      NOT NULL,              -- everything up to it was acknowledged
    digest   bytea       NOT NULL,              -- SHA-256 of the fact there, which must be the one in the store
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

COMMENT ON TABLE work.relay IS 'Publication of the facts to Kafka, and how far it has come';

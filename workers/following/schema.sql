-- How far each follower of the facts has come: moved in the transaction that does its work, so that the two cannot part.

CREATE TABLE work.follower (
    name        text        NOT NULL,            -- who follows
    origin      text        NOT NULL,            -- what it reads: 'store', or a partition such as izvor.events/3
    position    bigint      NOT NULL,            -- of the last fact that it took from there
    next_offset bigint,                          -- where a partition goes on; a hint, the position decides
    moved_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, origin)
);

COMMENT ON TABLE work.follower IS 'Followers of the facts, and how far each has come';

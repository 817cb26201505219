-- Where read models live, and how far each has come. Their tables are no steps of a migration: they are made from the
-- facts by `projections.install` and `projections.rebuild`, and can be thrown away at any time.

CREATE SCHEMA IF NOT EXISTS read;

CREATE TABLE read.position (
    model      text        PRIMARY KEY,
    position   bigint      NOT NULL DEFAULT 0,     -- the last fact in its rows; committed together with them
    shape      text        NOT NULL,               -- version and fingerprint of the code that made its tables
    error      text,                               -- why it was halted; null when it is well
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

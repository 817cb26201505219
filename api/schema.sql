-- API tokens. Only a digest is kept: who reads this table cannot use what is in it.
CREATE TABLE izvor.token (
    token_id        text        PRIMARY KEY,      -- the public part, printed in lists
    organization_id uuid        NOT NULL,
    role            text        NOT NULL CHECK (role IN ('admin', 'clerk', 'sales', 'auditor', 'bi')),
    name            text        NOT NULL,
    digest          bytea       NOT NULL CHECK (length(digest) = 32),  -- SHA-256 of the secret part (256 random bits)
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz,
    revoked_at      timestamptz
);

-- One token by its public part. The API may ask about each that it is shown, and cannot list them.
CREATE FUNCTION izvor.find_token(p_token_id text) RETURNS SETOF izvor.token
LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO pg_catalog, pg_temp AS $$
    SELECT * FROM izvor.token WHERE token_id = p_token_id
$$;
REVOKE ALL ON FUNCTION izvor.find_token(text) FROM PUBLIC;

-- What each token may still ask (api/entrance/limits.py). Unlogged: a crash empties it, and no commit waits for it.
CREATE UNLOGGED TABLE izvor.allowance (
    token_id   text             PRIMARY KEY,
    requests   double precision NOT NULL,         -- left when it was last counted
    drawn      double precision NOT NULL,         -- by the process that counted last
    counted_at timestamptz      NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

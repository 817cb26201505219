-- Small functions of the read side; made anew at every installation, so that they may change.

-- An amount in minor units as a decimal in major units, with the digits of its currency (ISO 4217).
CREATE OR REPLACE FUNCTION read.major(amount bigint, currency text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN currency IN ('CLP', 'ISK', 'JPY', 'KRW', 'UGX', 'VND', 'XAF', 'XOF') THEN amount::numeric
        WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'OMR', 'TND') THEN amount * 0.001
        ELSE amount * 0.01
    END
$$;

-- The present instant, by the clock of the sandbox where there is one.
CREATE OR REPLACE FUNCTION read.now() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO pg_catalog AS $$
    SELECT coalesce((SELECT instant + (clock_timestamp() - set_at) FROM izvor.test_clock), now())
$$;

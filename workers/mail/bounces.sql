-- A mail that comes back names itself by its Message-ID, whose first part follows from what was to be done.
CREATE FUNCTION work.mail_digest(effect_key text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(encode(sha256(convert_to(effect_key, 'UTF8')), 'hex'), 32)
$$;

CREATE INDEX job_mail ON work.job (work.mail_digest(effect_key)) WHERE destination = 'mail';

COMMENT ON FUNCTION work.mail_digest(text) IS 'The first part of the Message-ID of the mail that a job sends';

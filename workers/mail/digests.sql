-- Under row-level security the server looks into an index on a function for nobody but who sees all rows, unless it was
-- told to trust the function; into one on a column it looks for everybody.
ALTER TABLE work.job ADD COLUMN mail_digest text
    GENERATED ALWAYS AS (CASE WHEN destination = 'mail' THEN work.mail_digest(effect_key) END) STORED;

DROP INDEX work.job_mail;
CREATE INDEX job_mail ON work.job (mail_digest) WHERE mail_digest IS NOT NULL;

COMMENT ON COLUMN work.job.mail_digest IS 'The first part of the Message-ID of the mail that it sends; null: it sends none';

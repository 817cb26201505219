-- Documents (papers, logos), each kept once, byte for byte, under the digest of its bytes. Facts name them by it; the
-- organization is part of the key, so that what two sellers have in common is nobody's secret.

CREATE TABLE izvor.artifact (
    organization_id uuid        NOT NULL,
    sha256          bytea       NOT NULL,
    media_type      text        NOT NULL,
    content         bytea       NOT NULL CHECK (sha256 = sha256(content)),
    kept_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, sha256)
);

ALTER TABLE izvor.artifact ALTER COLUMN content SET STORAGE EXTERNAL;  -- they are compressed already

CREATE TRIGGER artifacts_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON izvor.artifact
    FOR EACH STATEMENT EXECUTE FUNCTION izvor.refuse_change();

COMMENT ON TABLE izvor.artifact IS 'Documents that facts name by their SHA-256, kept byte for byte';

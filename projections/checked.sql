-- When everything was checked (`izvor check`), and how much was found: so that whoever watches learns of a finding, and
-- of nobody having looked for long. A check that failed is not here; one that met facts which cannot be opened folded no
-- further, and has that as a finding.
CREATE TABLE read.checked (
    number     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    checked_at timestamptz NOT NULL,              -- facts recorded since then were not looked at
    findings   integer     NOT NULL
);

COMMENT ON TABLE read.checked IS 'Checks of facts and read models against each other, and how many findings each had';

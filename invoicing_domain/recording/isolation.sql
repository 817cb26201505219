-- Who sees whose rows. Run again at every installation and whenever tables were made: does only what is missing.
--
-- izvor_app  the API: the rows of one organization, named by the session's setting izvor.organization; none without it.
-- izvor_all  projections, workers, operators: the rows of every organization. The owner of the tables is a member of it,
--            because FORCE holds for owners too.
--
-- The roles are made by `izvor migrate`; where it may not make them, or not make the owner a member, nothing happens here
-- and the API refuses to start.
DO $$
DECLARE
    target record;
BEGIN
    IF to_regrole('izvor_app') IS NULL OR pg_has_role(to_regrole('izvor_all'), 'USAGE') IS NOT TRUE THEN
        RETURN;
    END IF;

    FOR target IN
        SELECT c.oid::regclass AS name
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ('izvor', 'izvor_keys', 'read', 'work')
        WHERE c.relkind IN ('r', 'p')
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity
              AND 2 = (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname IN ('one', 'every')))
    LOOP
        EXECUTE format('DROP POLICY IF EXISTS one ON %s', target.name);
        EXECUTE format('DROP POLICY IF EXISTS every ON %s', target.name);
        -- A sub-select is worked out once for a statement, not once for each row.
        EXECUTE format('CREATE POLICY one ON %s TO izvor_app USING (organization_id = '
            '(SELECT nullif(current_setting(''izvor.organization'', true), '''')::uuid))', target.name);
        EXECUTE format('CREATE POLICY every ON %s TO izvor_all USING (true)', target.name);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target.name);
    END LOOP;

    FOR target IN
        SELECT format('GRANT %s ON TABLE %s TO %I', string_agg(w.privilege, ', '), c.oid::regclass, w.role) AS statement
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN (VALUES
            ('izvor', 'izvor_app', '{SELECT,INSERT,UPDATE}'::text[]),
            ('izvor', 'izvor_all', '{SELECT,INSERT,UPDATE}'),
            ('izvor_keys', 'izvor_app', '{SELECT,INSERT}'),
            ('izvor_keys', 'izvor_all', '{SELECT,INSERT,DELETE}'),
            ('read', 'izvor_app', '{SELECT}'),
            ('read', 'izvor_all', '{SELECT,INSERT,UPDATE,DELETE}'),
            ('work', 'izvor_app', '{SELECT}'),
            ('work', 'izvor_all', '{SELECT,INSERT,UPDATE,DELETE}')
        ) AS v (schema, role, privileges) ON v.schema = n.nspname
        CROSS JOIN LATERAL unnest(v.privileges) AS u (privilege)
        CROSS JOIN LATERAL (SELECT v.role, u.privilege) AS w
        WHERE c.relkind IN ('r', 'p')
          AND NOT (c.relname IN ('events', 'idempotency', 'artifact') AND w.privilege = 'UPDATE')
          AND NOT (c.relname = 'schema_step' AND w.privilege <> 'SELECT')
          AND NOT (c.relname = 'token' AND w.role = 'izvor_app')   -- the API asks izvor.find_token about one at a time
          AND NOT (n.nspname = 'work' AND w.role = 'izvor_app' AND c.relname NOT IN ('job', 'attempt'))
          AND NOT has_table_privilege(w.role, c.oid, w.privilege)
        GROUP BY c.oid, w.role
        UNION ALL
        SELECT format('GRANT USAGE ON SCHEMA %I TO %I', n.nspname, r.role)
        FROM pg_namespace n, (VALUES ('izvor_app'), ('izvor_all')) AS r (role)
        WHERE n.nspname IN ('izvor', 'izvor_keys', 'read', 'work')
          AND NOT has_schema_privilege(r.role, n.oid, 'USAGE')
        UNION ALL
        SELECT format('GRANT EXECUTE ON FUNCTION %s TO izvor_app, izvor_all', f)
        FROM to_regprocedure('izvor.find_token(text)') AS f
        WHERE f IS NOT NULL AND NOT has_function_privilege('izvor_app', f, 'EXECUTE')
    LOOP
        EXECUTE target.statement;
    END LOOP;
END $$;

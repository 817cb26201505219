-- Two roles that own nothing; roles belong to the whole server, so another installation may have made them.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['izvor_app', 'izvor_all'] LOOP
        BEGIN
            IF to_regrole(wanted) IS NULL THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
                -- COPY knows no row-level security: the projections write faster as a role that is exempt from it.
                IF wanted = 'izvor_all' AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
                    ALTER ROLE izvor_all BYPASSRLS;
                END IF;
            END IF;
        EXCEPTION
            WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN
                NULL;  -- an operator with the right to make roles makes it; or another installation just has
        END;
        BEGIN
            IF to_regrole(wanted) IS NOT NULL AND NOT pg_has_role(current_user, wanted, 'USAGE') THEN
                EXECUTE format('GRANT %I TO %I', wanted, current_user);
            END IF;
        EXCEPTION
            WHEN insufficient_privilege THEN
                NULL;
        END;
    END LOOP;
END $$;

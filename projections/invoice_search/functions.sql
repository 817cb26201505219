-- Questions that need an operator which the planner does not trust under row-level security (any of them could tell of a
-- row by raising an error): they run with the rights of the owner, and keep to the caller's organization themselves.

-- Whether the caller may see an organization: by its rights, or because its session works for it.
CREATE OR REPLACE FUNCTION read.may_see(organization uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT to_regrole('izvor_all') IS NULL
        OR pg_has_role(coalesce(nullif(current_setting('role', true), 'none'), session_user), to_regrole('izvor_all'), 'MEMBER')
        OR coalesce(organization = nullif(current_setting('izvor.organization', true), '')::uuid, false)
$$;

-- Invoices on which the words are, newest first.
CREATE OR REPLACE FUNCTION read.invoices_with(organization uuid, wanted tsquery, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO pg_catalog SET plan_cache_mode TO force_custom_plan AS $$
BEGIN
    IF read.may_see(organization) THEN
        RETURN QUERY SELECT s.invoice_id FROM read.invoice_search s
            WHERE s.organization_id = organization AND s.words @@ wanted ORDER BY s.reference DESC LIMIT most;
    END IF;
END $$;

-- For each word that no known word begins with: the known words that are written most like it.
CREATE OR REPLACE FUNCTION read.words_like(organization uuid, wanted text[]) RETURNS TABLE (meant text, word text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO pg_catalog SET plan_cache_mode TO force_custom_plan AS $$
DECLARE
    one text;
BEGIN
    IF NOT read.may_see(organization) THEN
        RETURN;
    END IF;
    FOREACH one IN ARRAY wanted LOOP
        CONTINUE WHEN EXISTS (SELECT FROM read.invoice_word w WHERE w.organization_id = organization
            AND w.word >= one AND w.word < one || U&'\+10FFFF');
        RETURN QUERY SELECT one, w.word FROM read.invoice_word w
            WHERE w.organization_id = organization AND w.word OPERATOR(public.%) one
              AND public.similarity(w.word, one) >= 0.4
            ORDER BY public.similarity(w.word, one) DESC, w.word LIMIT 5;
    END LOOP;
END $$;

-- Questions that need an operator which the planner does not trust under row-level security (any of them could tell of a
-- row by raising an error): they run with the rights of the owner, and keep to the caller's organization themselves.

-- Whether the caller may see an organization: by its rights, or because its session works for it.
CREATE OR REPLACE FUNCTION read.may_see(organization uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT to_regrole('izvor_all') IS NULL
        OR pg_has_role(coalesce(nullif(current_setting('role', true), 'none'), session_user), to_regrole('izvor_all'), 'MEMBER')
        OR coalesce(organization = nullif(current_setting('izvor.organization', true), '')::uuid, false)
$$;

-- Invoices on which the words are: the newest first, or any of them. The planner cannot know how rare a beginning of a
-- word is, so it is not asked: the newest with common words are met among the newest of all (among ten times as many, when
-- some of these have them), and for everything else the index of words is short reading.
DROP FUNCTION IF EXISTS read.invoices_with(uuid, tsquery, integer);
CREATE OR REPLACE FUNCTION read.invoices_with(organization uuid, wanted tsquery, most integer, newest boolean)
RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO pg_catalog
SET plan_cache_mode TO force_custom_plan SET enable_indexscan TO on SET enable_seqscan TO on AS $$
DECLARE
    found uuid[];
    newest_rows integer;
BEGIN
    IF NOT read.may_see(organization) THEN
        RETURN;
    END IF;
    FOREACH newest_rows IN ARRAY CASE WHEN newest THEN '{2000,20000}'::integer[] ELSE '{}' END LOOP
        found := ARRAY(
            SELECT s.invoice_id FROM (
                SELECT n.invoice_id, n.words, n.reference FROM read.invoice_search n
                WHERE n.organization_id = organization ORDER BY n.reference DESC LIMIT newest_rows
            ) s WHERE s.words @@ wanted ORDER BY s.reference DESC LIMIT most);
        IF cardinality(found) = most THEN
            RETURN QUERY SELECT unnest(found);
            RETURN;
        END IF;
        EXIT WHEN cardinality(found) * 10 < most;
    END LOOP;
    PERFORM set_config('enable_indexscan', 'off', true), set_config('enable_seqscan', 'off', true);
    IF newest THEN
        RETURN QUERY SELECT s.invoice_id FROM read.invoice_search s
            WHERE s.organization_id = organization AND s.words @@ wanted ORDER BY s.reference DESC LIMIT most;
    ELSE
        RETURN QUERY SELECT s.invoice_id FROM read.invoice_search s
            WHERE s.organization_id = organization AND s.words @@ wanted LIMIT most;
    END IF;
END $$;

-- For each word what it means: itself, if it is known; all that begins with it (no row), if there is any; else the known
-- words that are written most like it. Beginnings are long reading for the index of words, whole words short.
DROP FUNCTION IF EXISTS read.words_like(uuid, text[]);
CREATE OR REPLACE FUNCTION read.words_meant(organization uuid, wanted text[]) RETURNS TABLE (typed text, word text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO pg_catalog SET plan_cache_mode TO force_custom_plan AS $$
DECLARE
    one text;
    nearest text;
BEGIN
    IF NOT read.may_see(organization) THEN
        RETURN;
    END IF;
    FOREACH one IN ARRAY wanted LOOP
        nearest := (SELECT w.word FROM read.invoice_word w WHERE w.organization_id = organization AND w.customer_key = ''
            AND w.word >= one AND w.word < one || U&'\+10FFFF' ORDER BY w.word LIMIT 1);
        IF nearest = one THEN
            RETURN QUERY SELECT one, one;
        ELSIF nearest IS NULL AND length(one) >= 4 THEN
            RETURN QUERY SELECT one, w.word FROM read.invoice_word w
                WHERE w.organization_id = organization AND w.customer_key = '' AND w.word OPERATOR(public.%) one
                  AND public.similarity(w.word, one) >= 0.4
                ORDER BY public.similarity(w.word, one) DESC, w.word LIMIT 5;
        END IF;
    END LOOP;
END $$;

-- For each word: the known words that it is a part of, and those that it begins.
DROP FUNCTION IF EXISTS read.words_containing(uuid, text[]);
CREATE OR REPLACE FUNCTION read.words_containing(organization uuid, wanted text[])
RETURNS TABLE (typed text, word text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO pg_catalog SET plan_cache_mode TO force_custom_plan AS $$
DECLARE
    one text;
BEGIN
    IF NOT read.may_see(organization) THEN
        RETURN;
    END IF;
    FOREACH one IN ARRAY wanted LOOP  -- so many for each as fit in a tsquery
        RETURN QUERY SELECT one, w.word FROM read.invoice_word w
            WHERE w.organization_id = organization AND w.customer_key = ''
              AND w.word LIKE '%' || one || '%' ORDER BY w.word LIMIT 100;
    END LOOP;
END $$;

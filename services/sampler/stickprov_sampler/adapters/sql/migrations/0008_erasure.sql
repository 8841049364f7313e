-- Lets a statement void its transaction: what was decided does not hold any more, and is decided anew.
CREATE FUNCTION vault.nothing_else(found boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF found THEN
        RAISE EXCEPTION 'something came in between' USING ERRCODE = 'serialization_failure';
    END IF;
END
$$;

-- The room of erased rows is given back at once where the server knows the right to do so (PostgreSQL 17 and later);
-- elsewhere the server's own cleaning does it a little later.
DO $$
BEGIN
    IF current_setting('server_version_num')::int >= 170000 THEN
        GRANT MAINTAIN ON vault.identity, vault.drawn_case, vault.frame_key, vault.series_key, vault.staff, note
            TO {service_role};
    END IF;
END
$$;

-- name: close_to_others
-- Takes from everybody what PostgreSQL gives everybody, and gives the service its part of it. Changes nothing, catalog
-- rows included, where that is done. {service_role} and {service_literal} are the service's role, quoted.
DO $$
DECLARE
    place text;
BEGIN
    IF has_database_privilege('public', current_database(), 'CONNECT')
        OR has_database_privilege('public', current_database(), 'TEMPORARY') THEN
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
    IF NOT has_database_privilege({service_literal}, current_database(), 'CONNECT') THEN
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO {service_role}', current_database());
    END IF;
    IF has_schema_privilege('public', 'public', 'USAGE') OR has_schema_privilege('public', 'public', 'CREATE') THEN
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
    END IF;
    IF NOT has_schema_privilege({service_literal}, 'public', 'USAGE') THEN
        GRANT USAGE ON SCHEMA public TO {service_role};
    END IF;
    FOR place IN
        SELECT oid::regprocedure::text FROM pg_proc
        WHERE pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)')
            AND proowner = current_user::regrole AND has_function_privilege('public', oid, 'EXECUTE')
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', place);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {service_role}', place);
    END LOOP;
END $$

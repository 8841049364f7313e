-- That a person's identity is protected is not forgotten with the identity: what was found of the case remains, and is
-- for those alone who are cleared. Whoever deletes a row behind the service's back lifts no protection either.
CREATE TABLE vault.protected_for_good (
    case_id text PRIMARY KEY CHECK (case_id ~ '^[0-9a-f]{64}$')
);

CREATE FUNCTION vault.keep_protection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO vault.protected_for_good (case_id) VALUES (old.case_id) ON CONFLICT DO NOTHING;
    RETURN old;
END
$$;

CREATE TRIGGER keep_protection BEFORE DELETE ON vault.identity
    FOR EACH ROW WHEN (old.protected) EXECUTE FUNCTION vault.keep_protection();
ALTER TABLE vault.identity ENABLE ALWAYS TRIGGER keep_protection;

GRANT SELECT, INSERT ON vault.protected_for_good TO {service_role};

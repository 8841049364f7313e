-- Cases that somebody asked to be forgotten: no draw puts into the vault again who they are.
CREATE TABLE vault.forgotten_case (
    case_id text PRIMARY KEY CHECK (case_id ~ '^[0-9a-f]{64}$')
);

GRANT SELECT, INSERT ON vault.forgotten_case TO {service_role};

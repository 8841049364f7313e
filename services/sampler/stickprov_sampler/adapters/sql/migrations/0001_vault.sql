-- The vault: what identifies a person, and the keys that make pseudonyms. Apart from the log, because it can be erased.

CREATE SCHEMA vault;

-- The key that makes a series' pseudonyms. Once it is deleted, nobody can compute them again.
CREATE TABLE vault.series_key (
    series  uuid PRIMARY KEY,
    key     bytea NOT NULL CHECK (length(key) = 32),
    made_at timestamptz NOT NULL
);

-- What a drawn case's pseudonym stands for: the register's unit id, and the identity columns by name.
CREATE TABLE vault.case_identity (
    case_id text PRIMARY KEY CHECK (case_id ~ '^[0-9a-f]{64}$'),
    series  uuid NOT NULL,
    unit_id text NOT NULL,
    fields  jsonb NOT NULL
);
CREATE INDEX case_identity_series ON vault.case_identity (series);

-- No UPDATE: what is there is right or goes.
GRANT USAGE ON SCHEMA vault TO {service_role};
GRANT SELECT, INSERT, DELETE ON vault.series_key, vault.case_identity TO {service_role};

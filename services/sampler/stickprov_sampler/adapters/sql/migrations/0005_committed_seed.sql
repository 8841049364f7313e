-- Seeds that are committed and not yet revealed: the log has their hash alone.
CREATE TABLE vault.committed_seed (
    seed_hash text PRIMARY KEY CHECK (seed_hash ~ '^[0-9a-f]{64}$'),
    series    uuid NOT NULL,
    seed      text NOT NULL
);

GRANT SELECT, INSERT, DELETE ON vault.committed_seed TO {service_role};

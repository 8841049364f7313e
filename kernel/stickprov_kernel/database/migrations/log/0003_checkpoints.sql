-- Signed checkpoints of the tree, and the keys that sign them. Insert-only like the log itself.

-- The keys in the order of their adoption; the newest signs.
CREATE TABLE checkpoint_key (
    number       int PRIMARY KEY CHECK (number > 0),
    -- <name>+<id>+<key>, as C2SP's signed notes have it.
    verifier_key text NOT NULL UNIQUE,
    adopted      timestamptz NOT NULL,
    -- How many events the log had when the key was adopted.
    size         bigint NOT NULL CHECK (size >= 0),
    -- The signed note in which the key before names this one; null for the first, and where that key was lost.
    handover     bytea
);

-- One per size; each is of a row of the tree.
CREATE TABLE checkpoint (
    size   bigint PRIMARY KEY CHECK (size > 0),
    -- Number of the key that signed it.
    key    int NOT NULL,
    root   bytea NOT NULL CHECK (length(root) = 32),
    time   timestamptz NOT NULL,
    reason text NOT NULL CHECK (reason IN ('interval', 'period-closed', 'asked')),
    -- The signed note: exactly the bytes that are published.
    note   bytea NOT NULL
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['checkpoint_key', 'checkpoint'] LOOP
        EXECUTE format('CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER insert_only', name);
    END LOOP;
END $$;

GRANT SELECT, INSERT ON checkpoint_key, checkpoint TO {service_role};

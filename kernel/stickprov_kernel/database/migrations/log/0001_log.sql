-- The event log of one service. Insert-only: the service's role may SELECT and INSERT, and triggers refuse
-- UPDATE, DELETE and TRUNCATE to everybody, the owner included.

CREATE TABLE event (
    -- Insertion order. It has holes and commits may overtake each other; the total order is ledger.position.
    seq            bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    id             uuid NOT NULL UNIQUE,
    stream         text NOT NULL,
    version        int NOT NULL CHECK (version > 0),
    type           text NOT NULL,
    schema_version int NOT NULL,
    time           timestamptz NOT NULL,
    actor          text NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id   uuid,
    -- The exact bytes that are hashed and published.
    envelope       bytea NOT NULL,
    data           bytea NOT NULL,
    leaf_hash      bytea NOT NULL GENERATED ALWAYS AS (sha256('\x00'::bytea || envelope || data)) STORED,
    -- Which transaction inserted it: bounds the sequencer's search for events it has not seen.
    txid           xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT event_stream_version UNIQUE (stream, version)
);
CREATE INDEX event_txid ON event (txid);

-- Commands that were carried out, with the answer that a retry gets.
CREATE TABLE command (
    id           uuid CONSTRAINT command_id PRIMARY KEY,
    actor        text NOT NULL,
    request_hash bytea NOT NULL,
    answer       bytea NOT NULL,
    time         timestamptz NOT NULL
);

-- The total order: contiguous from 1, given by the sequencer.
CREATE TABLE ledger (
    position   bigint PRIMARY KEY CHECK (position > 0),
    -- No foreign key: the sequencer reads the event it writes down here, and the check would cost as much again.
    event_id   uuid NOT NULL UNIQUE,
    leaf_hash  bytea NOT NULL CHECK (length(leaf_hash) = 32),
    chain_hash bytea NOT NULL CHECK (length(chain_hash) = 32)
);

-- The RFC 9162 tree after each batch: its size, the roots of its perfect subtrees (largest first) and its root.
CREATE TABLE tree (
    size     bigint PRIMARY KEY CHECK (size > 0),
    frontier bytea NOT NULL CHECK (length(frontier) % 32 = 0),
    root     bytea NOT NULL CHECK (length(root) = 32)
);

-- How far the relay has published. Its own working memory, not part of the log, so it may be updated.
CREATE TABLE relay (
    log      text PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['event', 'command', 'ledger', 'tree'] LOOP
        EXECUTE format('CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER insert_only', name);
    END LOOP;
END $$;

GRANT SELECT, INSERT ON event, command, ledger, tree TO {service_role};
GRANT SELECT, INSERT, UPDATE ON relay TO {service_role};

-- What a consumer keeps of other services' logs: how far it got, an exact copy of what it heard, and what it could
-- not understand. The copy is insert-only like the log itself: the service's role may SELECT and INSERT, and
-- triggers refuse UPDATE, DELETE and TRUNCATE to everybody, the owner included.

-- One row per source log. Whoever applies events of a source locks its row first.
CREATE TABLE inbox (
    source     text PRIMARY KEY,
    position   bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    chain_hash bytea NOT NULL CHECK (length(chain_hash) = 32),
    -- halted: the source's history disagrees with what was applied; nothing more is applied until somebody resumes it.
    state      text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'halted')),
    reason     text CHECK ((reason IS NULL) = (state = 'running')),
    -- How many events came from the feed because Kafka did not bring them.
    healed     bigint NOT NULL DEFAULT 0
);

-- The log copy: contiguous from 1 per source, the exact bytes that were hashed.
CREATE TABLE inbox_event (
    source     text NOT NULL,
    position   bigint NOT NULL CHECK (position > 0),
    chain_hash bytea NOT NULL CHECK (length(chain_hash) = 32),
    envelope   bytea NOT NULL,
    data       bytea NOT NULL,
    PRIMARY KEY (source, position)
);

-- Events that were heard (they are in the copy, and the position went on) but could not be applied.
CREATE TABLE quarantine (
    source         text NOT NULL,
    position       bigint NOT NULL,
    type           text NOT NULL,
    reason         text NOT NULL,
    quarantined_at timestamptz NOT NULL DEFAULT now(),
    -- When it was applied after all.
    requeued_at    timestamptz,
    PRIMARY KEY (source, position)
);
CREATE INDEX quarantine_waiting ON quarantine (source, position) WHERE requeued_at IS NULL;

CREATE FUNCTION refuse_inbox_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON inbox_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_inbox_change();
ALTER TABLE inbox_event ENABLE ALWAYS TRIGGER insert_only;

GRANT SELECT, INSERT ON inbox_event TO {service_role};
GRANT SELECT, INSERT, UPDATE ON inbox TO {service_role};
GRANT SELECT, INSERT ON quarantine TO {service_role};
GRANT UPDATE (reason, requeued_at) ON quarantine TO {service_role};

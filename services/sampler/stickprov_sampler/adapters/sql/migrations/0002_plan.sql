-- What the plan knows beside the event log: free text and the names of staff. Both can be erased.

-- Free text, which may name a person. The log holds key and salted hash; deleting the row erases text and salt.
CREATE TABLE note (
    note       uuid PRIMARY KEY,
    -- Whose stream it belongs to: a control point's notes are read, and erased, together.
    stream     text NOT NULL,
    salt       bytea NOT NULL CHECK (length(salt) = 32),
    text       text NOT NULL,
    written_at timestamptz NOT NULL
);
CREATE INDEX note_stream ON note (stream);

-- Whom a pseudonym of the staff list stands for.
CREATE TABLE vault.staff (
    pseudonym text PRIMARY KEY CHECK (pseudonym ~ '^p[0-9a-f]{24}$'),
    sign_in   text NOT NULL,
    name      text NOT NULL,
    email     text NOT NULL
);

GRANT SELECT, INSERT, DELETE ON note TO {service_role};
-- UPDATE: people change their names.
GRANT SELECT, INSERT, UPDATE, DELETE ON vault.staff TO {service_role};

-- What is read by type is rare beside the drawn cases: plans, definitions, frames, samples.
CREATE INDEX event_rare_type ON event (type, seq) WHERE type <> 'stickprov.sampler.case-drawn.v1';

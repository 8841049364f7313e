-- Free texts and drafts, which may name a person, are sealed from now on: AES-256-GCM under a key of their own, which a
-- master key outside the database wraps. Rows of an older release lie in the tables clear_*; the service seals them when
-- it starts, and then empties these tables.

ALTER TABLE note RENAME TO clear_note;
ALTER INDEX note_stream RENAME TO clear_note_stream;
ALTER TABLE draft RENAME TO clear_draft;

-- Free text. sealed: 32 bytes of salt and the text, about note/<note>/<stream>. Deleting the row erases both.
CREATE TABLE note (
    note        uuid PRIMARY KEY,
    -- Whose review it belongs to: a case's notes are read, and erased, together.
    stream      text  NOT NULL,
    master      text  NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed      bytea NOT NULL,
    written_at  timestamptz NOT NULL
);
CREATE INDEX note_stream ON note (stream);

-- What a reviewer has filled in so far. sealed: the fields in JSON, about draft/<reviewer>/<stream>.
CREATE TABLE draft (
    -- The review's event stream.
    stream         text  NOT NULL,
    reviewer       text  NOT NULL,
    version        int   NOT NULL,
    -- Of the review that the form was filled in for.
    review_version int   NOT NULL,
    master         text  NOT NULL,
    wrapped_key    bytea NOT NULL,
    sealed         bytea NOT NULL,
    saved_at       timestamptz NOT NULL,
    PRIMARY KEY (stream, reviewer)
);

GRANT SELECT, INSERT, DELETE ON note TO {service_role};
-- A sealed note is never changed but for the key that wraps its own.
GRANT UPDATE (master, wrapped_key) ON note TO {service_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON draft TO {service_role};
REVOKE INSERT, UPDATE ON clear_note, clear_draft FROM {service_role};
GRANT SELECT, DELETE, TRUNCATE ON clear_note, clear_draft TO {service_role};

-- What identifies a person is sealed from now on: AES-256-GCM under a key of its own, which a master key outside the
-- database wraps. Rows of an older release lie in the tables clear_*; the service seals them when it starts, and then
-- empties these tables. Sealed rows are never changed but for the key that wraps theirs.

-- What a drawn case's pseudonym stands for. sealed: {"unit_id", "fields"}, about identity/<case>.
CREATE TABLE vault.identity (
    case_id      text PRIMARY KEY CHECK (case_id ~ '^[0-9a-f]{64}$'),
    series       uuid  NOT NULL,
    -- Whether the person's data are protected (sekretessmarkering and the like).
    protected    bool  NOT NULL,
    -- Whether the person was born on day 5, 15 or 25, whose files may be kept for research.
    research_day bool  NOT NULL,
    master       text  NOT NULL,
    wrapped_key  bytea NOT NULL,
    sealed       bytea NOT NULL
);
CREATE INDEX identity_series ON vault.identity (series);

-- Who was drawn in which draw: an identity goes with the last of them.
CREATE TABLE vault.drawn_case (
    draw    uuid,
    case_id text,
    PRIMARY KEY (draw, case_id)
);
CREATE INDEX drawn_case_case ON vault.drawn_case (case_id);

-- The key of a frame's identity file, about identities/<frame>. file: its name in the vault folder.
CREATE TABLE vault.frame_key (
    frame       uuid PRIMARY KEY,
    series      uuid  NOT NULL,
    file        text  NOT NULL,
    master      text  NOT NULL,
    wrapped_key bytea NOT NULL
);
CREATE INDEX frame_key_series ON vault.frame_key (series);

ALTER TABLE vault.case_identity RENAME TO clear_case_identity;
ALTER TABLE vault.series_key RENAME TO clear_series_key;
ALTER TABLE vault.staff RENAME TO clear_staff;
ALTER TABLE vault.committed_seed RENAME TO clear_committed_seed;
ALTER TABLE note RENAME TO clear_note;
ALTER INDEX note_stream RENAME TO clear_note_stream;

-- The key that makes a series' pseudonyms, about series-key/<series>. Once it is gone, nobody can compute them again.
CREATE TABLE vault.series_key (
    series      uuid PRIMARY KEY,
    master      text  NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed      bytea NOT NULL,
    made_at     timestamptz NOT NULL
);

-- Whom a pseudonym of the staff list stands for. sealed: [sign-in name, name, e-mail address], about staff/<pseudonym>.
CREATE TABLE vault.staff (
    pseudonym   text PRIMARY KEY CHECK (pseudonym ~ '^p[0-9a-f]{24}$'),
    master      text  NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed      bytea NOT NULL
);

-- Seeds that are committed and not yet revealed, about seed/<seed_hash>.
CREATE TABLE vault.committed_seed (
    seed_hash   text PRIMARY KEY CHECK (seed_hash ~ '^[0-9a-f]{64}$'),
    series      uuid  NOT NULL,
    master      text  NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed      bytea NOT NULL
);

-- Free text. sealed: 32 bytes of salt and the text, about note/<note>/<stream>. Deleting the row erases both.
CREATE TABLE note (
    note        uuid PRIMARY KEY,
    -- Whose stream it belongs to: a control point's notes are read, and erased, together.
    stream      text  NOT NULL,
    master      text  NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed      bytea NOT NULL,
    written_at  timestamptz NOT NULL
);
CREATE INDEX note_stream ON note (stream);

-- Who was drawn before this release, as far as it has not been erased.
INSERT INTO vault.drawn_case (draw, case_id)
SELECT DISTINCT (told ->> 'draw')::uuid, told ->> 'case'
FROM (SELECT convert_from(data, 'UTF8')::jsonb AS told FROM event WHERE type = 'stickprov.sampler.case-drawn.v1') AS drawn
WHERE EXISTS (SELECT FROM vault.clear_case_identity AS kept WHERE kept.case_id = told ->> 'case');

GRANT SELECT, INSERT, DELETE
    ON vault.identity, vault.drawn_case, vault.frame_key, vault.series_key, vault.staff, vault.committed_seed, note
    TO {service_role};
GRANT UPDATE (master, wrapped_key)
    ON vault.identity, vault.frame_key, vault.series_key, vault.staff, vault.committed_seed, note TO {service_role};
REVOKE INSERT, UPDATE
    ON vault.clear_case_identity, vault.clear_series_key, vault.clear_staff, vault.clear_committed_seed, clear_note
    FROM {service_role};
GRANT SELECT, DELETE, TRUNCATE
    ON vault.clear_case_identity, vault.clear_series_key, vault.clear_staff, vault.clear_committed_seed, clear_note
    TO {service_role};

-- Statements of the plan: notes, staff names, and what is read from the log by type.

-- name: write_notes
-- Keep what was typed, in the transaction of the event that refers to it.
-- $1 notes[], $2 salts[], $3 texts[], $4 streams[], $5 time
INSERT INTO note (note, stream, salt, text, written_at)
SELECT typed.note, typed.stream, typed.salt, typed.text, $5
FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[]) AS typed (note, salt, text, stream)

-- name: texts
-- The readable notes of some streams. $1 streams[]
SELECT note, text FROM note WHERE stream = ANY ($1::text[])

-- name: keep_names
-- Names by pseudonym; the newest stay. $1 pseudonyms[], $2 sign-in names[], $3 names[], $4 e-mail addresses[]
INSERT INTO vault.staff (pseudonym, sign_in, name, email)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
ON CONFLICT (pseudonym) DO UPDATE SET sign_in = excluded.sign_in, name = excluded.name, email = excluded.email

-- name: names
-- Everybody the vault knows by pseudonym.
SELECT pseudonym, name, email FROM vault.staff

-- name: happened
-- All events of some types, oldest first, with what their envelopes say. Not for drawn cases. $1 types[]
SELECT id, stream, version, type, time, actor, correlation_id, causation_id, data
FROM event WHERE type = ANY ($1::text[]) AND type <> 'stickprov.sampler.case-drawn.v1' ORDER BY seq

-- name: streams
-- Whole streams, each oldest first. $1 streams[]
SELECT id, stream, version, type, time, actor, correlation_id, causation_id, data
FROM event WHERE stream = ANY ($1::text[]) ORDER BY stream, version

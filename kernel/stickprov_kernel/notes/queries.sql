-- Notes: free text beside the log.

-- name: write_notes
-- Keep what was typed, in the transaction of the event that refers to it.
-- $1 notes[], $2 salts[], $3 texts[], $4 streams[], $5 time
INSERT INTO note (note, stream, salt, text, written_at)
SELECT typed.note, typed.stream, typed.salt, typed.text, $5
FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[]) AS typed (note, salt, text, stream)

-- name: texts
-- The readable notes of some streams. $1 streams[]
SELECT note, text FROM note WHERE stream = ANY ($1::text[])

-- name: kept
-- Those of some notes that can be read, with their salts. $1 notes[]
SELECT note, salt, text FROM note WHERE note = ANY ($1::uuid[]) ORDER BY note

-- Notes: free text beside the log, sealed.

-- name: write_notes
-- Keep what was typed, in the transaction of the event that refers to it.
-- $1 notes[], $2 streams[], $3 ids of master keys[], $4 wrapped keys[], $5 sealed salts and texts[], $6 times[]
INSERT INTO note (note, stream, master, wrapped_key, sealed, written_at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::timestamptz[])

-- name: texts
-- The readable notes of some streams. $1 streams[]
SELECT note, stream, master, wrapped_key, sealed FROM note WHERE stream = ANY ($1::text[])

-- name: kept
-- Those of some notes that can be read. $1 notes[]
SELECT note, stream, master, wrapped_key, sealed FROM note WHERE note = ANY ($1::uuid[]) ORDER BY note

-- Statements of the plan: staff names, and what is read from the log by type.

-- name: forget_names
-- $1 pseudonyms[]
DELETE FROM vault.staff WHERE pseudonym = ANY ($1::text[])

-- name: keep_names
-- Who pseudonyms stand for, sealed; what was there before is forgotten first.
-- $1 pseudonyms[], $2 ids of master keys[], $3 wrapped keys[], $4 sealed names[]
INSERT INTO vault.staff (pseudonym, master, wrapped_key, sealed)
SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[])

-- name: names
-- Everybody the vault knows by pseudonym, sealed.
SELECT pseudonym, master, wrapped_key, sealed FROM vault.staff

-- name: happened
-- All events of some types, oldest first, with what their envelopes say. Not for drawn cases. $1 types[]
SELECT id, stream, version, type, time, actor, correlation_id, causation_id, data
FROM event WHERE type = ANY ($1::text[]) AND type <> 'stickprov.sampler.case-drawn.v1' ORDER BY seq

-- name: streams
-- Whole streams, each oldest first. $1 streams[]
SELECT id, stream, version, type, time, actor, correlation_id, causation_id, data
FROM event WHERE stream = ANY ($1::text[]) ORDER BY stream, version

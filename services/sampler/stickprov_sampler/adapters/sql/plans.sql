-- Statements of the plan: staff names, and what is read from the log by type.

-- name: keep_names
-- Names by pseudonym; the newest stay. $1 pseudonyms[], $2 sign-in names[], $3 names[], $4 e-mail addresses[]
INSERT INTO vault.staff (pseudonym, sign_in, name, email)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
ON CONFLICT (pseudonym) DO UPDATE SET sign_in = excluded.sign_in, name = excluded.name, email = excluded.email

-- name: names
-- Everybody the vault knows by pseudonym.
SELECT pseudonym, name, email, sign_in FROM vault.staff

-- name: happened
-- All events of some types, oldest first, with what their envelopes say. Not for drawn cases. $1 types[]
SELECT id, stream, version, type, time, actor, correlation_id, causation_id, data
FROM event WHERE type = ANY ($1::text[]) AND type <> 'stickprov.sampler.case-drawn.v1' ORDER BY seq

-- name: streams
-- Whole streams, each oldest first. $1 streams[]
SELECT id, stream, version, type, time, actor, correlation_id, causation_id, data
FROM event WHERE stream = ANY ($1::text[]) ORDER BY stream, version

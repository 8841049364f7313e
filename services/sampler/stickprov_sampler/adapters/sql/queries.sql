-- The sampler's own statements: the vault, and lists read from its own log.

-- name: keep_series_keys
-- $1 series[], $2 ids of master keys[], $3 wrapped keys[], $4 sealed keys[], $5 when they were made[]
INSERT INTO vault.series_key (series, master, wrapped_key, sealed, made_at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[], $5::timestamptz[])

-- name: series_keys
-- The keys of some series, as far as they live. $1 series[]
SELECT series, master, wrapped_key, sealed FROM vault.series_key WHERE series = ANY ($1::uuid[])

-- name: keep_frame_key
-- $1 frame, $2 series, $3 name of the identity file, $4 id of the master key, $5 wrapped key
INSERT INTO vault.frame_key (frame, series, file, master, wrapped_key)
VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::bytea)

-- name: frame_keys
-- Every frame whose identities are there.
SELECT frame, series, file, master, wrapped_key FROM vault.frame_key ORDER BY frame

-- name: frame_key
-- $1 frame
SELECT frame, series, file, master, wrapped_key FROM vault.frame_key WHERE frame = $1::uuid

-- name: keep_identities
-- Drawn cases' identities, sealed. A case that another draw of the series has drawn before is there already, and is
-- protected from now on if the newer frame says so; that it is no longer, no frame says.
-- Per case: $1 case ids[], $2 series[], $3 protected[], $4 research days[], $5 ids of master keys[], $6 wrapped keys[],
-- $7 sealed identities[]. Who asked to be forgotten is left out.
INSERT INTO vault.identity (case_id, series, protected, research_day, master, wrapped_key, sealed)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::bool[], $4::bool[], $5::text[], $6::bytea[], $7::bytea[]) AS one (case_id)
WHERE NOT EXISTS (SELECT FROM vault.forgotten_case AS gone WHERE gone.case_id = one.case_id)
ON CONFLICT (case_id) DO UPDATE SET protected = identity.protected OR excluded.protected

-- name: keep_drawn_cases
-- Who is in a draw. $1 draw, $2 cases[]
INSERT INTO vault.drawn_case (draw, case_id)
SELECT $1::uuid, one FROM unnest($2::text[]) AS one
WHERE NOT EXISTS (SELECT FROM vault.forgotten_case AS gone WHERE gone.case_id = one)
ON CONFLICT DO NOTHING

-- name: events_of_type
-- All events of one type, oldest first, with their places in the log (NULL until sequenced). Not for drawn cases, of
-- which there are too many: the condition lets the index of rare types be used. $1 type
SELECT event.stream, event.version, event.data, ledger.position
FROM event LEFT JOIN ledger ON ledger.event_id = event.id
WHERE event.type = $1 AND event.type <> 'stickprov.sampler.case-drawn.v1'
ORDER BY event.seq

-- name: altered
-- The first event of some streams that is not the one whose hash the ledger has. $1 streams[]
SELECT event.stream, event.version, event.type
FROM event JOIN ledger ON ledger.event_id = event.id
WHERE event.stream = ANY ($1::text[]) AND event.leaf_hash <> ledger.leaf_hash
ORDER BY ledger.position LIMIT 1

-- name: newest_of_type
-- The newest event of one type in each stream, by stream. Not for drawn cases. $1 type
SELECT DISTINCT ON (event.stream) event.stream, event.version, event.data
FROM event
WHERE event.type = $1 AND event.type <> 'stickprov.sampler.case-drawn.v1'
ORDER BY event.stream, event.version DESC

-- name: drawn_case
-- The event of one drawn case. The draw's own events are few enough to look through. $1 stream of the draw,
-- $2 the case as the event has it: its name and value as UTF-8 bytes
SELECT data FROM event
WHERE stream = $1 AND type = 'stickprov.sampler.case-drawn.v1' AND position($2::bytea IN data) > 0
LIMIT 1

-- name: drawn_cases
-- The events of the drawn cases of some draws. $1 streams[] of the draws
SELECT data FROM event WHERE stream = ANY ($1::text[]) AND type = 'stickprov.sampler.case-drawn.v1' ORDER BY seq

-- name: known_cases
-- Those of some pseudonyms that the vault knows. $1 pseudonyms[]
SELECT case_id FROM vault.identity WHERE case_id = ANY ($1::text[])

-- name: identities
-- What the pseudonyms of cases stand for, sealed; no row once it has been erased. $1 cases[]
SELECT case_id, series, protected, research_day, master, wrapped_key, sealed
FROM vault.identity WHERE case_id = ANY ($1::text[])

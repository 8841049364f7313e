-- The sampler's own statements: the vault, and lists read from its own log.

-- name: keep_series_key
-- $1 series, $2 key, $3 when it was made
INSERT INTO vault.series_key (series, key, made_at) VALUES ($1::uuid, $2::bytea, $3::timestamptz)

-- name: series_key
-- $1 series
SELECT key FROM vault.series_key WHERE series = $1::uuid

-- name: keep_identities
-- Drawn cases' identities. A case that another draw of the series has drawn before is there already.
-- $1 series, then per case: $2 case ids[], $3 unit ids[], $4 identity columns as JSON objects[]
INSERT INTO vault.case_identity (case_id, series, unit_id, fields)
SELECT case_id, $1::uuid, unit_id, fields::jsonb
FROM unnest($2::text[], $3::text[], $4::text[]) AS drawn (case_id, unit_id, fields)
ON CONFLICT (case_id) DO NOTHING

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

-- name: cases_of_units
-- Pseudonyms of units, by the register's own ids; a unit has one in each series. $1 ids[]
SELECT case_id, unit_id FROM vault.case_identity WHERE unit_id = ANY ($1::text[])

-- name: identity
-- What a case's pseudonym stands for; no row once it has been erased. $1 case
SELECT unit_id, fields FROM vault.case_identity WHERE case_id = $1::text

-- Statements of the inbox, on the tables of migration component "inbox".

-- name: prepare
-- Make the row that everybody locks, if this source was never heard of.
INSERT INTO inbox (source, chain_hash) VALUES ($1, $2) ON CONFLICT (source) DO NOTHING;

-- name: lock
-- Where a source's log stands here, for whoever is about to move it.
SELECT position, chain_hash, state, reason FROM inbox WHERE source = $1 FOR UPDATE;

-- name: known
-- Chain hashes of positions that were applied before.
SELECT position, chain_hash FROM inbox_event WHERE source = $1 AND position = ANY($2::bigint[]);

-- name: advance
-- Copy a contiguous run of events and move the position behind it, in one round trip. $2 the position before,
-- $3 chain hashes one after another, 32 bytes each (an array costs the client more), $4 envelopes[], $5 data[],
-- $6 how many of them came from the feed.
WITH copied AS (
    INSERT INTO inbox_event (source, position, chain_hash, envelope, data)
    SELECT $1, $2::bigint + e.place, substring($3::bytea FROM 32 * e.place::int - 31 FOR 32), e.envelope, e.data
    FROM unnest($4::bytea[], $5::bytea[]) WITH ORDINALITY AS e (envelope, data, place)
)
UPDATE inbox SET position = $2::bigint + cardinality($4::bytea[]), chain_hash = substring($3::bytea FROM length($3::bytea) - 31),
                 healed = healed + $6
WHERE source = $1;

-- name: quarantine
-- Put events aside that could not be applied, each with its reason; also one that could once, before a rebuild.
INSERT INTO quarantine (source, position, type, reason)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[])
ON CONFLICT (source, position) DO UPDATE SET reason = excluded.reason, requeued_at = NULL;

-- name: halt
-- Stop applying a source's log. The first reason stays.
UPDATE inbox SET state = 'halted', reason = $2 WHERE source = $1 AND state = 'running';

-- name: resume
-- Apply a source's log again.
UPDATE inbox SET state = 'running', reason = NULL WHERE source = $1;

-- name: state
-- Where a source's log stands here, and how many of its events wait in quarantine.
SELECT position, chain_hash, state, reason, healed,
       (SELECT count(*) FROM quarantine q WHERE q.source = inbox.source AND q.requeued_at IS NULL) AS quarantined
FROM inbox WHERE source = $1;

-- name: quarantined
-- Events that wait in quarantine, in order: those after a position, or the one at $3.
SELECT position, chain_hash, envelope, data
FROM quarantine JOIN inbox_event USING (source, position)
WHERE source = $1 AND requeued_at IS NULL AND position > $2 AND ($3::bigint IS NULL OR position = $3)
ORDER BY position LIMIT $4;

-- name: requeued
-- A quarantined event was applied after all.
UPDATE quarantine SET requeued_at = now() WHERE source = $1 AND position = $2;

-- name: still_quarantined
-- A quarantined event could not be applied this time either, perhaps for another reason.
UPDATE quarantine SET reason = $3 WHERE source = $1 AND position = $2;

-- name: waiting
-- Which events of a source wait in quarantine, oldest first, each with why, since when and what it is.
SELECT source, position, type, reason, quarantined_at, envelope, data
FROM quarantine JOIN inbox_event USING (source, position)
WHERE source = $1 AND requeued_at IS NULL ORDER BY position LIMIT $2;

-- name: set_aside
-- Whether an event was ever set aside, why, and whether it was applied after all.
SELECT reason, requeued_at IS NOT NULL AS requeued FROM quarantine WHERE source = $1 AND position = $2;

-- What the sampler rebuilds beside its log after a recovery, and what it has lost of the events behind a position.

-- name: forget_revealed_seeds
-- A seed that is in the log is no secret.
DELETE FROM vault.committed_seed WHERE seed_hash IN (
    SELECT convert_from(data, 'UTF8')::jsonb ->> 'seed_hash' FROM event WHERE type = 'stickprov.sampler.seed-revealed.v1'
)

-- name: lost_identities
-- Not those that were erased. $1 the position
WITH gone AS (
    SELECT told ->> 'draw' AS draw, jsonb_array_elements_text(told -> 'cases') AS case_id
    FROM (SELECT convert_from(data, 'UTF8')::jsonb AS told FROM event WHERE type = 'stickprov.sampler.cases-erased.v1') AS said
)
SELECT count(*) FROM ledger JOIN event ON event.id = ledger.event_id
WHERE ledger.position > $1 AND event.type = 'stickprov.sampler.case-drawn.v1' AND NOT EXISTS (
    SELECT FROM vault.identity WHERE case_id = convert_from(event.data, 'UTF8')::jsonb ->> 'case'
) AND NOT EXISTS (
    SELECT FROM gone WHERE gone.case_id = convert_from(event.data, 'UTF8')::jsonb ->> 'case'
                       AND gone.draw = convert_from(event.data, 'UTF8')::jsonb ->> 'draw'
)

-- name: lost_keys
-- $1 the position
SELECT count(DISTINCT convert_from(event.data, 'UTF8')::jsonb ->> 'series') FROM ledger JOIN event ON event.id = ledger.event_id
WHERE ledger.position > $1 AND event.type = 'stickprov.sampler.frame-frozen.v1' AND NOT EXISTS (
    SELECT FROM vault.series_key WHERE series = (convert_from(event.data, 'UTF8')::jsonb ->> 'series')::uuid
) AND NOT EXISTS (
    SELECT FROM event AS erased
    WHERE erased.type = 'stickprov.sampler.series-key-erased.v1'
      AND convert_from(erased.data, 'UTF8')::jsonb ->> 'series' = convert_from(event.data, 'UTF8')::jsonb ->> 'series'
)

-- name: lost_seeds
-- Committed behind the position, neither here nor revealed. $1 the position
WITH told AS (
    SELECT event.type, convert_from(event.data, 'UTF8')::jsonb ->> 'seed_hash' AS seed_hash
    FROM ledger JOIN event ON event.id = ledger.event_id
    WHERE ledger.position > $1
      AND event.type IN ('stickprov.sampler.seed-committed.v1', 'stickprov.sampler.seed-revealed.v1')
)
SELECT count(DISTINCT seed_hash) FROM told AS committed
WHERE type = 'stickprov.sampler.seed-committed.v1'
  AND NOT EXISTS (SELECT FROM vault.committed_seed AS kept WHERE kept.seed_hash = committed.seed_hash)
  AND NOT EXISTS (SELECT FROM told AS shown
                  WHERE shown.type = 'stickprov.sampler.seed-revealed.v1' AND shown.seed_hash = committed.seed_hash)

-- name: lost_staff
-- On the newest list, if that is behind the position. $1 the position
WITH newest AS (
    SELECT ledger.position, event.data FROM ledger JOIN event ON event.id = ledger.event_id
    WHERE event.type = 'stickprov.sampler.staff-listed.v1' ORDER BY ledger.position DESC LIMIT 1
)
SELECT count(*) FROM newest CROSS JOIN jsonb_array_elements(convert_from(data, 'UTF8')::jsonb -> 'staff') AS person
WHERE position > $1
  AND NOT EXISTS (SELECT FROM vault.staff WHERE staff.pseudonym = person ->> 'pseudonym')

-- name: lost_notes
-- How many texts the events behind a position stand for that are not here. $1 the position
SELECT count(DISTINCT told.note ->> 'note')
FROM ledger JOIN event ON event.id = ledger.event_id
CROSS JOIN LATERAL jsonb_path_query(convert_from(event.data, 'UTF8')::jsonb, '$.** ? (exists (@.digest) && exists (@.note))')
    AS told (note)
WHERE ledger.position > $1 AND NOT EXISTS (SELECT FROM note WHERE note.note = (told.note ->> 'note')::uuid)

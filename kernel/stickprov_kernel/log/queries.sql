-- The event log's statements. READ COMMITTED throughout, and never ON CONFLICT: a conflict must be heard of.

-- name: commit
-- Store commands with their answers and events in one round trip. A command whose streams are not all at their
-- expected versions is left out whole, and comes back with each such stream.
-- Commands: $1 ids[], $2 actors[], $3 request hashes[], $4 answers[], $5 times[], $6 correlation ids[],
--   $7 causation ids[].
-- Their streams: $8 number of the command in $1[], $9 names[], $10 expected versions[].
-- Their events: $11 number of the command[], $12 ids[], $13 streams[], $14 versions[], $15 types[],
--   $16 schema versions[], $17 envelopes[], $18 data[].
-- $19 trace contexts[] of the commands, null where there is none.
WITH head AS MATERIALIZED (
    SELECT wanted.command, wanted.stream, wanted.expected,
           coalesce((SELECT max(version) FROM event WHERE event.stream = wanted.stream), 0) AS actual
    FROM unnest($8::int[], $9::text[], $10::int[]) AS wanted (command, stream, expected)
), refused AS MATERIALIZED (
    SELECT command FROM head WHERE actual <> expected
), command_rows AS (
    INSERT INTO command (id, actor, request_hash, answer, time)
    SELECT c.id, c.actor, c.request_hash, c.answer, c.time
    FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[], $5::timestamptz[])
         WITH ORDINALITY AS c (id, actor, request_hash, answer, time, number)
    WHERE c.number NOT IN (SELECT command FROM refused)
), event_rows AS (
    INSERT INTO event (id, stream, version, type, schema_version, time, actor, correlation_id, causation_id, envelope, data,
                       traceparent)
    SELECT e.id, e.stream, e.version, e.type, e.schema_version, ($5::timestamptz[])[e.command], ($2::text[])[e.command],
           ($6::uuid[])[e.command], ($7::uuid[])[e.command], e.envelope, e.data,
           ($19::text[])[e.command]
    FROM unnest($11::int[], $12::uuid[], $13::text[], $14::int[], $15::text[], $16::int[], $17::bytea[], $18::bytea[])
         WITH ORDINALITY AS e (command, id, stream, version, type, schema_version, envelope, data, place)
    WHERE e.command NOT IN (SELECT command FROM refused)
    ORDER BY e.place
)
SELECT command, stream, expected, actual FROM head WHERE actual <> expected

-- name: answer_to
-- What a command led to, if it was carried out.
SELECT actor, request_hash, answer FROM command WHERE id = $1

-- name: version_of
-- Newest version of a stream, 0 if there is none.
SELECT coalesce(max(version), 0) FROM event WHERE stream = $1

-- name: load
-- All events of a stream, oldest first.
SELECT id, version, type, time, actor, correlation_id, causation_id, data FROM event WHERE stream = $1 ORDER BY version

-- name: unsequenced
-- Visible events without a ledger row, in order of insertion, and the xmin of this very snapshot: when fewer rows
-- than the limit come back, no later poll needs to look at transactions older than it. The first part is kept apart
-- so that it goes by the index on txid: by sequence number it would walk the whole table to find the last few.
-- $1 oldest transaction id to look at, $2 limit
WITH fresh AS MATERIALIZED (
    SELECT event.seq, event.id, event.leaf_hash, event.traceparent FROM event
    WHERE event.txid >= $1::xid8 AND NOT EXISTS (SELECT FROM ledger WHERE ledger.event_id = event.id)
), next AS (
    SELECT seq, id, leaf_hash, traceparent FROM fresh ORDER BY seq LIMIT $2
)
SELECT s.xmin, next.id, next.leaf_hash, next.traceparent
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) AS s LEFT JOIN next ON true
ORDER BY next.seq

-- name: xmin
-- The oldest transaction that is not over in this snapshot.
SELECT pg_snapshot_xmin(pg_current_snapshot())

-- name: last_sequenced
-- Sequence number of the event at the last position; 0 for an empty ledger. Most of what waits was inserted after it.
SELECT coalesce((SELECT event.seq FROM ledger JOIN event ON event.id = ledger.event_id
                 ORDER BY ledger.position DESC LIMIT 1), 0)

-- name: read_whole_tables
-- For the one statement that goes through everything, until the transaction ends or says otherwise.
SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on

-- name: read_few_rows
-- As leaders do otherwise.
SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off

-- name: sweep_until
-- Every visible event without a ledger row up to a sequence number, in order of insertion: late commits. $1 the number
SELECT event.id, event.leaf_hash, event.traceparent FROM event
WHERE event.seq <= $1 AND NOT EXISTS (SELECT FROM ledger WHERE ledger.event_id = event.id) ORDER BY event.seq

-- name: sweep_after
-- The same after a sequence number; the walk by it gives the first events at once. $1 the number
SELECT event.id, event.leaf_hash, event.traceparent FROM event
WHERE event.seq > $1 AND NOT EXISTS (SELECT FROM ledger WHERE ledger.event_id = event.id) ORDER BY event.seq

-- name: sweep_since
-- The same for events of transactions not older than $1, found by the index on txid and then sorted.
WITH fresh AS MATERIALIZED (
    SELECT event.seq, event.id, event.leaf_hash, event.traceparent FROM event
    WHERE event.txid >= $1::xid8 AND NOT EXISTS (SELECT FROM ledger WHERE ledger.event_id = event.id)
)
SELECT id, leaf_hash, traceparent FROM fresh ORDER BY seq

-- name: write_ledger
-- Give a batch its positions, with the tree after it. The primary key refuses a second writer of a position.
-- Hashes come one after another in one value, 32 bytes each: as arrays they cost the client as much again.
-- $1 first position, $2 event ids[], $3 leaf hashes, $4 chain hashes, $5 tree size, $6 frontier, $7 root
WITH entries AS (
    INSERT INTO ledger (position, event_id, leaf_hash, chain_hash)
    SELECT $1::bigint + e.place - 1, e.id,
           substring($3::bytea FROM 32 * e.place::int - 31 FOR 32), substring($4::bytea FROM 32 * e.place::int - 31 FOR 32)
    FROM unnest($2::uuid[]) WITH ORDINALITY AS e (id, place)
)
INSERT INTO tree (size, frontier, root) VALUES ($5, $6, $7)

-- name: tail
-- Where the ledger ends: position, chain hash, and the tree there.
SELECT tree.size, tree.frontier, tree.root, ledger.chain_hash
FROM tree JOIN ledger ON ledger.position = tree.size
ORDER BY tree.size DESC LIMIT 1

-- name: read
-- A range of the log in its total order. $1 after this position, $2 limit
SELECT ledger.position, ledger.chain_hash, event.envelope, event.data, event.traceparent
FROM ledger JOIN event ON event.id = ledger.event_id
WHERE ledger.position > $1 ORDER BY ledger.position LIMIT $2

-- name: chain_hashes
-- The chain hash at some positions. $1 positions[]
SELECT position, chain_hash FROM ledger WHERE position = ANY($1::bigint[])

-- name: position_of
-- Place of an event in the total order.
SELECT position FROM ledger WHERE event_id = $1

-- name: waiting
-- How many events were inserted after the last sequenced one, counted up to a bound.
SELECT count(*) FROM (
    SELECT FROM event
    WHERE seq > coalesce((SELECT event.seq FROM ledger JOIN event ON event.id = ledger.event_id
                          ORDER BY ledger.position DESC LIMIT 1), 0)
    LIMIT 100000
) AS later

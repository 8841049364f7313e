-- The event log's statements. READ COMMITTED throughout, and never ON CONFLICT: a conflict must be heard of.

-- name: commit
-- Store a command with its answer and its events in one round trip. Returns the streams that are not at their
-- expected version; if there is one, nothing was inserted.
-- $1 command id, $2 actor, $3 request hash, $4 answer, $5 time, $6 correlation id, $7 causation id,
-- $8 streams[], $9 expected versions[], then per event: $10 ids[], $11 streams[], $12 versions[], $13 types[],
-- $14 schema versions[], $15 envelopes[], $16 data[]
WITH head AS MATERIALIZED (
    SELECT wanted.stream, wanted.expected,
           coalesce((SELECT max(version) FROM event WHERE event.stream = wanted.stream), 0) AS actual
    FROM unnest($8::text[], $9::int[]) AS wanted (stream, expected)
), fits AS MATERIALIZED (
    SELECT NOT EXISTS (SELECT FROM head WHERE actual <> expected) AS yes
), command_row AS (
    INSERT INTO command (id, actor, request_hash, answer, time)
    SELECT $1::uuid, $2::text, $3::bytea, $4::bytea, $5::timestamptz FROM fits WHERE yes
), event_rows AS (
    INSERT INTO event (id, stream, version, type, schema_version, time, actor, correlation_id, causation_id, envelope, data)
    SELECT e.id, e.stream, e.version, e.type, e.schema_version, $5, $2, $6::uuid, $7::uuid, e.envelope, e.data
    FROM fits, unnest($10::uuid[], $11::text[], $12::int[], $13::text[], $14::int[], $15::bytea[], $16::bytea[])
         WITH ORDINALITY AS e (id, stream, version, type, schema_version, envelope, data, place)
    WHERE fits.yes
    ORDER BY e.place
)
SELECT stream, expected, actual FROM head WHERE actual <> expected

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
-- than the limit come back, no later poll needs to look at transactions older than it. The leaf is hashed here, so
-- the events themselves need not travel.
-- $1 oldest transaction id to look at, $2 limit
SELECT s.xmin, e.id, e.leaf
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) AS s
LEFT JOIN LATERAL (
    SELECT event.id, event.seq, sha256('\x00'::bytea || event.envelope || event.data) AS leaf
    FROM event
    WHERE event.txid >= $1::xid8 AND NOT EXISTS (SELECT FROM ledger WHERE ledger.event_id = event.id)
    ORDER BY event.seq
    LIMIT $2
) AS e ON true
ORDER BY e.seq

-- name: write_ledger
-- Give a batch its positions, with the tree after it. The primary key refuses a second writer of a position.
-- $1 first position, $2 event ids[], $3 leaf hashes[], $4 chain hashes[], $5 tree size, $6 frontier, $7 root
WITH entries AS (
    INSERT INTO ledger (position, event_id, leaf_hash, chain_hash)
    SELECT $1::bigint + e.place - 1, e.id, e.leaf, e.chain
    FROM unnest($2::uuid[], $3::bytea[], $4::bytea[]) WITH ORDINALITY AS e (id, leaf, chain, place)
)
INSERT INTO tree (size, frontier, root) VALUES ($5, $6, $7)

-- name: tail
-- Where the ledger ends: position, chain hash, and the tree there.
SELECT tree.size, tree.frontier, tree.root, ledger.chain_hash
FROM tree JOIN ledger ON ledger.position = tree.size
ORDER BY tree.size DESC LIMIT 1

-- name: read
-- A range of the log in its total order. $1 after this position, $2 limit
SELECT ledger.position, ledger.chain_hash, event.envelope, event.data
FROM ledger JOIN event ON event.id = ledger.event_id
WHERE ledger.position > $1 ORDER BY ledger.position LIMIT $2

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

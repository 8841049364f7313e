-- Statements of a service's reading of its own log, on the tables of migration component "log".

-- name: bounds
-- How far the log goes now, by each of its tables, and the newest event of all.
SELECT (SELECT coalesce(max(position), 0) FROM ledger) AS positions,
       (SELECT coalesce(max(size), 0) FROM tree) AS sizes,
       (SELECT coalesce(max(size), 0) FROM checkpoint) AS signed,
       (SELECT coalesce(max(seq), 0) FROM event) AS inserted

-- name: by_index
-- A page is a few thousand rows of large tables; without statistics the planner would read whole tables for each.
SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off

-- name: page
-- Rows of the ledger with their events and the tree, if there is a row of it. "same" compares an event's columns with
-- its envelope, whose canonical form (``envelope.py``) is built here of them, because the server does that beside the
-- hashing; whoever gets "false" looks closer. $1 after this position, $2 up to this one, $3 the log's source
SELECT ledger.position, ledger.leaf_hash, ledger.chain_hash, event.envelope, event.data, tree.frontier, tree.root,
       event.leaf_hash = ledger.leaf_hash
       AND right(event.type, length(event.schema_version::text) + 2) = '.v' || event.schema_version
       AND event.envelope =
           '\x00000005'::bytea || 'actor'
           || int4send(octet_length(event.actor)) || convert_to(event.actor, 'UTF8')
           || CASE WHEN event.causation_id IS NULL THEN ''::bytea
                   ELSE '\x0000000b'::bytea || 'causationid' || '\x00000024'::bytea
                        || convert_to(event.causation_id::text, 'UTF8') END
           || '\x0000000d'::bytea || 'correlationid' || '\x00000024'::bytea
           || convert_to(event.correlation_id::text, 'UTF8')
           || '\x0000000f'::bytea || 'datacontenttype' || '\x00000010'::bytea || 'application/json'
           || '\x00000002'::bytea || 'id' || '\x00000024'::bytea || convert_to(event.id::text, 'UTF8')
           || '\x00000006'::bytea || 'source' || int4send(octet_length($3::text)) || convert_to($3::text, 'UTF8')
           || '\x0000000b'::bytea || 'specversion' || '\x00000003'::bytea || '1.0'
           || '\x0000000d'::bytea || 'streamversion'
           || int4send(octet_length(event.version::text)) || convert_to(event.version::text, 'UTF8')
           || '\x00000007'::bytea || 'subject'
           || int4send(octet_length(event.stream)) || convert_to(event.stream, 'UTF8')
           || '\x00000004'::bytea || 'time' || '\x0000001b'::bytea
           || convert_to(to_char(event.time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'UTF8')
           || '\x00000004'::bytea || 'type'
           || int4send(octet_length(event.type)) || convert_to(event.type, 'UTF8')
       AS same
FROM ledger
LEFT JOIN event ON event.id = ledger.event_id
LEFT JOIN tree ON tree.size = ledger.position
WHERE ledger.position > $1 AND ledger.position <= $2
ORDER BY ledger.position

-- name: closer
-- Everything about one position.
SELECT ledger.event_id, ledger.leaf_hash, ledger.chain_hash, event.id, event.stream, event.version, event.type,
       event.schema_version, event.time, event.actor, event.correlation_id, event.causation_id, event.envelope,
       event.data, event.leaf_hash AS event_leaf
FROM ledger LEFT JOIN event ON event.id = ledger.event_id WHERE ledger.position = $1

-- name: with_leaf
-- Whether another event has the bytes that a position was given to. $1 leaf hash
SELECT EXISTS (SELECT FROM event WHERE sha256('\x00'::bytea || envelope || data) = $1)

-- name: without_place
-- The oldest event that was there when the reading began and that has no position. $1 sequence number
SELECT event.id, event.stream, event.version FROM event
WHERE event.seq <= $1 AND NOT EXISTS (SELECT FROM ledger WHERE ledger.event_id = event.id) ORDER BY event.seq LIMIT 1

-- name: checkpoints
-- Checkpoints with the tree's own root at their sizes. $1 after this size, $2 up to this one, $3 limit
SELECT checkpoint.size, checkpoint.key, checkpoint.root, checkpoint.note, tree.root AS computed
FROM checkpoint LEFT JOIN tree ON tree.size = checkpoint.size
WHERE checkpoint.size > $1 AND checkpoint.size <= $2 ORDER BY checkpoint.size LIMIT $3

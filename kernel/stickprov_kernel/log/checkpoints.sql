-- Statements of signed checkpoints and of proofs, on the tables of migration component "log".

-- name: take_turns
-- Whoever adopts a key or makes a checkpoint does so alone, until the transaction ends. $1 the lock's number
SELECT pg_advisory_xact_lock($1)

-- name: keys
-- Every key in the order of its adoption.
SELECT number, verifier_key, adopted, size, handover FROM checkpoint_key ORDER BY number

-- name: newest_key
-- The key that signs.
SELECT number, verifier_key FROM checkpoint_key ORDER BY number DESC LIMIT 1

-- name: adopt
-- From now on another key signs.
INSERT INTO checkpoint_key (number, verifier_key, adopted, size, handover) VALUES ($1, $2, $3, $4, $5)

-- name: tree_head
-- What there is to sign.
SELECT size, root FROM tree ORDER BY size DESC LIMIT 1

-- name: write
-- Keep a checkpoint.
INSERT INTO checkpoint (size, key, root, time, reason, note) VALUES ($1, $2, $3, $4, $5, $6)

-- name: newest
-- The newest checkpoint.
SELECT size, root, time, reason, note FROM checkpoint ORDER BY size DESC LIMIT 1

-- name: at
-- The checkpoint of a size.
SELECT size, root, time, reason, note FROM checkpoint WHERE size = $1

-- name: oldest_first
-- Checkpoints behind a size, the smallest first. $1 the size, $2 limit
SELECT size, root, time, reason, note FROM checkpoint WHERE size > $1 ORDER BY size LIMIT $2

-- name: newest_first
-- Checkpoints before a size, the largest first. $1 the size, $2 limit
SELECT size, root, time, reason, note FROM checkpoint WHERE size < $1 ORDER BY size DESC LIMIT $2

-- name: leaves
-- Leaf hashes one after another. $1 after this position, $2 up to this position
SELECT coalesce(string_agg(leaf_hash, ''::bytea ORDER BY position), ''::bytea) FROM ledger
WHERE position > $1 AND position <= $2

-- name: notes_to_publish
-- Checkpoints behind a size, in order. $1 the size, $2 limit
SELECT size, note FROM checkpoint WHERE size > $1 ORDER BY size LIMIT $2

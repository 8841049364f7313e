-- Statement of the damage report, on the tables of migration component "inbox".

-- name: resembling
-- Entries of the log copy that a doubtful record may have been: at its position, or with its chain hash not far back.
-- $1 source, $2 positions[], $3 chain hashes[], $4 how far back
SELECT position, chain_hash, envelope, data FROM inbox_event WHERE source = $1 AND position = ANY($2::bigint[])
UNION ALL
SELECT e.position, e.chain_hash, e.envelope, e.data
FROM inbox AS newest JOIN inbox_event AS e ON e.source = newest.source AND e.position > newest.position - $4::bigint
WHERE newest.source = $1 AND e.chain_hash = ANY($3::bytea[]);

-- name: leaves
-- The next entries of a log copy up to a position: what their leaves are made of. $1 source, $2 after, $3 last, $4 limit
SELECT position, envelope, data FROM inbox_event
WHERE source = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4;

-- name: edge_before
-- The largest edge of a tree that is kept up to a size.
SELECT size, subtrees FROM tree_edge WHERE source = $1 AND size <= $2 ORDER BY size DESC LIMIT 1;

-- Seeds that are secret, in the vault.

-- name: keep_seed
-- $1 hash, $2 series, $3 seed
INSERT INTO vault.committed_seed (seed_hash, series, seed) VALUES ($1::text, $2::uuid, $3::text)

-- name: secret_seed
-- $1 hash
SELECT seed FROM vault.committed_seed WHERE seed_hash = $1::text

-- name: forget_seed
-- A seed that is in the log is no secret. $1 hash
DELETE FROM vault.committed_seed WHERE seed_hash = $1::text

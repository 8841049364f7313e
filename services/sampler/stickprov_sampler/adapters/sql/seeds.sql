-- Seeds that are secret, in the vault.

-- name: keep_seeds
-- $1 hashes[], $2 series[], $3 ids of master keys[], $4 wrapped keys[], $5 sealed seeds[]
INSERT INTO vault.committed_seed (seed_hash, series, master, wrapped_key, sealed)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[])

-- name: secret_seed
-- Sealed. $1 hash
SELECT master, wrapped_key, sealed FROM vault.committed_seed WHERE seed_hash = $1::text

-- name: forget_seed
-- A seed that is in the log is no secret. $1 hash
DELETE FROM vault.committed_seed WHERE seed_hash = $1::text

-- Statements of the relay, on the tables of migration component "log".

-- name: write_behind
-- How far was published need not wait for the disk: what a crash of the server loses of it is published again.
SET synchronous_commit = off;

-- name: prepare
-- Make the row of a log that was never published.
INSERT INTO relay (log, position) VALUES ($1, 0) ON CONFLICT (log) DO NOTHING;

-- name: published
-- How far a log was published.
SELECT position FROM relay WHERE log = $1;

-- name: advance
-- The log was published up to a position. It only ever goes forward.
UPDATE relay SET position = $2 WHERE log = $1 AND position < $2;

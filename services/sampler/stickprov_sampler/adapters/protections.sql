-- Statements on protected identities.

-- name: protected_cases
-- How far the log has come, and every case whose identity is protected by then: one statement, so one moment.
SELECT (SELECT coalesce(max(position), 0) FROM ledger) AS position,
       ARRAY(
           SELECT case_id FROM vault.identity WHERE protected
           UNION SELECT case_id FROM vault.protected_for_good
           ORDER BY case_id
       ) AS cases

-- name: is_protected
-- Whether a case's identity is protected, or was when it was erased; no row where it was erased and was not. $1 case
SELECT protected FROM vault.identity WHERE case_id = $1
UNION ALL
SELECT true FROM vault.protected_for_good WHERE case_id = $1
LIMIT 1

-- name: is_erased
-- Whether the vault knows nothing of a case any more. $1 case
SELECT NOT EXISTS (SELECT FROM vault.identity WHERE case_id = $1)

-- name: set_protection
-- $1 cases[], $2 whether their identities are protected
UPDATE vault.identity SET protected = $2 WHERE case_id = ANY ($1::text[]) AND protected <> $2

-- The draw: the smallest tickets of a frame file. Anybody can repeat it with these statements.

-- name: simple
-- The n units with the smallest tickets, in their order.
SELECT case_id, month, stratum, unit, handler, subunits, sha256($seed || '|' || case_id) AS ticket
FROM read_parquet($frame)
ORDER BY ticket LIMIT $n

-- name: stratified
-- The n_h units with the smallest tickets of each part, part by part, in their order. Only tickets up to a part's bound
-- are sorted; it changes nothing as long as n_h of them are there, which the caller checks.
WITH wanted AS (
    SELECT unnest($parts::VARCHAR[]) AS part, unnest($counts::BIGINT[]) AS n, unnest($bounds::VARCHAR[]) AS bound
), ticketed AS (
    SELECT *, CASE $stratify_by WHEN 'month' THEN month ELSE stratum END AS part,
        sha256($seed || '|' || case_id) AS ticket
    FROM read_parquet($frame)
)
SELECT case_id, month, stratum, unit, handler, subunits, ticket, part
FROM ticketed JOIN wanted USING (part)
WHERE ticket <= bound
QUALIFY row_number() OVER (PARTITION BY part ORDER BY ticket) <= n
ORDER BY part, ticket

-- name: sizes
-- How many units the frame file holds by stratum and month.
SELECT stratum, month, count(*) FROM read_parquet($frame) GROUP BY ALL ORDER BY stratum, month

-- name: identities
-- What the drawn pseudonyms stand for, from the identity file.
SELECT case_id, unit_id, fields FROM read_parquet($identities) WHERE list_contains($cases::VARCHAR[], case_id)

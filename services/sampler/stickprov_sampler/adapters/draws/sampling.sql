-- The draw: from a frame file to the units that the rule selects. Anybody can repeat it with these statements.
-- {stratum}, {part}, {key}, {amount}, {subunit_ids} are columns of the frame or made of them; {order} is the order of tickets.

-- name: simple
-- The n units with the smallest tickets, in their order.
SELECT case_id, month, {stratum} AS stratum, unit, handler, subunits, {subunit_ids} AS subunit_ids,
    sha256($seed || '|' || case_id) AS ticket, '' AS part, NULL::DOUBLE AS chance
FROM read_parquet($frame)
ORDER BY {order} LIMIT $n

-- name: stratified
-- The n_h units with the smallest tickets of each part, part by part, in their order. Only tickets up to a part's bound
-- are sorted; it changes nothing as long as n_h of them are there, which the caller checks.
WITH wanted AS (
    SELECT unnest($parts::VARCHAR[]) AS part, unnest($counts::BIGINT[]) AS n, unnest($bounds::VARCHAR[]) AS bound
), ticketed AS (
    SELECT case_id, month, {stratum} AS stratum, unit, handler, subunits, {subunit_ids} AS subunit_ids, {part} AS part,
        sha256($seed || '|' || case_id) AS ticket
    FROM read_parquet($frame)
)
SELECT case_id, month, stratum, unit, handler, subunits, subunit_ids, ticket, part, NULL::DOUBLE AS chance
FROM ticketed JOIN wanted USING (part)
WHERE ticket <= bound
QUALIFY row_number() OVER (PARTITION BY part ORDER BY {order}) <= n
ORDER BY part, {order}

-- name: systematic
-- Every interval-th unit from the start on, in the order of the sort key, ties by ticket; then the others by ticket.
WITH placed AS (
    SELECT case_id, month, {stratum} AS stratum, unit, handler, subunits, {subunit_ids} AS subunit_ids, ticket,
        row_number() OVER (ORDER BY {key} NULLS FIRST, ticket) AS place
    FROM (SELECT *, sha256($seed || '|' || case_id) AS ticket FROM read_parquet($frame))
), met AS (
    SELECT *, place >= $start AND (place - $start) % $interval = 0 AS hit FROM placed
)
SELECT case_id, month, stratum, unit, handler, subunits, subunit_ids, ticket, '' AS part, NULL::DOUBLE AS chance
FROM met
ORDER BY NOT hit, CASE WHEN hit THEN place END, ticket LIMIT $n

-- name: pps
-- Those that are taken for sure, by ticket; then by the ranking variable Q = u (1 - λ) / (λ (1 - u)) of Pareto sampling,
-- u being the ticket's first 52 bits as a part of 1, counted from the shift.
WITH sized AS (
    SELECT case_id, month, {stratum} AS stratum, unit, handler, subunits, {subunit_ids} AS subunit_ids,
        {amount} AS amount, sha256($seed || '|' || case_id) AS ticket
    FROM read_parquet($frame)
), chances AS (
    SELECT *,
        CASE WHEN amount >= $certain_from::DECIMAL(28, 6) THEN 1.0::DOUBLE
            ELSE $m * amount::DOUBLE / $total::DOUBLE END AS chance,
        ((('0x' || left(ticket, 13))::BIGINT - ('0x' || left($zero, 13))::BIGINT + 4503599627370496)
            % 4503599627370496 + 0.5::DOUBLE) / 4503599627370496::DOUBLE AS u
    FROM sized
)
SELECT case_id, month, stratum, unit, handler, subunits, subunit_ids, ticket, '' AS part, chance
FROM chances
WHERE chance > 0
ORDER BY chance < 1, CASE WHEN chance < 1 THEN (u * (1 - chance)) / (chance * (1 - u)) END, ticket LIMIT $n

-- name: sizes
-- How many units the frame file holds by stratum and month.
SELECT stratum, month, count(*) FROM read_parquet($frame) GROUP BY ALL ORDER BY stratum, month

-- name: columns
-- The frame file's columns.
SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet($frame))

-- name: cells
-- How many units there are by month and stratum of the draw.
SELECT month, {stratum} AS stratum, count(*) FROM read_parquet($frame) GROUP BY ALL ORDER BY ALL

-- name: handlers
-- How many different handlers each part has.
SELECT {part} AS part, count(DISTINCT handler) FROM read_parquet($frame) GROUP BY ALL ORDER BY ALL

-- name: without_handler
-- How many units nobody handles.
SELECT count(*) FROM read_parquet($frame) WHERE handler IS NULL

-- name: clashes
-- Names that stand for different combinations of values.
SELECT {stratum} AS stratum FROM read_parquet($frame)
GROUP BY ALL HAVING count(DISTINCT {values}) > 1 ORDER BY ALL

-- name: amounts
-- The sum of the sizes, and how many units have none that can be used.
SELECT sum(amount) FILTER (WHERE amount > 0), count(*) FILTER (WHERE (amount > 0) IS NOT TRUE)
FROM (SELECT {amount} AS amount FROM read_parquet($frame))

-- name: largest
-- The largest sizes, falling.
SELECT {amount} AS amount FROM read_parquet($frame) WHERE amount > 0 ORDER BY amount DESC LIMIT $n

-- name: present
-- How many of some cases the frame file holds.
SELECT count(*) FROM read_parquet($frame) WHERE list_contains($cases::VARCHAR[], case_id)

-- name: identities
-- What the drawn pseudonyms stand for, from the identity file.
SELECT case_id, unit_id, fields, protected, research_day
FROM read_parquet($identities) WHERE list_contains($cases::VARCHAR[], case_id)

-- name: identities_of_old
-- The same from a file of an older release, which told less.
SELECT case_id, unit_id, fields FROM read_parquet($identities) WHERE list_contains($cases::VARCHAR[], case_id)

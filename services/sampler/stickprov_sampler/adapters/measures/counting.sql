-- Counting a rule over a frame. {places} hold our own expressions; what somebody wrote is bound.

-- name: describe
-- The columns of a frame file and their types.
SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($frame))

-- name: count
-- By month, unit and category what counts, and by month and unit how many were looked at. "removed_by" is the number
-- of the first condition that does not hold: 0 when all do; up to $among it means that the unit is not looked at.
WITH asked AS (
    SELECT month, unit, {texts} FROM read_parquet($frame)
), judged AS (
    SELECT month, unit, {category} AS category, {adds} AS adds, {removed_by} AS removed_by FROM asked
), looked_at AS (
    SELECT month, unit, count(*) AS denominator
    FROM judged WHERE removed_by = 0 OR removed_by > $among
    GROUP BY month, unit
), counted AS (
    SELECT month, unit, category, sum(adds) AS numerator
    FROM judged WHERE removed_by = 0
    GROUP BY month, unit, category
)
SELECT month, unit, coalesce(category, '') AS category, coalesce(numerator, 0) AS numerator, denominator
FROM looked_at LEFT JOIN counted USING (month, unit)
ORDER BY month, unit, category

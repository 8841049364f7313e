-- Reading a register file into units, in DuckDB. Values are text throughout, so that leading zeros survive.
-- A {place} holds an expression of our own making (a column c0, c1, ... or a literal); values are parameters.

-- name: read_text
-- The file's rows as they stand; those that do not fit the header go to reject_errors.
CREATE TABLE raw AS
SELECT * FROM read_csv(
    $path, delim = $delimiter, columns = {columns}, auto_detect = false, header = true, quote = '"', escape = '"',
    new_line = '\n', ignore_errors = true, store_rejects = true, rejects_limit = 0
)

-- name: unreadable_rows
-- Row number and reason of each row that does not fit the header.
SELECT line AS row, min(error_type::text) AS reason FROM reject_errors GROUP BY line ORDER BY line

-- name: number_rows
-- Rows with their numbers, the header being row 1.
CREATE VIEW numbered AS SELECT rowid + 2 AS row, * FROM raw

-- name: number_rows_around_gaps
-- The same when rows are missing from the table: $gaps are their numbers, $last is the file's last row.
CREATE TABLE numbered AS
SELECT place.row, raw.*
FROM raw
JOIN (
    SELECT row, row_number() OVER (ORDER BY row) - 1 AS ordinal
    FROM range(2, $last + 1) AS every (row)
    ANTI JOIN (SELECT unnest($gaps::BIGINT[]) AS row) AS gap USING (row)
) AS place ON place.ordinal = raw.rowid

-- name: count_raw
SELECT count(*) FROM raw

-- name: column_type
-- The type that all values of one column have. A number with leading zeros is text: as a number it would lose them.
SELECT CASE
    WHEN count(value) = 0 THEN 'empty'
    WHEN bool_and(regexp_full_match(value, '[+-]?(0|[1-9]\d*)')) THEN 'integer'
    WHEN bool_and(regexp_full_match(value, '[+-]?(0|[1-9]\d*)([.,]\d+)?')) THEN 'decimal'
    WHEN bool_and(regexp_full_match(value, '\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])')) THEN 'date'
    WHEN bool_and(lower(value) IN ('ja', 'nej', 'sant', 'falskt', 'yes', 'no', 'true', 'false')) THEN 'boolean'
    ELSE 'text'
END
FROM (SELECT nullif(trim({column}, $space), '') AS value FROM raw)

-- name: judge_units
-- Each row as a unit, with a code for each value that cannot be used. A role without a column is NULL throughout.
CREATE TABLE judged AS
WITH cleaned AS (
    SELECT row,
        trim(coalesce({unit_id}, ''), $space) AS unit_id, {month} AS month_text, {stratum} AS stratum, {unit} AS unit,
        {handler} AS handler, {subunits} AS subunits_text
    FROM numbered
), dated AS (
    SELECT *, CASE
        WHEN regexp_full_match(month_text, '\d{4}-\d{2}-\d{2}([ T].*)?') THEN try_cast(left(month_text, 10) AS DATE)
        WHEN regexp_full_match(month_text, '\d{4}-\d{2}') THEN try_cast(month_text || '-01' AS DATE)
    END AS day
    FROM cleaned
)
SELECT row, unit_id, month_text, stratum, unit, handler, subunits_text,
    coalesce(left(month_text, 7), $first_month) AS month,
    try_cast(subunits_text AS INTEGER) AS subunits,
    CASE
        WHEN unit_id = '' THEN 'missing-value'
        -- What a spreadsheet makes of a long number: 1,98E+11 or 198001011234.0
        WHEN regexp_full_match(unit_id, '[+-]?\d+([.,]\d+)?[eE][+-]\d+|[+-]?\d+[.,]\d+[eE]\d+|[+-]?\d+[.,]0+') THEN 'float-id'
    END AS unit_id_code,
    CASE
        WHEN month_text IS NULL THEN NULL
        WHEN month_text = '' THEN 'missing-value'
        WHEN day IS NULL THEN 'no-date'
        WHEN length(month_text) = 7 AND NOT list_contains($months, month_text) THEN 'outside-period'
        WHEN length(month_text) > 7 AND (day < $start OR day >= $end) THEN 'outside-period'
    END AS month_code,
    CASE WHEN stratum = '' THEN 'missing-value' END AS stratum_code,
    CASE WHEN unit = '' THEN 'missing-value' END AS unit_code,
    CASE WHEN handler = '' THEN 'missing-value' END AS handler_code,
    CASE
        WHEN subunits_text = '' THEN 'missing-value'
        WHEN NOT regexp_full_match(subunits_text, '\d{1,3}') THEN 'no-count'
    END AS subunits_code
FROM dated

-- name: find_repeated
-- Unit ids that stand more than once, with the row where each stood first.
CREATE TABLE repeated AS
SELECT unit_id, min(row) AS first_row FROM judged WHERE unit_id <> '' GROUP BY unit_id HAVING count(*) > 1

-- name: accept_units
-- The units that can be used, each once.
CREATE VIEW accepted AS
SELECT judged.*
FROM judged LEFT JOIN repeated USING (unit_id)
WHERE coalesce(unit_id_code, month_code, stratum_code, unit_code, handler_code, subunits_code) IS NULL
    AND (first_row IS NULL OR row = first_row)

-- name: count_units
-- How many rows can be used, and the sum of their subunits (NULL where the register does not count them).
SELECT count(*), sum(subunits) FROM accepted

-- name: count_repeats
-- How many rows repeat a unit id of an earlier row.
SELECT count(*) FROM judged JOIN repeated USING (unit_id) WHERE row > first_row

-- name: problems
-- The first values that cannot be used, by row and column. first_row is where a repeated unit id stood first.
SELECT row, role, code, value, first_row
FROM (
    SELECT row, 0 AS place, 'unit_id' AS role, unit_id_code AS code, unit_id AS value, NULL AS first_row
    FROM judged WHERE unit_id_code IS NOT NULL
    UNION ALL
    SELECT row, 1, 'unit_id', 'repeated-id', unit_id, first_row FROM judged JOIN repeated USING (unit_id) WHERE row > first_row
    UNION ALL
    SELECT row, 2, 'month', month_code, month_text, NULL FROM judged WHERE month_code IS NOT NULL
    UNION ALL
    SELECT row, 3, 'stratum', stratum_code, stratum, NULL FROM judged WHERE stratum_code IS NOT NULL
    UNION ALL
    SELECT row, 4, 'unit', unit_code, unit, NULL FROM judged WHERE unit_code IS NOT NULL
    UNION ALL
    SELECT row, 5, 'handler', handler_code, handler, NULL FROM judged WHERE handler_code IS NOT NULL
    UNION ALL
    SELECT row, 6, 'subunits', subunits_code, subunits_text, NULL FROM judged WHERE subunits_code IS NOT NULL
)
ORDER BY row, place LIMIT $limit

-- name: strata
-- Sizes by stratum and month of the units that can be used.
SELECT coalesce(stratum, '') AS stratum, month, count(*) AS size FROM accepted GROUP BY ALL ORDER BY stratum, month

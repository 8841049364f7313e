-- Judging a loaded register file, in DuckDB: rows become units, or are refused with a code.
-- A {place} holds an expression of our own making (a column c0, c1, ... or a literal); values are parameters.

-- name: column_types
-- For each column, whether it has values, and which types all of them fit; types.py makes the tests.
SELECT {tests} FROM {rows}

-- name: judge_units
-- Each row as a unit, with what is wrong about its values, if anything: its faults. Only what is asked for later is kept.
-- A role without a column is NULL throughout.
-- The part "rule" is that of personal_number.sql; it gives number_code, digits and born.
CREATE TABLE judged AS
WITH cleaned AS (
    SELECT *,
        {unit_id} AS unit_text, {personal_number} AS number_text, {month} AS month_text,
        {stratum} AS stratum, {unit} AS unit, {handler} AS handler, {subunits} AS subunits_text,
        lower({protection}) AS protection_text,
        {subunit_ids} AS subunit_list, {subunit_code} AS subunit_code, {subunit_text} AS subunit_text
    FROM {rows}
), {rule}, dated AS (
    SELECT *,
        CASE
            WHEN try_cast(month_text AS DATE)::VARCHAR = month_text THEN try_cast(month_text AS DATE)
            WHEN regexp_full_match(month_text, '\d{4}-\d{2}-\d{2}([ T].*)?') THEN try_cast(left(month_text, 10) AS DATE)
            WHEN regexp_full_match(month_text, '\d{4}-\d{2}') THEN try_cast(month_text || '-01' AS DATE)
        END AS day
    FROM coded
), judged AS (
    SELECT *, {unit_value} AS unit_id,
        CASE
            WHEN {unit_is_number} THEN NULL
            WHEN unit_text = '' THEN 'missing-value'
            WHEN regexp_full_match(unit_text, $rounded) THEN 'float-id'
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
        CASE WHEN NOT list_contains($protection_words, protection_text) THEN 'no-protection' END AS protection_code,
        CASE
            WHEN subunit_code IS NOT NULL THEN subunit_code
            WHEN len(subunit_list) > 999 THEN 'too-many-subunits'
            WHEN len(subunit_list) <> len(list_distinct(subunit_list)) THEN 'repeated-subunit'
            WHEN subunit_list IS NOT NULL THEN NULL
            WHEN subunits_text = '' THEN 'missing-value'
            WHEN NOT regexp_full_match(subunits_text, '\d{1,3}') THEN 'no-count'
        END AS subunits_code
    FROM dated
)
SELECT row, unit_id, coalesce(left(month_text, 7), $first_month) AS month, stratum, unit, handler,
    coalesce(len(subunit_list), try_cast(subunits_text AS INTEGER)) AS subunits, subunit_list AS subunit_ids,
    {removed_by} AS removed_by,
    CASE
        WHEN number_code IS NOT NULL OR unit_id_code IS NOT NULL OR month_code IS NOT NULL OR stratum_code IS NOT NULL
            OR unit_code IS NOT NULL OR handler_code IS NOT NULL OR subunits_code IS NOT NULL
            OR protection_code IS NOT NULL
        THEN [
            {'place': 0, 'role': 'unit_id', 'code': unit_id_code, 'value': unit_id},
            {'place': 1, 'role': 'personal_number', 'code': number_code, 'value': number_text},
            {'place': 3, 'role': 'month', 'code': month_code, 'value': month_text},
            {'place': 4, 'role': 'stratum', 'code': stratum_code, 'value': stratum},
            {'place': 5, 'role': 'unit', 'code': unit_code, 'value': unit},
            {'place': 6, 'role': 'handler', 'code': handler_code, 'value': handler},
            {'place': 7, 'role': 'subunits', 'code': subunits_code, 'value': coalesce(subunit_text, subunits_text)},
            {'place': 8, 'role': 'protection', 'code': protection_code, 'value': protection_text}
        ]
    END AS faults{carried}
FROM judged

-- name: all_different
-- Whether the unit ids are different for certain: their hashes are. Rows that the filter removed do not count.
SELECT count(DISTINCT hash(unit_id)) = count(*) FROM judged WHERE unit_id <> '' AND removed_by = 0

-- name: none_repeated
CREATE TABLE repeated AS SELECT unit_id, row AS first_row FROM judged WHERE false

-- name: find_repeated
-- Unit ids that stand more than once, with the row where each stood first. Rows that the filter removed do not count.
CREATE TABLE repeated AS
SELECT unit_id, min(row) AS first_row
FROM judged WHERE unit_id <> '' AND removed_by = 0 GROUP BY unit_id HAVING count(*) > 1

-- name: drop_raw
-- Room for the rest of the work: everything that is asked for later has been carried along.
DROP TABLE raw CASCADE

-- name: accept_units
-- The units that can be used, each once. The joins are there when they can find something.
CREATE VIEW accepted AS
SELECT judged.* REPLACE ({subunit_ids} AS subunit_ids, {subunits} AS subunits)
FROM judged {joins}
WHERE removed_by = 0 AND faults IS NULL AND {first}

-- name: count_units
-- How many rows can be used, and the sum of their subunits (NULL where the register does not count them).
SELECT count(*), sum(subunits)::BIGINT FROM accepted

-- name: count_protected
-- How many units that can be used have a protected identity.
SELECT count(*) FROM accepted WHERE protected

-- name: count_removed
-- How many rows each clause of the filter removed, by its number.
SELECT removed_by, count(*) FROM judged WHERE removed_by > 0 GROUP BY removed_by

-- name: count_repeats
-- How many rows repeat a unit id of an earlier row.
SELECT count(*) FROM judged JOIN repeated USING (unit_id) WHERE row > first_row AND removed_by = 0

-- name: problems
-- The first values that cannot be used, by row and column. first_row is where a repeated unit id stood first.
SELECT row, role, code, value, first_row
FROM (
    SELECT row, fault.place AS place, fault.role AS role, fault.code AS code, fault.value AS value, NULL AS first_row
    FROM (SELECT row, unnest(faults) AS fault FROM judged WHERE faults IS NOT NULL AND removed_by = 0)
    WHERE fault.code IS NOT NULL
    UNION ALL
    SELECT row, 2, 'unit_id', 'repeated-id', unit_id, first_row
    FROM judged JOIN repeated USING (unit_id) WHERE row > first_row AND removed_by = 0
)
ORDER BY row, place LIMIT $limit

-- name: strata
-- Sizes by stratum and month of the units that can be used.
SELECT coalesce(stratum, '') AS stratum, month, count(*) AS size FROM accepted GROUP BY ALL ORDER BY stratum, month

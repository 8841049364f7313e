-- Judging subunits, in DuckDB: those that a column lists, and those of a file of their own.
-- A {place} holds an expression of our own making (a column c0, c1, ... or a literal); values are parameters.

-- name: split_lists
-- The listed subunits of each row, one by one in their order.
CREATE TABLE subunit_listed AS
SELECT row, unnest(ids) AS text, generate_subscripts(ids, 1) AS place FROM (SELECT row, {ids} AS ids FROM numbered)

-- name: judge_subunit_numbers
-- The subunits' ids as personal numbers, each text once: the part "rule" gives number_code and digits.
CREATE TABLE subunit_number AS
WITH cleaned AS (SELECT DISTINCT {text} AS number_text FROM {rows}), {rule}
SELECT number_text AS text, number_code AS code, digits AS normalised FROM coded

-- name: no_subunit_numbers
CREATE TABLE subunit_number AS
SELECT NULL::VARCHAR AS text, NULL::VARCHAR AS code, NULL::VARCHAR AS normalised WHERE false

-- name: list_subunit_numbers
-- Each row's list with its numbers normalised, and the first that cannot be used.
CREATE TABLE subunit_numbers AS
SELECT row, list(coalesce(normalised, text) ORDER BY place) AS ids,
    first(code ORDER BY place) FILTER (WHERE code IS NOT NULL) AS code,
    first(text ORDER BY place) FILTER (WHERE code IS NOT NULL) AS text
FROM subunit_listed JOIN subunit_number USING (text) GROUP BY row

-- name: judge_subunits
-- The rows of the subunits' own file, each with a code when it cannot be used.
CREATE TABLE subunit_judged AS
WITH cleaned AS (
    SELECT row, {parent} AS parent_text, {id} AS id_text, {parent_number} AS number_text FROM subunit_numbered
), {rule}, units AS (
    SELECT unit_id, min(removed_by) AS removed_by FROM judged WHERE unit_id <> '' GROUP BY unit_id
), named AS (
    SELECT coded.row, parent_text, coalesce(digits, parent_text) AS parent, coalesce(normalised, id_text) AS id, code
    FROM coded LEFT JOIN subunit_number ON text = id_text
)
SELECT row, parent_text, id, unit_id, removed_by,
    CASE WHEN parent_text = '' THEN 'missing-value' WHEN unit_id IS NULL THEN 'unknown-unit' END AS parent_code,
    CASE
        WHEN id = '' THEN 'missing-value'
        WHEN code IS NOT NULL THEN code
        WHEN regexp_full_match(id, $rounded) THEN 'float-id'
        WHEN unit_id IS NOT NULL AND row_number() OVER (PARTITION BY unit_id, id ORDER BY row) > 1
            THEN 'repeated-subunit'
    END AS id_code
FROM named LEFT JOIN units ON unit_id = parent

-- name: list_subunits
-- The subunits of each unit, in an order that does not depend on the file's.
CREATE TABLE listed AS
SELECT unit_id, list(id ORDER BY id) AS ids
FROM subunit_judged WHERE parent_code IS NULL AND id_code IS NULL GROUP BY unit_id

-- name: no_subunits_file
CREATE TABLE listed AS SELECT NULL::VARCHAR AS unit_id, NULL::VARCHAR[] AS ids WHERE false

-- name: subunit_problems
-- The first values of the subunits' own file that cannot be used.
SELECT row, role, code, value
FROM (
    SELECT row, 0 AS place, 'parent' AS role, parent_code AS code, parent_text AS value
    FROM subunit_judged WHERE parent_code IS NOT NULL
    UNION ALL
    SELECT row, 1, 'id', id_code, id FROM subunit_judged WHERE id_code IS NOT NULL
)
ORDER BY row, place LIMIT $limit

-- name: count_bad_subunits
SELECT count(*) FROM subunit_judged WHERE coalesce(parent_code, id_code) IS NOT NULL

-- Writing what was read: the frame, which holds pseudonyms only, and the identities, which stay in the vault.

-- name: name_handlers
-- A handler's pseudonym: the same rule that makes an actor of a signed-in person, so that the two can be compared.
CREATE TABLE handler AS
SELECT name, 'p' || left(sha256($outer::BLOB || unhex(sha256($inner::BLOB || encode(name)))), 24) AS pseudonym
FROM (SELECT DISTINCT handler AS name FROM accepted WHERE handler IS NOT NULL)

-- name: name_values
-- The values of a column that has few, each once: rows are sorted with their numbers instead of their texts.
CREATE TYPE {role}_name AS ENUM (SELECT DISTINCT {value} FROM {source} ORDER BY ALL)

-- name: name_cases
-- Each unit under its pseudonym in the series: HMAC-SHA-256 of its id. A subunit's is that of its unit's id and its own.
CREATE TABLE frame AS
SELECT sha256($outer::BLOB || unhex(sha256($inner::BLOB || encode(unit_id)))) AS case_id,
    month::month_name AS month, coalesce(stratum, '')::stratum_name AS stratum, coalesce(unit, '')::unit_name AS unit,
    handler.pseudonym::handler_name AS handler, subunits, unit_id{listed}{carried}
FROM accepted LEFT JOIN handler ON handler.name = accepted.handler

-- name: subunit_pseudonyms
-- The expression for the pseudonyms of a unit's subunits. The separator stands in no cell of a file.
list_transform(subunit_ids, lambda one: sha256(
    $outer::BLOB || unhex(sha256($inner::BLOB || encode('subunit' || chr(31) || unit_id || chr(31) || one)))
))

-- name: drop_judged
-- Room for the sort.
DROP TABLE judged CASCADE

-- name: write_frame
-- The frame file. Its order says nothing about the order of the register. Pseudonyms are as good as chance, so a higher
-- level of compression costs time and saves nothing.
COPY (
    SELECT case_id, month::VARCHAR AS month, stratum::VARCHAR AS stratum, unit::VARCHAR AS unit,
        handler::VARCHAR AS handler, subunits, {subunit_ids} AS subunit_ids{kept}
    FROM (FROM frame ORDER BY case_id)
) TO {path} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)

-- name: protected_cases
-- The pseudonyms of those whose identity is protected.
SELECT case_id FROM frame WHERE protected ORDER BY case_id

-- name: write_identities
-- The identity file: what a pseudonym stands for, with the identity columns and the subunits' ids by name, whether the
-- person's data are protected, and whether they may be kept for research.
COPY (
    SELECT case_id, unit_id, {fields} AS fields, {subunits} AS subunits, {protected} AS protected,
        {research_day} AS research_day
    FROM frame{left_out}
)
TO {path} (FORMAT parquet, COMPRESSION snappy)

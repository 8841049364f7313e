-- Writing what was read: the frame, which holds pseudonyms only, and the identities, which stay in the vault.

-- name: name_handlers
-- A handler's pseudonym: the same rule that makes an actor of a signed-in person, so that the two can be compared.
CREATE TABLE handler AS
SELECT name, 'p' || left(sha256($outer::BLOB || unhex(sha256($inner::BLOB || encode(name)))), 24) AS pseudonym
FROM (SELECT DISTINCT handler AS name FROM accepted WHERE handler IS NOT NULL)

-- name: name_cases
-- Each unit under its pseudonym in the series: HMAC-SHA-256 of its id.
CREATE TABLE frame AS
SELECT sha256($outer::BLOB || unhex(sha256($inner::BLOB || encode(unit_id)))) AS case_id,
    month, coalesce(stratum, '') AS stratum, coalesce(unit, '') AS unit, handler.pseudonym AS handler, subunits,
    row, unit_id
FROM accepted LEFT JOIN handler ON handler.name = accepted.handler

-- name: write_frame
-- The frame file. Its order says nothing about the order of the register.
COPY (SELECT case_id, month, stratum, unit, handler, subunits FROM frame ORDER BY case_id)
TO {path} (FORMAT parquet, COMPRESSION zstd)

-- name: write_identities
-- The identity file: what a pseudonym stands for, with the identity columns by name.
COPY (
    SELECT case_id, unit_id, {fields} AS fields FROM frame JOIN numbered USING (row) ORDER BY case_id
) TO {path} (FORMAT parquet, COMPRESSION zstd)

-- Looking for people in identity files, and writing the files without them. {columns} come from the file itself.

-- name: present
-- Those of some cases that a file holds.
SELECT case_id FROM read_parquet($identities) WHERE list_contains($cases::VARCHAR[], case_id)

-- name: candidates
-- Rows that have what was looked for somewhere, whatever stands between its letters and digits; more than those meant.
SELECT case_id, unit_id, fields FROM read_parquet($identities)
WHERE contains(
    regexp_replace(upper({columns}), '[^\p{L}\p{N}]', '', 'g'), regexp_replace(upper($needle), '[^\p{L}\p{N}]', '', 'g')
)

-- name: without
-- {cases} are pseudonyms, which are hex.
COPY (SELECT * FROM read_parquet({identities}) WHERE case_id NOT IN ({cases})) TO {path} (FORMAT parquet, COMPRESSION snappy)

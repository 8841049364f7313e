-- Loading a file into text columns c0, c1, ... in DuckDB. Values are text throughout, so that leading zeros survive.
-- A {place} holds a table's name or an expression of our own making; values are parameters.

-- name: read_text
-- The file's rows as they stand; those that do not fit the header go to the rejects.
CREATE TABLE {raw} AS
SELECT * FROM read_csv(
    $path, delim = $delimiter, columns = {columns}, auto_detect = false, header = true, quote = '"', escape = '"',
    new_line = '\n', ignore_errors = true, store_rejects = true, rejects_limit = 0, rejects_table = '{rejects}',
    rejects_scan = '{scan}'
)

-- name: unreadable_rows
-- Row number and reason of each row that does not fit the header.
SELECT line AS row, min(error_type::text) AS reason FROM {rejects} GROUP BY line ORDER BY line

-- name: number_rows
-- Rows with their numbers; the first one's is {offset}.
CREATE VIEW {numbered} AS SELECT rowid + {offset} AS row, * FROM {raw}

-- name: number_rows_around_gaps
-- The same when rows are missing from the table: $gaps are their numbers, $last is the file's last row.
CREATE TABLE {numbered} AS
SELECT place.row + {offset} AS row, {raw}.*
FROM {raw}
JOIN (
    SELECT row, row_number() OVER (ORDER BY row) - 1 AS ordinal
    FROM range(2, $last + 1) AS every (row)
    ANTI JOIN (SELECT unnest($gaps::BIGINT[]) AS row) AS gap USING (row)
) AS place ON place.ordinal = {raw}.rowid

-- name: count_raw
SELECT count(*) FROM {raw}

-- name: describe_parquet
-- A Parquet file's columns and their types.
SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($path))

-- name: weigh_parquet
-- How many rows a Parquet file says it has, and how many bytes once its columns are unpacked.
SELECT (SELECT sum(num_rows)::HUGEINT FROM parquet_file_metadata({path})),
    (SELECT sum(total_uncompressed_size)::HUGEINT FROM parquet_metadata({path}))

-- name: read_parquet
-- A Parquet file's cells as text.
CREATE TABLE {raw} AS SELECT {texts} FROM read_parquet($path)


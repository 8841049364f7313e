-- A frame's listing: the same text for ever for the same units.

-- name: listed_columns
-- The frame file's columns with their types.
SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet({frame}))

-- name: write_units
-- A line a unit, in the order of the frame file, which is that of case_id. Nothing is quoted: a line is written as it is.
COPY (SELECT concat({line}) FROM read_parquet({frame}))
TO {path} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\t')

-- name: text
-- A text. What would break a line or a cell is written with a backslash; next to no text has it.
CASE WHEN contains({column}, '\') OR contains({column}, chr(9)) OR contains({column}, chr(10)) OR contains({column}, chr(13))
THEN replace(replace(replace(replace({column}, '\', '\\'), chr(9), '\t'), chr(10), '\n'), chr(13), '\r') ELSE {column} END

-- name: texts
-- A list of pseudonyms.
array_to_string({column}, ',')

-- name: plain
-- A whole number by its digits, a decimal one with all its places, a date as YYYY-MM-DD, a truth value as true or false.
{column}::VARCHAR

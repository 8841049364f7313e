-- Personal numbers where none may stand: in a column that the frame keeps in clear.

-- name: personal_numbers
-- How many values of a column hold a personal number, how many of them written as nothing else is (with a sign before
-- the last four), the first row with one of each kind, and how many values there are. The part "rule" is that of
-- personal_number.sql. The number may stand in the midst of a text.
WITH filled AS (
    SELECT row, {value} AS text FROM numbered WHERE {value} IS NOT NULL
), cleaned AS (
    SELECT row, regexp_extract(text, '(?:^|[^0-9])((?:\d\d)?\d{6}[-+]?\d{4})(?:[^0-9]|$)', 1) AS number_text
    FROM filled
    WHERE regexp_matches(text, '\d{6}[-+]?\d{4}')
), {rule}, found AS (
    SELECT row, regexp_matches(number_text, '[-+]') AS signed FROM coded WHERE number_code IS NULL AND number_text <> ''
)
SELECT
    (SELECT count(*) FROM found), (SELECT min(row) FROM found),
    (SELECT min(row) FROM found WHERE signed), (SELECT count(*) FROM filled)

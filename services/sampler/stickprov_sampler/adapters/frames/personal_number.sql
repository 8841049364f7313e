-- The rule of domain/identity over a whole column, to be put between the parts of a WITH. A property test holds the two
-- together. It reads number_text from the part named cleaned (without space around it; NULL for no column) and
-- $extract_date, and ends in the part named coded: number_code says what is wrong, else digits and born are there.
-- Whole numbers are cheaper than pieces of text, so the text is cut twice only.

-- name: rule
split AS (
    SELECT *,
        CASE
            WHEN regexp_full_match(number_text, '(\d\d)?\d{6}[-+]?[\dTRSUWXJKLMNtrsuwxjklmn]\d{3}') THEN number_text
        END AS number
    FROM cleaned
), pieces AS (
    SELECT *, left(number, length(number) // 2 * 2 - 4)::INTEGER AS dated, right(number, 4) AS last_four FROM split
), numbers AS (
    SELECT *,
        CASE WHEN length(number) >= 12 THEN dated // 10000
            ELSE year($extract_date::DATE) - (year($extract_date::DATE) - dated // 10000) % 100
                - CASE WHEN contains(number, '+') THEN 100 ELSE 0 END
        END AS birth_year,
        dated // 100 % 100 AS birth_month, dated % 100 AS birth_day,
        -- A letter, which comes after every digit, counts as 1.
        CASE WHEN last_four < ':' THEN last_four ELSE '1' || right(last_four, 3) END::INTEGER AS serial
    FROM pieces
), born AS (
    SELECT *,
        TRY(make_date(
            birth_year,
            CASE WHEN birth_day >= 60 AND birth_month = 0 THEN 1 ELSE birth_month END,
            CASE WHEN birth_day >= 60 THEN greatest(birth_day - 60, 1) ELSE birth_day END
        )) AS born,
        -- The sum of the digits of each digit times 2, 1, 2, 1, ...: of the last digit only, so a carry counts 1.
        (
            2 * (dated // 100000 % 10 + birth_month // 10 + birth_day // 10 + serial // 1000 + serial // 10 % 10)
            + (dated // 100000 % 10 > 4)::INTEGER + (birth_month > 49)::INTEGER + (birth_day > 49)::INTEGER
            + (serial > 4999)::INTEGER + (serial // 10 % 10 > 4)::INTEGER
            + dated // 10000 % 10 + birth_month % 10 + birth_day % 10 + serial // 100 % 10 + serial % 10
        ) % 10 AS remainder
    FROM numbers
), coded AS (
    SELECT *,
        CASE
            WHEN number_text IS NULL THEN NULL
            WHEN number_text = '' THEN 'missing-value'
            WHEN number IS NULL AND regexp_full_match(number_text, $rounded) THEN 'float-id'
            WHEN number IS NULL THEN 'number-form'
            WHEN birth_year NOT BETWEEN 1800 AND 2099 THEN 'number-century'
            WHEN born IS NULL THEN 'number-day'
            WHEN born > $extract_date::DATE THEN 'number-late'
            WHEN contains(number, '+') AND birth_year > year($extract_date::DATE) - 100 THEN 'number-sign'
            WHEN remainder <> 0 THEN 'number-check'
        END AS number_code,
        CASE
            WHEN number_code IS NOT NULL THEN NULL
            WHEN length(number) >= 12 THEN left(number, 8) || upper(last_four)
            ELSE birth_year // 100 || left(number, 6) || upper(last_four)
        END AS digits
    FROM born
)

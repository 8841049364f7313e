-- The rule of domain/identity over a whole column, to be put between the parts of a WITH. A property test holds the two
-- together. It reads number_text from the part named cleaned (upper case, without space around it; NULL for no column)
-- and $extract_date, and ends in the part named coded: number_code says what is wrong, else digits and born are there.

-- name: rule
split AS (
    SELECT *,
        CASE WHEN regexp_full_match(number_text, '(\d\d)?\d{6}[-+]?[\dTRSUWXJKLMN]\d{3}') THEN number_text END AS number
    FROM cleaned
), numbers AS (
    SELECT *,
        CASE WHEN length(number) >= 12 THEN left(number, 4)::INTEGER
            ELSE year($extract_date::DATE) - (year($extract_date::DATE) - left(number, 2)::INTEGER) % 100
                - CASE WHEN contains(number, '+') THEN 100 ELSE 0 END
        END AS birth_year,
        CASE WHEN length(number) >= 12 THEN substr(number, 3, 6) ELSE left(number, 6) END AS birth_text,
        right(number, 4) AS last_four
    FROM split
), digits AS (
    SELECT *,
        substr(birth_text, 3, 2)::INTEGER AS birth_month, substr(birth_text, 5, 2)::INTEGER AS birth_day,
        left(birth_text, 5)::INTEGER AS high,
        (right(birth_text, 1) || translate(last_four, 'TRSUWXJKLMN', '11111111111'))::INTEGER AS low
    FROM numbers
), born AS (
    SELECT *,
        TRY(make_date(
            birth_year,
            CASE WHEN birth_day >= 60 AND birth_month = 0 THEN 1 ELSE birth_month END,
            CASE WHEN birth_day >= 60 THEN greatest(birth_day - 60, 1) ELSE birth_day END
        )) AS born,
        (
            2 * (high // 10000) - CASE WHEN high // 10000 > 4 THEN 9 ELSE 0 END
            + high // 1000 % 10
            + 2 * (high // 100 % 10) - CASE WHEN high // 100 % 10 > 4 THEN 9 ELSE 0 END
            + high // 10 % 10
            + 2 * (high % 10) - CASE WHEN high % 10 > 4 THEN 9 ELSE 0 END
            + low // 10000
            + 2 * (low // 1000 % 10) - CASE WHEN low // 1000 % 10 > 4 THEN 9 ELSE 0 END
            + low // 100 % 10
            + 2 * (low // 10 % 10) - CASE WHEN low // 10 % 10 > 4 THEN 9 ELSE 0 END
            + low % 10
        ) % 10 AS remainder
    FROM digits
), coded AS (
    SELECT *,
        CASE
            WHEN number_text IS NULL THEN NULL
            WHEN number_text = '' THEN 'missing-value'
            WHEN number IS NULL AND regexp_full_match(number_text, $rounded) THEN 'float-id'
            WHEN number IS NULL THEN 'number-form'
            WHEN birth_year // 100 NOT IN (18, 19, 20) THEN 'number-century'
            WHEN born IS NULL THEN 'number-day'
            WHEN born > $extract_date::DATE THEN 'number-late'
            WHEN contains(number, '+') AND birth_year > year($extract_date::DATE) - 100 THEN 'number-sign'
            WHEN remainder <> 0 THEN 'number-check'
        END AS number_code,
        CASE WHEN number_code IS NULL THEN birth_year || substr(birth_text, 3) || last_four END AS digits
    FROM born
)

-- Statements on the cases behind a number. $1 is the generation.

-- name: cases_behind
-- Drawn cases of some draws ($3) of a control point ($2) that fit everything that is not null: status $4, remark $5,
-- category $6, month $7, unit $8, stratum $9, and an answer $11 (or any) to a question $10, of the case or a subunit;
-- those behind draw $12 and case $13, in their order, the first $14; with the count of all that fit.
WITH behind AS (
    SELECT found.* FROM unnest($3::uuid[]) AS wanted (draw)
    CROSS JOIN LATERAL (
        SELECT draw, control_point, case_id, month, unit, stratum, subunits, probability, replaced, version, status,
               reason, remark, categories, detail, second, file_review
        FROM case_row
        WHERE generation = $1 AND draw = wanted.draw AND control_point = $2 AND month IS NOT NULL AND NOT replaced
        OFFSET 0
    ) AS found
    WHERE ($4::text IS NULL OR status = $4) AND ($5::boolean IS NULL OR (status = 'reviewed' AND remark = $5))
          AND ($6::text IS NULL OR categories ? $6)
          AND ($7::text IS NULL OR month = $7) AND ($8::text IS NULL OR unit = $8)
          AND ($9::text IS NULL OR stratum = $9)
          AND ($10::text IS NULL OR (status = 'reviewed' AND EXISTS (
              SELECT FROM jsonb_array_elements(
                  coalesce(detail -> 'subunits', '[]'::jsonb) || jsonb_build_array(detail)) AS part
              WHERE part -> 'answers' ? $10 AND ($11::text IS NULL OR part -> 'answers' -> $10 ? $11))))
)
SELECT (SELECT count(*) FROM behind) AS count, page.*
FROM (SELECT) AS always
LEFT JOIN LATERAL (
    SELECT * FROM behind
    WHERE $12::uuid IS NULL OR (draw, case_id) > ($12, $13::bytea)
    ORDER BY draw, case_id LIMIT $14
) AS page ON true;

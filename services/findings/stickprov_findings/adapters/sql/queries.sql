-- Statements of the findings service. Whether a case is reviewed is never stored: its newest event says it.

-- name: review
-- One review in one round trip: the drawn case, its control point's categories, its readable notes, and its events,
-- oldest first, one a row. No row: not drawn. One row without a version: no events yet. $1 stream
SELECT drawn_case.handler, drawn_case.month, drawn_case.stratum, control_point.categories, replaced_case.replacement,
       kept.notes, kept.texts, event.version, event.type, event.time, event.actor, event.data
FROM drawn_case
LEFT JOIN control_point USING (control_point)
LEFT JOIN replaced_case USING (draw, case_id)
LEFT JOIN event ON event.stream = drawn_case.stream
CROSS JOIN (SELECT array_agg(note) AS notes, array_agg(text) AS texts FROM note WHERE stream = $1) AS kept
WHERE drawn_case.stream = $1
ORDER BY event.version

-- name: queue
-- Counts over a selection of drawn cases, and one page of it. One row at least; without a case on the page its case
-- columns are null.
-- $1 control point or null, $2 draw or null, $3 handler or null, $4 whether cases without a handler belong to it,
-- $5 event types after which a case is reviewed, $6 status or null, $7 limit, $8 offset
WITH chosen AS MATERIALIZED (
    SELECT drawn_case.*, coalesce(newest.version, 0) AS version,
           CASE WHEN newest.type = ANY ($5::text[]) THEN 'reviewed' ELSE 'waiting' END AS status
    FROM drawn_case
    LEFT JOIN LATERAL (
        SELECT event.version, event.type FROM event WHERE event.stream = drawn_case.stream
        ORDER BY event.version DESC LIMIT 1
    ) AS newest ON true
    WHERE ($1::text IS NULL OR control_point = $1)
      AND ($2::uuid IS NULL OR draw = $2)
      AND ($3::text IS NULL OR handler = $3 OR ($4 AND handler IS NULL))
      AND NOT EXISTS (
          SELECT FROM replaced_case AS gone WHERE gone.draw = drawn_case.draw AND gone.case_id = drawn_case.case_id
      )
), page AS (
    SELECT * FROM chosen WHERE $6::text IS NULL OR status = $6
    ORDER BY period_start, month, stratum, draw_order, control_point, draw, case_id
    LIMIT $7 OFFSET $8
), counts AS (
    SELECT count(*) AS total, count(*) FILTER (WHERE status = 'reviewed') AS reviewed FROM chosen
)
SELECT counts.total, counts.reviewed, page.draw, page.control_point, page.case_id, page.month, page.stratum,
       page.draw_order, page.handler, page.status, page.version
FROM counts LEFT JOIN page ON true
ORDER BY page.period_start, page.month, page.stratum, page.draw_order, page.control_point, page.draw, page.case_id

-- name: next
-- The first waiting case in the queue's order that a reviewer may take. The cases are ordered first, so that the log
-- is asked about each only until one waits.
-- $1 control point or null, $2 draw or null, $3 reviewer, $4 event types after which a case is reviewed
SELECT chosen.*, 'waiting' AS status, coalesce(newest.version, 0) AS version
FROM (
    SELECT * FROM drawn_case
    WHERE ($1::text IS NULL OR control_point = $1)
      AND ($2::uuid IS NULL OR draw = $2)
      AND (handler = $3 OR handler IS NULL)
      AND NOT EXISTS (
          SELECT FROM replaced_case AS gone WHERE gone.draw = drawn_case.draw AND gone.case_id = drawn_case.case_id
      )
    ORDER BY period_start, month, stratum, draw_order, control_point, draw, case_id
) AS chosen
LEFT JOIN LATERAL (
    SELECT event.version, event.type FROM event WHERE event.stream = chosen.stream
    ORDER BY event.version DESC LIMIT 1
) AS newest ON true
WHERE (newest.type = ANY ($4::text[])) IS NOT TRUE
ORDER BY period_start, month, stratum, draw_order, control_point, draw, case_id
LIMIT 1

-- name: write_notes
-- Keep what was typed, in the transaction of the event that refers to it.
-- $1 notes[], $2 salts[], $3 texts[], $4 stream, $5 time
INSERT INTO note (note, stream, salt, text, written_at)
SELECT typed.note, $4, typed.salt, typed.text, $5
FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS typed (note, salt, text)

-- name: write_cases
-- Take in drawn cases in bulk; a rebuild writes the same rows again.
-- $1 control points[], $2 draws[], $3 cases[], $4 streams[], $5 period starts[], $6 period ends[], $7 months[],
-- $8 strata[], $9 orders[], $10 units[], $11 handlers[]
INSERT INTO drawn_case (control_point, draw, case_id, stream, period_start, period_end, month, stratum, draw_order,
                        unit, handler)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::date[], $6::date[], $7::text[], $8::text[],
                     $9::bigint[], $10::text[], $11::text[])
ON CONFLICT (control_point, draw, case_id) DO UPDATE
SET period_start = excluded.period_start, period_end = excluded.period_end, month = excluded.month,
    stratum = excluded.stratum, draw_order = excluded.draw_order, unit = excluded.unit, handler = excluded.handler

-- name: write_replaced_cases
-- Take in replacements; a rebuild writes the same rows again. $1 draws[], $2 cases[], $3 replacements[]
INSERT INTO replaced_case (draw, case_id, replacement)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])
ON CONFLICT (draw, case_id) DO UPDATE SET replacement = excluded.replacement

-- name: write_control_points
-- Take in definitions; the newest stays, in whatever order they come.
-- $1 control points[], $2 versions[], $3 categories[]
INSERT INTO control_point (control_point, version, categories)
SELECT * FROM unnest($1::text[], $2::int[], $3::jsonb[])
ON CONFLICT (control_point) DO UPDATE
SET version = excluded.version, categories = excluded.categories
WHERE excluded.version > control_point.version

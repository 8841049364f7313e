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
-- $1 control points[], $2 draws[], $3 cases[], $4 streams[], $5 period starts[], $6 period ends[], $7 period labels[],
-- $8 months[], $9 strata[], $10 orders[], $11 units[], $12 handlers[], $13 arrays of subunits[]
INSERT INTO drawn_case (control_point, draw, case_id, stream, period_start, period_end, period_label, month, stratum,
                        draw_order, unit, handler, subunits)
SELECT control_point, draw, case_id, stream, period_start, period_end, period_label, month, stratum, draw_order, unit,
       handler, ARRAY(SELECT jsonb_array_elements_text(subunits))
FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::date[], $6::date[], $7::text[], $8::text[], $9::text[],
            $10::bigint[], $11::text[], $12::text[], $13::jsonb[])
     AS drawn (control_point, draw, case_id, stream, period_start, period_end, period_label, month, stratum, draw_order,
               unit, handler, subunits)
ON CONFLICT (control_point, draw, case_id) DO UPDATE
SET period_start = excluded.period_start, period_end = excluded.period_end, period_label = excluded.period_label,
    month = excluded.month, stratum = excluded.stratum, draw_order = excluded.draw_order, unit = excluded.unit,
    handler = excluded.handler, subunits = excluded.subunits

-- name: write_replaced_cases
-- Take in replacements; a rebuild writes the same rows again. $1 draws[], $2 cases[], $3 replacements[]
INSERT INTO replaced_case (draw, case_id, replacement)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])
ON CONFLICT (draw, case_id) DO UPDATE SET replacement = excluded.replacement

-- name: write_control_points
-- Take in definitions; the newest stays, in whatever order they come. A rebuild writes the same version again.
-- $1 control points[], $2 versions[], $3 categories[], $4 plans[], $5 measures[], $6 unit names[], $7 subunit names[],
-- $8 questionnaires[], $9 file review questionnaires[], $10 reviewer rules[], $11 reviewer groups[],
-- $12 second review shares[]
INSERT INTO control_point (control_point, version, categories, plan, measure, unit_name, subunit_name, questionnaire,
                           file_review_questionnaire, reviewer_rule, reviewer_group, second_review_share)
SELECT * FROM unnest($1::text[], $2::int[], $3::jsonb[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::text[], $12::numeric[])
ON CONFLICT (control_point) DO UPDATE
SET version = excluded.version, categories = excluded.categories, plan = excluded.plan, measure = excluded.measure,
    unit_name = excluded.unit_name, subunit_name = excluded.subunit_name, questionnaire = excluded.questionnaire,
    file_review_questionnaire = excluded.file_review_questionnaire, reviewer_rule = excluded.reviewer_rule,
    reviewer_group = excluded.reviewer_group, second_review_share = excluded.second_review_share
WHERE excluded.version >= control_point.version

-- name: write_questionnaires
-- Take in versions of questionnaires; all of them stay. $1 questionnaires[], $2 numbers[], $3 contents[]
INSERT INTO questionnaire_version (questionnaire, number, content)
SELECT * FROM unnest($1::text[], $2::int[], $3::jsonb[])
ON CONFLICT (questionnaire, number) DO UPDATE SET content = excluded.content

-- name: write_closed_periods
-- Take in closed periods. $1 control points[], $2 plans[], $3 period starts[], $4 period ends[], $5 labels[]
INSERT INTO closed_period (control_point, plan, period_start, period_end, label)
SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[])
ON CONFLICT (control_point, period_start, period_end, plan) DO UPDATE SET label = excluded.label

-- name: write_staff
-- Let a staff list hold from now on, unless a newer one does.
-- $1 version of the list, $2 array of {"pseudonym", "unit", "groups", "clearance"}
WITH newest AS (
    INSERT INTO staff_list (newest, version) VALUES (true, $1)
    ON CONFLICT (newest) DO UPDATE SET version = excluded.version WHERE excluded.version >= staff_list.version
    RETURNING version
), member AS (
    SELECT one ->> 'pseudonym' AS pseudonym, one ->> 'unit' AS unit, one ->> 'clearance' AS clearance,
           ARRAY(SELECT jsonb_array_elements_text(one -> 'groups')) AS groups
    FROM newest, jsonb_array_elements($2::jsonb) AS one
), gone AS (
    DELETE FROM staff USING newest WHERE pseudonym NOT IN (SELECT pseudonym FROM member)
)
INSERT INTO staff (pseudonym, unit, groups, clearance) SELECT pseudonym, unit, groups, clearance FROM member
ON CONFLICT (pseudonym) DO UPDATE
SET unit = excluded.unit, groups = excluded.groups, clearance = excluded.clearance

-- name: lock_inbox
-- Keep others from applying a source's events. $1 source
SELECT position FROM inbox WHERE source = $1 FOR UPDATE

-- name: projection_version
-- Which version of the projection has written a source's rows; null before versions were kept. $1 source
SELECT version FROM projection WHERE source = $1

-- name: write_projection_version
-- $1 source, $2 version
INSERT INTO projection (source, version) VALUES ($1, $2)
ON CONFLICT (source) DO UPDATE SET version = excluded.version

-- name: heard
-- A page of what was heard of a source and could be applied. $1 source, $2 after this position, $3 limit
SELECT position, chain_hash, envelope, data FROM inbox_event
WHERE source = $1 AND position > $2 AND NOT EXISTS (
    SELECT FROM quarantine AS aside
    WHERE aside.source = $1 AND aside.position = inbox_event.position AND aside.requeued_at IS NULL
)
ORDER BY position LIMIT $3

-- Statements of the findings service. Whether a case is reviewed is never stored: its newest event says it.

-- name: review
-- One review in one round trip: the drawn case, what the sampler says of its control point, who it is for, its readable
-- notes, and the events of some of its streams, oldest first, one a row. No row: not drawn. One row without a version:
-- no events yet.
-- $1 stream of the case's first review, $2 streams whose events and notes are wanted, $3 purpose, $4 who asks,
-- $5 the stream of the purpose
SELECT drawn.handler, drawn.unit, drawn.month, drawn.stratum, drawn.draw_order, drawn.period_end, drawn.subunits,
       point.categories, point.measure, point.unit_name, point.subunit_name, point.reviewer_rule, point.reviewer_group,
       point.second_review_share IS NOT NULL AS blind, asked.questionnaire,
       (SELECT max(number) FROM questionnaire_version AS v WHERE v.questionnaire = asked.questionnaire) AS newest_number,
       gone.replacement,
       EXISTS (SELECT FROM erased_case AS erased
               WHERE erased.case_id = drawn.case_id AND erased.draw = drawn.draw) AS erased,
       (SELECT min(label) FROM closed_period AS closed
        WHERE closed.control_point = drawn.control_point
          AND closed.period_start <= drawn.period_start AND drawn.period_end <= closed.period_end) AS closed,
       -- As questions of their own they go by the key, however small the table was when the plan was made.
       (SELECT given.reviewer FROM assignment AS given
        WHERE given.control_point = drawn.control_point AND given.draw = drawn.draw AND given.case_id = drawn.case_id
          AND given.purpose = $3) AS reviewer,
       (SELECT given.reviewer FROM assignment AS given
        WHERE given.control_point = drawn.control_point AND given.draw = drawn.draw AND given.case_id = drawn.case_id
          AND given.purpose = 'second-review') AS second_reviewer,
       mine.pseudonym AS asking, mine.unit AS asking_unit, mine.groups AS asking_groups,
       theirs.pseudonym AS handling, theirs.unit AS handling_unit,
       EXISTS (SELECT FROM draft WHERE draft.stream = $5 AND draft.reviewer = $4) AS has_draft,
       coalesce((SELECT position FROM protections_heard), 0) AS heard,
       kept.notes, event.stream, event.version, event.id, event.type, event.time, event.actor, event.data
FROM drawn_case AS drawn
LEFT JOIN control_point AS point USING (control_point)
CROSS JOIN LATERAL (
    SELECT CASE $3 WHEN 'file-review' THEN point.file_review_questionnaire ELSE point.questionnaire END AS questionnaire
) AS asked
LEFT JOIN replaced_case AS gone USING (draw, case_id)
LEFT JOIN staff AS mine ON mine.pseudonym = $4
LEFT JOIN staff AS theirs ON theirs.pseudonym = drawn.handler
LEFT JOIN event ON event.stream = ANY ($2::text[])
CROSS JOIN (
    SELECT array_agg(row(note, stream, master, wrapped_key, sealed)) AS notes FROM note WHERE stream = ANY ($2)
) AS kept
WHERE drawn.stream = $1
ORDER BY event.stream, event.version

-- name: questionnaire
-- A version of a questionnaire. $1 questionnaire, $2 number
SELECT content FROM questionnaire_version WHERE questionnaire = $1 AND number = $2

-- name: draft
-- What somebody has filled in, unless they have ended the review since they began.
-- $1 stream, $2 reviewer, $3 event types that end a review
SELECT master, wrapped_key, sealed, review_version, version, saved_at FROM draft
WHERE stream = $1 AND reviewer = $2 AND NOT EXISTS (
    SELECT FROM event
    WHERE event.stream = $1 AND event.actor = $2 AND event.version > draft.review_version AND event.type = ANY ($3)
)

-- name: save_draft
-- Keep what somebody has filled in, if theirs is still at the version that they saw; 0 for none. No row: it is not.
-- What was left behind by a review that they have ended is none, and is overwritten.
-- $1 stream, $2 reviewer, $3 version that was seen, $4 version of the review, $5 id of the master key, $6 time,
-- $7 event types that end a review, $8 wrapped key, $9 sealed fields
WITH ended AS (
    SELECT max(version) AS version FROM event WHERE stream = $1 AND actor = $2 AND type = ANY ($7::text[])
)
INSERT INTO draft (stream, reviewer, version, review_version, master, wrapped_key, sealed, saved_at)
SELECT $1, $2, $3 + 1, $4, $5, $8::bytea, $9::bytea, $6 FROM ended
WHERE ($3 = 0 OR EXISTS (SELECT FROM draft WHERE stream = $1 AND reviewer = $2)) AND (ended.version > $4) IS NOT TRUE
ON CONFLICT (stream, reviewer) DO UPDATE
SET version = excluded.version, review_version = excluded.review_version, master = excluded.master,
    wrapped_key = excluded.wrapped_key, sealed = excluded.sealed, saved_at = excluded.saved_at
WHERE draft.version = $3 OR ($3 = 0 AND draft.review_version < (SELECT version FROM ended))
RETURNING version

-- name: move_draft
-- Keep a draft of an older release, unless there is one that was saved since.
-- $1 stream, $2 reviewer, $3 version, $4 version of the review, $5 id of the master key, $6 wrapped key, $7 sealed fields,
-- $8 when it was saved
INSERT INTO draft (stream, reviewer, version, review_version, master, wrapped_key, sealed, saved_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (stream, reviewer) DO NOTHING

-- name: drop_draft
-- $1 stream, $2 reviewer
DELETE FROM draft WHERE stream = $1 AND reviewer = $2

-- name: drop_older_drafts
-- Forget what nobody has touched since; tells how many there were. $1 time
WITH gone AS (DELETE FROM draft WHERE saved_at < $1::timestamptz RETURNING 1) SELECT count(*) FROM gone

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

-- name: streams
-- Which streams some notes belong to. $1 notes[]
SELECT note, stream FROM note WHERE note = ANY ($1::uuid[])

-- name: protections_heard
-- The newest position of the sampler's log that can change whose identity is protected and was applied.
SELECT coalesce((SELECT position FROM protections_heard), 0)

-- name: write_protections_heard
-- $1 position
INSERT INTO protections_heard (position) VALUES ($1)
ON CONFLICT (one) DO UPDATE SET position = greatest(protections_heard.position, excluded.position)

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

-- name: put_aside
-- Put an event aside that could be applied once, and cannot be now. $1 source, $2 position, $3 type, $4 reason
INSERT INTO quarantine (source, position, type, reason) VALUES ($1, $2, $3, $4)
ON CONFLICT (source, position) DO UPDATE SET reason = excluded.reason, requeued_at = NULL

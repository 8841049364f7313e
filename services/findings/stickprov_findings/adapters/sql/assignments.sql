-- Statements of who has been given what.

-- name: point
-- What a control point says about who reviews. $1 control point
SELECT reviewer_rule, reviewer_group, second_review_share FROM control_point WHERE control_point = $1

-- name: assignable
-- The cases of a draw for a control point and how they stand. To be planned for its arguments.
-- given_to: for the purpose. other: who has been given the other one of the first and the second review. version: of
-- the case's stream of assignments. status: of the first review, own_status: of the purpose's. reviewed_by: whoever
-- has recorded the first review. closed: label of the closed period that the case's own lies in.
-- $1 control point, $2 draw, $3 purpose, $4 case or null for all
SELECT drawn.case_id, drawn.handler, drawn.unit, given.reviewer AS given_to, other.reviewer AS other, versions.version,
       status_after(newest.type) AS status, status_after(own.type) AS own_status,
       gone.replacement, coalesce((SELECT position FROM protections_heard), 0) AS heard,
       (SELECT min(closed.label) FROM closed_period AS closed WHERE closed.control_point = drawn.control_point
        AND closed.period_start <= drawn.period_start AND closed.period_end >= drawn.period_end) AS closed,
       status_after(newest.type) = 'reviewed'
           AND (convert_from(newest.data, 'UTF8')::json ->> 'remark')::boolean AS remark,
       ARRAY(SELECT DISTINCT event.actor FROM event WHERE event.stream = drawn.stream AND event.type IN (
           'stickprov.findings.finding-recorded.v1', 'stickprov.findings.finding-corrected.v1')) AS reviewed_by
FROM drawn_case AS drawn
LEFT JOIN replaced_case AS gone ON gone.draw = drawn.draw AND gone.case_id = drawn.case_id
LEFT JOIN assignment AS given ON given.control_point = drawn.control_point AND given.draw = drawn.draw
    AND given.case_id = drawn.case_id AND given.purpose = $3
LEFT JOIN assignment AS other ON other.control_point = drawn.control_point AND other.draw = drawn.draw
    AND other.case_id = drawn.case_id
    AND other.purpose = CASE $3 WHEN 'review' THEN 'second-review' WHEN 'second-review' THEN 'review' END
CROSS JOIN LATERAL (
    SELECT coalesce(max(one.version), 0) AS version FROM assignment AS one
    WHERE one.control_point = drawn.control_point AND one.draw = drawn.draw AND one.case_id = drawn.case_id
) AS versions
LEFT JOIN LATERAL (
    SELECT event.type, event.data FROM event WHERE event.stream = drawn.stream ORDER BY event.version DESC LIMIT 1
) AS newest ON true
LEFT JOIN LATERAL (
    SELECT event.type FROM event WHERE event.stream = $3 || substr(drawn.stream, length('review/'))
    ORDER BY event.version DESC LIMIT 1
) AS own ON true
WHERE drawn.control_point = $1 AND drawn.draw = $2
  AND ($4::text IS NULL OR drawn.case_id = $4)
ORDER BY drawn.case_id

-- name: write_assignments
-- Keep who was given what, in the transaction of the events that say so.
-- $1 control points[], $2 draws[], $3 cases[], $4 purposes[], $5 reviewers[], $6 rules[], $7 versions[]
INSERT INTO assignment (control_point, draw, case_id, purpose, reviewer, rule, version)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[])
ON CONFLICT (control_point, draw, case_id, purpose) DO UPDATE
SET reviewer = excluded.reviewer, rule = excluded.rule, version = excluded.version
WHERE excluded.version > assignment.version

-- name: rebuild_assignments
-- The same from the log, for a table that was lost: the newest assignment of each case and purpose.
INSERT INTO assignment (control_point, draw, case_id, purpose, reviewer, rule, version)
SELECT DISTINCT ON (stream, said ->> 'purpose')
       said ->> 'control_point', (said ->> 'draw')::uuid, said ->> 'case', said ->> 'purpose', said ->> 'reviewer',
       said ->> 'rule', version
FROM (
    SELECT stream, version, convert_from(data, 'UTF8')::jsonb AS said FROM event
    WHERE type = 'stickprov.findings.case-assigned.v1'
) AS told
ORDER BY stream, said ->> 'purpose', version DESC
ON CONFLICT (control_point, draw, case_id, purpose) DO UPDATE
SET reviewer = excluded.reviewer, rule = excluded.rule, version = excluded.version

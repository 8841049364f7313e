-- Statements of the queue. How a task stands is never stored: the newest event of its stream says it.

-- name: queue
-- Counts over a selection of tasks, and one page of it. One row at least; without a task on the page its columns are
-- null. To be planned for its arguments: most of them are null.
-- $1 control point or null, $2 draw or null, $3 purpose or null, $4 unit or null, $5 who is to review it or null,
-- $6 who may, or null for everybody's, $7 who asks, $8 status, `closed` or null, $9 limit, $10 offset, $11 label of the
-- period or null, $12 and $13 days that the period lies within or null, $14 beginning of the case's id or null,
-- $15 whether the latest period comes first, $16 cases[] that are left out
-- heard: how far whose identity is protected must be known for the cases left out to be the right ones. Here and below.
-- What was open when its period was closed stands as `closed`: it waits for nobody.
WITH chosen AS MATERIALIZED (
    SELECT task.purpose, task.control_point, task.draw, task.case_id, task.stream, task.period_start, task.month,
           task.stratum, task.draw_order, task.unit, task.handler, task.subunits, task.given_to,
           coalesce(newest.version, 0) AS version, status_after(newest.type) AS status,
           (SELECT min(closed.label) FROM closed_period AS closed WHERE closed.control_point = task.control_point
            AND closed.period_start <= task.period_start AND closed.period_end >= task.period_end) AS closed
    FROM task
    LEFT JOIN staff AS me ON me.pseudonym = $6
    LEFT JOIN LATERAL (
        SELECT event.version, event.type FROM event WHERE event.stream = task.stream
        ORDER BY event.version DESC LIMIT 1
    ) AS newest ON true
    WHERE ($1::text IS NULL OR task.control_point = $1)
      AND ($2::uuid IS NULL OR task.draw = $2)
      AND ($3::text IS NULL OR task.purpose = $3)
      AND ($4::text IS NULL OR task.unit = $4)
      AND ($11::text IS NULL OR task.period_label = $11)
      AND ($12::date IS NULL OR task.period_start >= $12)
      AND ($13::date IS NULL OR task.period_end <= $13)
      AND ($14::text IS NULL OR starts_with(task.case_id, $14))
      AND task.case_id <> ALL ($16::text[])
      AND ($5::text IS NULL OR task.given_to = $5
           OR (task.given_to IS NULL AND task.handler = $5 AND coalesce(task.rule, 'handler') = 'handler'))
      AND ($6::text IS NULL OR task.given_to = $6
           OR (task.given_to IS NULL AND may_take(task.rule, task.reviewer_group, task.handler, task.handler_unit,
                                                  $6, me.unit, me.groups)
               AND NOT EXISTS (SELECT FROM assignment AS second
                               WHERE second.control_point = task.control_point AND second.draw = task.draw
                                 AND second.case_id = task.case_id AND second.purpose = 'second-review'
                                 AND second.reviewer = $6)))
), standing AS (
    SELECT *, CASE WHEN closed IS NOT NULL AND status IN ('waiting', 'started') THEN 'closed' ELSE status END AS stands
    FROM chosen
), page AS (
    SELECT * FROM standing WHERE $8::text IS NULL OR stands = $8
    ORDER BY CASE WHEN $15 THEN period_start END DESC, period_start, month, stratum, draw_order, control_point, draw, case_id,
             purpose
    LIMIT $9 OFFSET $10
), counts AS (
    SELECT count(*) AS total, count(*) FILTER (WHERE stands IN ('waiting', 'started')) AS waiting,
           count(*) FILTER (WHERE stands = 'reviewed') AS reviewed,
           count(*) FILTER (WHERE stands = 'over-coverage') AS over_coverage,
           count(*) FILTER (WHERE stands = 'non-response') AS non_response,
           count(*) FILTER (WHERE stands = 'closed') AS closed
    FROM standing
)
SELECT counts.total, counts.waiting, counts.reviewed, counts.over_coverage, counts.non_response,
       counts.closed AS closed_in_all, coalesce((SELECT position FROM protections_heard), 0) AS heard, page.closed, page.purpose,
       page.draw, page.control_point, page.case_id, page.month, page.stratum, page.draw_order,
       page.unit, page.handler, page.given_to, page.status, page.version, cardinality(page.subunits) AS subunits,
       EXISTS (SELECT FROM erased_case AS gone WHERE gone.case_id = page.case_id AND gone.draw = page.draw) AS erased,
       EXISTS (SELECT FROM draft WHERE draft.stream = page.stream AND draft.reviewer = $7) AS has_draft
FROM counts LEFT JOIN page ON true
ORDER BY CASE WHEN $15 THEN page.period_start END DESC, page.period_start, page.month, page.stratum, page.draw_order, page.control_point, page.draw, page.case_id,
         page.purpose

-- name: next_given
-- The first task that a reviewer has begun, or else been given, and is not done with; none in a closed period, and none
-- of whom nobody can know who it is.
-- $1 control point or null, $2 draw or null, $3 purpose or null, $4 reviewer, $5 stream of a task to leave out or null,
-- $6 cases[] to leave out
WITH started AS MATERIALIZED (
    SELECT event.stream, event.version FROM event
    WHERE event.actor = $4 AND event.type = 'stickprov.findings.review-started.v1'
      AND NOT EXISTS (SELECT FROM event AS later WHERE later.stream = event.stream AND later.version > event.version)
), begun AS (
    -- Of those that nobody has been given: the others are found below.
    SELECT task.*, started.version, 'started' AS status, true AS own
    FROM started
    CROSS JOIN LATERAL (SELECT * FROM task WHERE task.stream = started.stream AND task.given_to IS NULL) AS task
    LEFT JOIN staff AS me ON me.pseudonym = $4
    WHERE may_take(task.rule, task.reviewer_group, task.handler, task.handler_unit, $4, me.unit, me.groups)
), given AS (
    SELECT task.*, coalesce(newest.version, 0) AS version, status_after(newest.type) AS status,
           newest.actor = $4 AND status_after(newest.type) = 'started' AS own
    FROM task
    LEFT JOIN LATERAL (
        SELECT event.version, event.type, event.actor FROM event WHERE event.stream = task.stream
        ORDER BY event.version DESC LIMIT 1
    ) AS newest ON true
    WHERE task.given_to = $4
)
SELECT open.purpose, open.draw, open.control_point, open.case_id, open.month, open.stratum, open.draw_order, open.unit,
       open.handler, open.given_to, open.status, open.version, coalesce((SELECT position FROM protections_heard), 0) AS heard,
       NULL AS closed, false AS erased, cardinality(open.subunits) AS subunits,
       EXISTS (SELECT FROM draft WHERE draft.stream = open.stream AND draft.reviewer = $4) AS has_draft
FROM (SELECT * FROM begun UNION ALL SELECT * FROM given WHERE status IN ('waiting', 'started')) AS open
WHERE ($1::text IS NULL OR open.control_point = $1)
  AND ($2::uuid IS NULL OR open.draw = $2)
  AND ($3::text IS NULL OR open.purpose = $3)
  AND open.stream IS DISTINCT FROM $5::text
  AND open.case_id <> ALL ($6::text[])
  AND NOT EXISTS (SELECT FROM erased_case AS gone WHERE gone.case_id = open.case_id AND gone.draw = open.draw)
  AND NOT EXISTS (SELECT FROM closed_period AS closed WHERE closed.control_point = open.control_point
                  AND closed.period_start <= open.period_start AND closed.period_end >= open.period_end)
ORDER BY open.own IS TRUE DESC, open.period_start, open.month, open.stratum, open.draw_order, open.control_point,
         open.draw, open.case_id, open.purpose
LIMIT 1

-- name: next_by_rule
-- The first waiting case that nobody has been given or begun and a reviewer may take; none in a closed period, and
-- none of whom nobody can know who it is. The cases are ordered first, so that the log is asked about each only until one waits. To be planned for its arguments.
-- $1 control point or null, $2 draw or null, $3 reviewer, $4 stream of a case to leave out or null, $5 cases[] to leave out
SELECT 'review' AS purpose, chosen.draw, chosen.control_point, chosen.case_id, chosen.month, chosen.stratum,
       chosen.draw_order, chosen.unit, chosen.handler, chosen.given_to, 'waiting' AS status,
       coalesce(newest.version, 0) AS version, coalesce((SELECT position FROM protections_heard), 0) AS heard, NULL AS closed,
       false AS erased, cardinality(chosen.subunits) AS subunits,
       EXISTS (SELECT FROM draft WHERE draft.stream = chosen.stream AND draft.reviewer = $3) AS has_draft
FROM (
    SELECT task.* FROM task
    LEFT JOIN staff AS me ON me.pseudonym = $3
    WHERE task.purpose = 'review' AND task.given_to IS NULL
      AND ($1::text IS NULL OR task.control_point = $1)
      AND ($2::uuid IS NULL OR task.draw = $2)
      AND task.stream IS DISTINCT FROM $4::text
      AND task.case_id <> ALL ($5::text[])
      AND NOT EXISTS (SELECT FROM erased_case AS gone WHERE gone.case_id = task.case_id AND gone.draw = task.draw)
      AND may_take(task.rule, task.reviewer_group, task.handler, task.handler_unit, $3, me.unit, me.groups)
      AND NOT EXISTS (SELECT FROM assignment AS second
                      WHERE second.control_point = task.control_point AND second.draw = task.draw
                        AND second.case_id = task.case_id AND second.purpose = 'second-review'
                        AND second.reviewer = $3)
      AND NOT EXISTS (SELECT FROM closed_period AS closed WHERE closed.control_point = task.control_point
                      AND closed.period_start <= task.period_start AND closed.period_end >= task.period_end)
    ORDER BY task.period_start, task.month, task.stratum, task.draw_order, task.control_point, task.draw, task.case_id
) AS chosen
LEFT JOIN LATERAL (
    SELECT event.version, event.type FROM event WHERE event.stream = chosen.stream
    ORDER BY event.version DESC LIMIT 1
) AS newest ON true
WHERE status_after(newest.type) = 'waiting'
ORDER BY chosen.period_start, chosen.month, chosen.stratum, chosen.draw_order, chosen.control_point, chosen.draw,
         chosen.case_id
LIMIT 1

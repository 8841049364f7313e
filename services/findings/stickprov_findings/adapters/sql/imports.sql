-- Statements of many findings at once: which cases a table may mean, and what somebody has found.

-- name: drawn_cases
-- The cases drawn for a control point, in one draw or in all, but some. $1 control point, $2 draw or null, $3 cases[]
SELECT case_id, draw, draw_order, month, stratum FROM drawn_case WHERE control_point = $1 AND ($2::uuid IS NULL OR draw = $2)
  AND case_id <> ALL ($3::text[])

-- name: my_findings
-- Reviews whose newest event is somebody's outcome or mark, and how many there are in all. One row at least; without a
-- review on the page its columns are null.
-- $1 reviewer, $2 control point or null, $3 draw or null, $4 purpose or null, $5 limit, $6 offset, $7 cases[] that are left
-- out and counted apart
WITH found AS MATERIALIZED (
    SELECT task.*, newest.version, status_after(newest.type) AS status
    FROM task
    JOIN LATERAL (
        SELECT event.version, event.type, event.actor FROM event WHERE event.stream = task.stream
        ORDER BY event.version DESC LIMIT 1
    ) AS newest ON newest.actor = $1 AND status_after(newest.type) IN ('reviewed', 'over-coverage', 'non-response')
    WHERE ($2::text IS NULL OR task.control_point = $2)
      AND ($3::uuid IS NULL OR task.draw = $3)
      AND ($4::text IS NULL OR task.purpose = $4)
), page AS (
    SELECT * FROM found WHERE case_id <> ALL ($7::text[])
    ORDER BY period_start, month, stratum, draw_order, control_point, draw, case_id, purpose
    LIMIT $5 OFFSET $6
)
SELECT counted.total, counted.left_out, coalesce((SELECT position FROM protections_heard), 0) AS heard, page.purpose, page.draw, page.control_point, page.case_id, page.status, page.version
FROM (
    SELECT count(*) FILTER (WHERE case_id <> ALL ($7::text[])) AS total,
           count(*) FILTER (WHERE case_id = ANY ($7::text[])) AS left_out
    FROM found
) AS counted LEFT JOIN page ON true
ORDER BY page.period_start, page.month, page.stratum, page.draw_order, page.control_point, page.draw, page.case_id,
         page.purpose

-- Statements of how far the reviewing has come.

-- name: loads
-- Everybody on the staff list with the tasks they are to do and those that are done: the ones they were given, and
-- under the handlers' own rule their own cases. What was open when its period was closed is neither.
WITH theirs AS (
    SELECT coalesce(task.given_to, CASE WHEN coalesce(task.rule, 'handler') = 'handler' THEN task.handler END) AS reviewer,
           status_after(newest.type) IN ('waiting', 'started') AS waits,
           EXISTS (SELECT FROM closed_period AS closed WHERE closed.control_point = task.control_point
                   AND closed.period_start <= task.period_start AND closed.period_end >= task.period_end) AS closed
    FROM task
    LEFT JOIN LATERAL (
        SELECT event.type FROM event WHERE event.stream = task.stream ORDER BY event.version DESC LIMIT 1
    ) AS newest ON true
    WHERE coalesce(task.given_to, CASE WHEN coalesce(task.rule, 'handler') = 'handler' THEN task.handler END) IS NOT NULL
)
SELECT staff.pseudonym, staff.unit, staff.groups, staff.clearance = 'protected' AS cleared, count(*) FILTER (WHERE theirs.waits AND NOT theirs.closed) AS waiting,
       count(*) FILTER (WHERE NOT theirs.waits) AS done
FROM staff LEFT JOIN theirs ON theirs.reviewer = staff.pseudonym
GROUP BY staff.pseudonym
ORDER BY staff.unit, staff.pseudonym

-- name: progress
-- Counts of a selection of tasks in all, by control point, unit, reviewer and period; the first row is the whole. To
-- be planned for its arguments. A task is its reviewer's, or else whose rule or work it is; "" where nobody's yet.
-- $1 control point or null, $2 draw or null, $3 label of the period or null, $4 purpose, $5 overdue on this day, $6 and
-- $7 days that the period lies within or null
WITH chosen AS MATERIALIZED (
    SELECT task.control_point, task.unit, task.period_label, task.period_end <= $5::date AS late,
           CASE WHEN status_after(newest.type) IN ('waiting', 'started') AND EXISTS (
               SELECT FROM closed_period AS closed WHERE closed.control_point = task.control_point
               AND closed.period_start <= task.period_start AND closed.period_end >= task.period_end
           ) THEN 'closed' ELSE status_after(newest.type) END AS status,
           coalesce(task.given_to, CASE WHEN status_after(newest.type) <> 'waiting' THEN newest.actor END,
                    CASE WHEN coalesce(task.rule, 'handler') = 'handler' THEN task.handler END, '') AS reviewer,
           status_after(newest.type) = 'reviewed'
               AND (convert_from(newest.data, 'UTF8')::json ->> 'remark')::boolean AS remark
    FROM task
    LEFT JOIN LATERAL (
        SELECT event.type, event.actor, event.data FROM event WHERE event.stream = task.stream
        ORDER BY event.version DESC LIMIT 1
    ) AS newest ON true
    WHERE task.purpose = $4
      AND ($1::text IS NULL OR task.control_point = $1)
      AND ($2::uuid IS NULL OR task.draw = $2)
      AND ($3::text IS NULL OR task.period_label = $3)
      AND ($6::date IS NULL OR task.period_start >= $6)
      AND ($7::date IS NULL OR task.period_end <= $7)
)
SELECT grouping(control_point, unit, reviewer, period_label) AS kind,
       coalesce(control_point, unit, reviewer, period_label, '') AS name, count(*) AS total,
       count(*) FILTER (WHERE status IN ('waiting', 'started')) AS waiting,
       count(*) FILTER (WHERE status = 'started') AS started,
       count(*) FILTER (WHERE status = 'reviewed') AS reviewed,
       count(*) FILTER (WHERE status = 'over-coverage') AS over_coverage,
       count(*) FILTER (WHERE status = 'non-response') AS non_response,
       count(*) FILTER (WHERE remark) AS remarks,
       count(*) FILTER (WHERE late AND status IN ('waiting', 'started')) AS overdue,
       count(*) FILTER (WHERE status = 'closed') AS closed
FROM chosen
GROUP BY GROUPING SETS ((), (control_point), (unit), (reviewer), (period_label))
ORDER BY kind DESC, name

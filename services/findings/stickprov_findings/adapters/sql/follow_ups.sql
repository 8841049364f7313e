-- Statements on the follow-up. The types stand in the text, not in parameters: only then is the index of just these used.

-- name: conclusions
-- Every conclusion, oldest first.
SELECT stream, version, time, actor, type, data FROM event
WHERE type = 'stickprov.findings.control-concluded.v1' ORDER BY seq

-- name: actions
-- Everything about actions, oldest first.
SELECT stream, version, time, actor, type, data FROM event
WHERE type IN ('stickprov.findings.action-proposed.v1', 'stickprov.findings.action-updated.v1',
               'stickprov.findings.action-followed-up.v1')
ORDER BY seq

-- name: action
-- Everything about one action, oldest first. $1 its stream
SELECT stream, version, time, actor, type, data FROM event WHERE stream = $1 ORDER BY version

-- name: plan_statuses
-- Every status of a plan's row, oldest first.
SELECT stream, version, time, actor, type, data FROM event
WHERE type = 'stickprov.findings.plan-status-reported.v1' ORDER BY seq

-- name: texts
-- Those of some notes that have not been erased. $1 notes[]
SELECT note, stream, master, wrapped_key, sealed FROM note WHERE note = ANY ($1::uuid[])

-- name: control_point
-- A control point that has been heard of, with its plan. $1 its id
SELECT plan FROM control_point WHERE control_point = $1

-- name: is_listed
-- Whether somebody stands in the staff list. $1 pseudonym
SELECT EXISTS (SELECT FROM staff WHERE pseudonym = $1)

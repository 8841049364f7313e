-- Statements of the recovery, on the tables of migration component "log".

-- name: known
-- Which events are there already: a backup may hold events that had no position yet. $1 ids[]
SELECT id, envelope, data FROM event WHERE id = ANY($1::uuid[])

-- name: append
-- Put an event back that was lost.
-- $1 id, $2 stream, $3 version, $4 type, $5 schema version, $6 time, $7 actor, $8 correlation id, $9 causation id,
-- $10 envelope, $11 data
INSERT INTO event (id, stream, version, type, schema_version, time, actor, correlation_id, causation_id, envelope, data)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8::uuid, $9::uuid, $10, $11)

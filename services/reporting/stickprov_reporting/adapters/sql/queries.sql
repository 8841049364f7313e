-- Statements of the projection of both logs, and of what is asked of it. $1 is the projection's version.

-- name: take_turn
-- Let the inboxes of the two logs take turns: they change the same rows, and both may make the same new one.
SELECT pg_advisory_xact_lock(x'53747072'::int, $1);

-- name: known_rows
-- The rows that a batch is about, as they are, each with its place among those asked for. $2, $3: draw and control
-- point of the samples; $4, $5: of each row the sample it belongs to (from 1) and its case. Looked up one by one
-- (LIMIT keeps it so): the plan is made once, while the table may still be empty, and must not read all of it when it
-- has grown.
SELECT wanted.place::int, known.*
FROM unnest($4::int[], $5::bytea[]) WITH ORDINALITY AS wanted (sample, case_id, place)
CROSS JOIN LATERAL (
    SELECT month, unit, stratum, version, reviewed, remark, categories, replaced
    FROM case_row
    WHERE projection = $1 AND draw = ($2::uuid[])[wanted.sample] AND control_point = ($3::text[])[wanted.sample]
          AND case_id = wanted.case_id
    LIMIT 1
) AS known;

-- name: write_changes
-- Write the changed rows, and add the cells' differences, in one round trip. Most rows of a batch are alike but for
-- their case: $2 to $11 are the kinds of rows, $12 and $13 the case and the kind (from 1) of each row.
WITH kinds AS (
    SELECT * FROM unnest(
        $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::boolean[], $9::boolean[],
        $10::jsonb[], $11::boolean[]) WITH ORDINALITY
        AS kind (draw, control_point, month, unit, stratum, version, reviewed, remark, categories, replaced, number)
), written AS (
    INSERT INTO case_row
        (projection, draw, control_point, case_id, month, unit, stratum, version, reviewed, remark, categories,
         replaced)
    SELECT $1, draw, control_point, case_id, month, unit, stratum, version, reviewed, remark, categories, replaced
    FROM unnest($12::bytea[], $13::int[]) AS changed (case_id, number) JOIN kinds USING (number)
    ON CONFLICT (projection, draw, control_point, case_id) DO UPDATE SET
        month = excluded.month, unit = excluded.unit, stratum = excluded.stratum, version = excluded.version,
        reviewed = excluded.reviewed, remark = excluded.remark, categories = excluded.categories,
        replaced = excluded.replaced
)
INSERT INTO cell AS known (projection, control_point, draw, month, unit, stratum, indicator, value)
SELECT $1, * FROM unnest(
    $14::text[], $15::uuid[], $16::text[], $17::text[], $18::text[], $19::text[], $20::bigint[])
ON CONFLICT (projection, control_point, draw, month, unit, stratum, indicator)
    DO UPDATE SET value = known.value + excluded.value;

-- name: write_strata
-- Keep what samples were drawn from.
INSERT INTO draw_stratum
    (projection, control_point, draw, stratum, month, size, period_start, period_end, design, stratified_by)
SELECT $1, * FROM unnest(
    $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::date[], $8::date[], $9::text[], $10::jsonb[])
ON CONFLICT (projection, control_point, draw, stratum, month) DO UPDATE SET
    size = excluded.size, period_start = excluded.period_start, period_end = excluded.period_end,
    design = excluded.design, stratified_by = excluded.stratified_by;

-- name: write_definitions
-- Keep the newest definition of control points; an older one that comes late changes nothing.
INSERT INTO control_point AS known (projection, control_point, version, definition)
SELECT $1, * FROM unnest($2::text[], $3::int[], $4::jsonb[])
ON CONFLICT (projection, control_point) DO UPDATE SET version = excluded.version, definition = excluded.definition
WHERE known.version < excluded.version;

-- name: positions
-- How far each log was applied, of the same moment as everything else in the transaction.
SELECT source, position, chain_hash FROM inbox ORDER BY source;

-- name: definition
-- One control point.
SELECT control_point, version, definition FROM control_point WHERE projection = $1 AND control_point = $2;

-- name: known_control_points
-- The ids of control points, the first few.
SELECT control_point FROM control_point WHERE projection = $1 ORDER BY control_point LIMIT $2;

-- name: strata_within
-- What was drawn from by the draws of a control point whose period lies within [$3, $4).
SELECT control_point, draw, stratum, month, size, period_start, period_end, design, stratified_by
FROM draw_stratum
WHERE projection = $1 AND control_point = $2 AND period_start >= $3 AND period_end <= $4;

-- name: cells_of_draws
-- The cells of some draws of a control point.
SELECT control_point, draw, month, unit, stratum, indicator, value
FROM cell WHERE projection = $1 AND control_point = $2 AND draw = ANY($3::uuid[]) AND value <> 0;

-- name: summaries
-- Every control point with the range of its draws and its progress.
SELECT definition, range.period_start, range.period_end,
       coalesce(counts.drawn, 0)::bigint AS drawn,
       coalesce(counts.reviewed, 0)::bigint AS reviewed,
       coalesce(counts.remarks, 0)::bigint AS remarks
FROM control_point AS known
LEFT JOIN (
    SELECT control_point, min(period_start) AS period_start, max(period_end) AS period_end
    FROM draw_stratum WHERE projection = $1 GROUP BY control_point
) AS range USING (control_point)
LEFT JOIN (
    SELECT control_point,
           sum(value) FILTER (WHERE indicator = 'drawn') AS drawn,
           sum(value) FILTER (WHERE indicator = 'reviewed') AS reviewed,
           sum(value) FILTER (WHERE indicator = 'remarks') AS remarks
    FROM cell WHERE projection = $1 GROUP BY control_point
) AS counts USING (control_point)
WHERE known.projection = $1
ORDER BY control_point;

-- name: waiting_positions
-- The events of a source that were heard and are not applied.
SELECT position FROM quarantine WHERE source = $1 AND requeued_at IS NULL;

-- name: copies
-- The next entries of a log copy.
SELECT position, chain_hash, envelope, data FROM inbox_event
WHERE source = $1 AND position > $2 ORDER BY position LIMIT $3;

-- name: every_control_point
-- All of the table, in the order in which it is digested; so are the next three.
SELECT control_point, version, definition FROM control_point WHERE projection = $1 ORDER BY control_point;

-- name: every_draw_stratum
-- All of the table.
SELECT control_point, draw, stratum, month, size, period_start, period_end, design, stratified_by
FROM draw_stratum WHERE projection = $1 ORDER BY control_point, draw, stratum, month;

-- name: every_cell
-- All of the table; an absent cell counts 0, so one of 0 is not there.
SELECT control_point, draw, month, unit, stratum, indicator, value
FROM cell WHERE projection = $1 AND value <> 0 ORDER BY control_point, draw, month, unit, stratum, indicator;

-- name: every_case_row
-- All of the table.
SELECT draw, control_point, case_id, month, unit, stratum, version, reviewed, remark, categories, replaced
FROM case_row WHERE projection = $1 ORDER BY draw, control_point, case_id;

-- Statements of the projection of both logs, and of what is asked of it. $1 is the generation.

-- name: take_turn
-- Let whoever changes a projection take turns; returns the active generation, and none before the first.
SELECT number, version, frozen FROM take_turn();

-- name: known_rows
-- The rows that a batch is about, as they are, each with its place among those asked for. $2, $3: draw and control
-- point of the samples; $4, $5: of each row the sample it belongs to (from 1) and its case. Looked up one by one
-- (LIMIT keeps it so): the plan is made once, while the table may still be empty, and must not read all of it when it
-- has grown.
SELECT wanted.place::int, known.*
FROM unnest($4::int[], $5::bytea[]) WITH ORDINALITY AS wanted (sample, case_id, place)
CROSS JOIN LATERAL (
    SELECT month, unit, stratum, subunits, probability, replaced, version, status, reason, remark, categories,
           detail, second, file_review
    FROM case_row
    WHERE generation = $1 AND draw = ($2::uuid[])[wanted.sample] AND control_point = ($3::text[])[wanted.sample]
          AND case_id = wanted.case_id
    LIMIT 1
) AS known;

-- name: write_changes
-- Write the changed rows, and add the cells' differences, in one round trip. Most rows of a batch are alike but for
-- their case: $2 to $17 are the kinds of rows, $18 and $19 the case and the kind (from 1) of each row.
WITH kinds AS (
    SELECT * FROM unnest(
        $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::float8[], $9::boolean[], $10::int[],
        $11::text[], $12::text[], $13::boolean[], $14::jsonb[], $15::jsonb[], $16::jsonb[], $17::jsonb[])
        WITH ORDINALITY
        AS kind (draw, control_point, month, unit, stratum, subunits, probability, replaced, version, status, reason,
                 remark, categories, detail, second, file_review, number)
), written AS (
    INSERT INTO case_row
        (generation, draw, control_point, case_id, month, unit, stratum, subunits, probability, replaced, version,
         status, reason, remark, categories, detail, second, file_review)
    SELECT $1, draw, control_point, case_id, month, unit, stratum, subunits, probability, replaced, version,
           status, reason, remark, categories, detail, second, file_review
    FROM unnest($18::bytea[], $19::int[]) AS changed (case_id, number) JOIN kinds USING (number)
    ON CONFLICT (generation, draw, control_point, case_id) DO UPDATE SET
        month = excluded.month, unit = excluded.unit, stratum = excluded.stratum, subunits = excluded.subunits,
        probability = excluded.probability, replaced = excluded.replaced, version = excluded.version,
        status = excluded.status, reason = excluded.reason, remark = excluded.remark,
        categories = excluded.categories, detail = excluded.detail, second = excluded.second,
        file_review = excluded.file_review
)
INSERT INTO cell AS known (generation, control_point, draw, month, unit, stratum, indicator, value)
SELECT $1, * FROM unnest(
    $20::text[], $21::uuid[], $22::text[], $23::text[], $24::text[], $25::text[], $26::numeric[])
ON CONFLICT (generation, control_point, draw, month, unit, stratum, indicator)
    DO UPDATE SET value = known.value + excluded.value;

-- name: strata_of_draws
-- What is known of some draws' strata.
SELECT control_point, draw, stratum, month, size, period_start, period_end, design, stratified_by, drawn, version,
       frame, series
FROM draw_stratum WHERE generation = $1 AND draw = ANY($2::uuid[]);

-- name: write_strata
-- Keep what samples were drawn from.
INSERT INTO draw_stratum
    (generation, control_point, draw, stratum, month, size, period_start, period_end, design, stratified_by, drawn,
     version, frame, series)
SELECT $1, * FROM unnest(
    $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::date[], $8::date[], $9::text[], $10::jsonb[],
    $11::bigint[], $12::int[], $13::uuid[], $14::uuid[])
ON CONFLICT (generation, control_point, draw, stratum, month) DO UPDATE SET
    size = excluded.size, period_start = excluded.period_start, period_end = excluded.period_end,
    design = excluded.design, stratified_by = excluded.stratified_by, drawn = excluded.drawn,
    version = excluded.version, frame = excluded.frame, series = excluded.series;

-- name: write_definitions
-- Keep the newest definition of control points; an older one that comes late changes nothing.
INSERT INTO control_point AS known (generation, control_point, version, definition, year)
SELECT $1, * FROM unnest($2::text[], $3::int[], $4::jsonb[], $5::int[])
ON CONFLICT (generation, control_point) DO UPDATE
    SET version = excluded.version, definition = excluded.definition, year = excluded.year
WHERE known.version < excluded.version;

-- name: write_chronicle
-- Keep whole events. Each is one entry of a log, so hearing it again changes nothing.
INSERT INTO chronicle
    (generation, source, position, stream, version, time, actor, type, data, kind, control_point, plan)
SELECT $1, * FROM unnest(
    $2::text[], $3::bigint[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::json[], $10::text[],
    $11::text[], $12::text[])
ON CONFLICT (generation, source, position) DO NOTHING;

-- name: positions
-- How far each log was applied, of the same moment as everything else in the transaction.
SELECT source, position, chain_hash FROM inbox ORDER BY source;

-- name: chain_hashes
-- The chain hash of some sources ($1) at some positions ($2); LIMIT keeps it a look-up of each.
SELECT found.* FROM unnest($1::text[], $2::bigint[]) AS wanted (source, position)
CROSS JOIN LATERAL (
    SELECT source, position, chain_hash FROM inbox_event
    WHERE source = wanted.source AND position = wanted.position LIMIT 1
) AS found;

-- name: known_control_points
-- The ids of control points, the first few.
SELECT control_point FROM control_point WHERE generation = $1 ORDER BY control_point LIMIT $2;

-- name: definitions_of
-- Some control points.
SELECT control_point, version, definition FROM control_point WHERE generation = $1 AND control_point = ANY($2::text[]);

-- name: strata_within
-- What was drawn from by the draws of some control points whose period lies within [$3, $4).
SELECT stratum.* FROM unnest($2::text[]) AS wanted (point)
CROSS JOIN LATERAL (
    SELECT control_point, draw, stratum, month, size, period_start, period_end, design, stratified_by, drawn, version,
           frame, series
    FROM draw_stratum
    WHERE generation = $1 AND control_point = wanted.point AND period_start >= $3 AND period_end <= $4
    OFFSET 0
) AS stratum;

-- name: cells_of_draws
-- The cells of some draws ($3), each of one control point ($2). OFFSET keeps it a look-up of each, by the key.
SELECT found.* FROM unnest($2::text[], $3::uuid[]) AS wanted (point, draw)
CROSS JOIN LATERAL (
    SELECT control_point, draw, month, unit, stratum, indicator, value
    FROM cell WHERE generation = $1 AND control_point = wanted.point AND draw = wanted.draw
    OFFSET 0
) AS found
WHERE value <> 0;

-- name: progress_of_draws
-- Likewise, only the indicators of $4.
SELECT found.* FROM unnest($2::text[], $3::uuid[]) AS wanted (point, draw)
CROSS JOIN LATERAL (
    SELECT control_point, draw, month, unit, stratum, indicator, value
    FROM cell WHERE generation = $1 AND control_point = wanted.point AND draw = wanted.draw
                    AND indicator = ANY($4::text[])
    OFFSET 0
) AS found
WHERE value <> 0;

-- name: rows_of_draws
-- The rows of some draws ($3), each of one control point ($2).
SELECT found.* FROM unnest($2::text[], $3::uuid[]) AS wanted (point, draw)
CROSS JOIN LATERAL (
    SELECT draw, control_point, case_id, month, unit, stratum, subunits, probability, replaced, version, status,
           reason, remark, categories, detail, second, file_review
    FROM case_row WHERE generation = $1 AND draw = wanted.draw AND control_point = wanted.point
    OFFSET 0
) AS found;

-- name: entries_of_streams
-- The newest entry of each of some streams.
SELECT newest.* FROM unnest($2::text[]) AS wanted (stream)
CROSS JOIN LATERAL (
    SELECT source, position, stream, version, time, actor, type, data
    FROM chronicle WHERE generation = $1 AND stream = wanted.stream ORDER BY version DESC LIMIT 1
) AS newest;

-- name: entries_of_kinds
-- All entries of some kinds, in the order of the logs; those of some control points or plans only, unless null.
SELECT found.* FROM unnest($2::text[]) AS wanted (kind)
CROSS JOIN LATERAL (
    SELECT source, position, stream, version, time, actor, type, data
    FROM chronicle
    WHERE generation = $1 AND kind = wanted.kind
          AND ($3::text[] IS NULL OR control_point = ANY($3)) AND ($4::text[] IS NULL OR plan = ANY($4))
    OFFSET 0
) AS found
ORDER BY source, position;

-- name: points_of_year
-- The control points of a year; of the newest year for null, of every one for 0.
SELECT control_point, version, definition FROM control_point
WHERE generation = $1
      AND ($2 = 0 OR year = coalesce($2, (SELECT max(year) FROM control_point WHERE generation = $1)))
ORDER BY control_point;

-- name: years
-- Every year that has a control point, newest first.
SELECT DISTINCT year FROM control_point WHERE generation = $1 ORDER BY year DESC;

-- name: ranges_of_points
-- From when to when some control points were drawn for.
SELECT control_point, min(period_start), max(period_end)
FROM draw_stratum WHERE generation = $1 AND control_point = ANY($2::text[]) AND design <> '' GROUP BY control_point;

-- name: totals_of_points
-- Sums over all cells of some control points, of some indicators.
SELECT control_point, indicator, sum(value)
FROM cell WHERE generation = $1 AND control_point = ANY($2::text[]) AND indicator = ANY($3::text[])
GROUP BY control_point, indicator;

-- name: all_set_aside
-- The events of a source that were heard and could not be applied, and whether they still are not.
SELECT position, type, reason, requeued_at IS NULL AS waiting FROM quarantine WHERE source = $1 ORDER BY position;

-- name: drawn_within
-- The control points with a draw whose period lies within [$2, $3).
SELECT DISTINCT control_point FROM draw_stratum WHERE generation = $1 AND period_start >= $2 AND period_end <= $3;

-- name: copies_up_to
-- The next entries of a log copy up to a position.
SELECT position, chain_hash, envelope, data FROM inbox_event
WHERE source = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4;

-- name: copies
-- The next entries of a log copy.
SELECT position, chain_hash, envelope, data FROM inbox_event
WHERE source = $1 AND position > $2 ORDER BY position LIMIT $3;

-- name: end_of_copy
-- The last entry of a log copy.
SELECT position, chain_hash FROM inbox_event WHERE source = $1 ORDER BY position DESC LIMIT 1;

-- name: every_control_point
-- All of the table, in the order in which it is digested; so are the next three.
SELECT control_point, version, definition, year FROM control_point WHERE generation = $1 ORDER BY control_point;

-- name: every_draw_stratum
-- All of the table.
SELECT control_point, draw, stratum, month, size, period_start, period_end, design, stratified_by, drawn, version,
       frame, series
FROM draw_stratum WHERE generation = $1 ORDER BY control_point, draw, stratum, month;

-- name: every_cell
-- All of the table; an absent cell counts 0, so one of 0 is not there.
SELECT control_point, draw, month, unit, stratum, indicator, value
FROM cell WHERE generation = $1 AND value <> 0 ORDER BY control_point, draw, month, unit, stratum, indicator;

-- name: every_case_row
-- All of the table.
SELECT draw, control_point, case_id, month, unit, stratum, subunits, probability, replaced, version, status, reason,
       remark, categories, detail, second, file_review
FROM case_row WHERE generation = $1 ORDER BY draw, control_point, case_id;

-- name: every_chronicle
-- All of the table.
SELECT source, position, stream, version, time, actor, type, data, kind, control_point, plan
FROM chronicle WHERE generation = $1 ORDER BY source, position;

-- Statements on register measures. $1 is the generation.

-- name: write_register_measures
-- Keep what rules have counted. A measure is one event, so hearing it again changes nothing.
INSERT INTO register_measure (generation, control_point, measure, period_start, period_end, measured)
SELECT $1, * FROM unnest($2::text[], $3::uuid[], $4::date[], $5::date[], $6::jsonb[])
ON CONFLICT (generation, control_point, measure) DO NOTHING;

-- name: register_measures_within
-- The measures of some control points whose frame's period lies within [$3, $4).
SELECT control_point, measure, measured FROM register_measure
WHERE generation = $1 AND control_point = ANY($2::text[]) AND period_start >= $3 AND period_end <= $4
ORDER BY control_point, period_start, measure;

-- name: every_register_measure
-- All of the table, in the order in which it is digested.
SELECT control_point, measure, measured, period_start, period_end
FROM register_measure WHERE generation = $1 ORDER BY control_point, measure;

-- Counts every cell anew from the log copies' JSON, sharing nothing with the code it checks: the newest event of each
-- stream, for the cases that the sampler tells of and that did not give way to a spare.
WITH told AS (
    SELECT source, position, convert_from(data, 'UTF8')::jsonb AS event,
           substring(encode(envelope, 'escape') FROM 'stickprov\.(?:sampler|findings)\.([a-z-]+)\.v1') AS kind,
           substring(encode(envelope, 'escape') FROM '((?:second-|file-)?review)/') AS purpose
    FROM inbox_event
), said AS (
    SELECT position, purpose, kind, event, event ->> 'draw' AS draw, event ->> 'control_point' AS point,
           event ->> 'case' AS case_id
    FROM told WHERE purpose IS NOT NULL AND kind NOT IN ('review-started', 'case-assigned')
), newest AS (
    SELECT DISTINCT ON (purpose, draw, point, case_id) * FROM said
    ORDER BY purpose, draw, point, case_id, position DESC
), unsettled AS (
    SELECT DISTINCT ON (draw, point, case_id) * FROM said
    WHERE purpose = 'review' AND event ->> 'settles' IS NULL
    ORDER BY draw, point, case_id, position DESC
), whole AS (
    SELECT row_number() OVER () AS id, point.value AS point, c.event ->> 'draw' AS draw, c.event ->> 'month' AS month,
           c.event ->> 'unit' AS unit, c.event ->> 'stratum' AS stratum,
           jsonb_array_length(c.event -> 'subunits') AS subunits,
           review.kind, review.event AS review, review.event ? 'remark' AS reviewed,
           unsettled.event AS first, second.event AS second, file.event AS file
    FROM told AS c
    CROSS JOIN jsonb_array_elements_text(c.event -> 'control_points') AS point
    LEFT JOIN newest AS review ON review.purpose = 'review' AND review.draw = c.event ->> 'draw'
        AND review.point = point.value AND review.case_id = c.event ->> 'case'
    LEFT JOIN unsettled ON unsettled.draw = c.event ->> 'draw'
        AND unsettled.point = point.value AND unsettled.case_id = c.event ->> 'case'
    LEFT JOIN newest AS second ON second.purpose = 'second-review' AND second.draw = c.event ->> 'draw'
        AND second.point = point.value AND second.case_id = c.event ->> 'case'
    LEFT JOIN newest AS file ON file.purpose = 'file-review' AND file.draw = c.event ->> 'draw'
        AND file.point = point.value AND file.case_id = c.event ->> 'case'
    WHERE c.kind = 'case-drawn' AND NOT EXISTS (
        SELECT FROM told AS gone WHERE gone.kind = 'case-replaced' AND gone.event ->> 'draw' = c.event ->> 'draw'
            AND gone.event ->> 'case' = c.event ->> 'case' AND gone.event -> 'control_points' ? point.value)
), outcome AS (
    SELECT id, '' AS level, review AS found, review ->> 'questionnaire' AS form FROM whole WHERE reviewed
    UNION ALL
    SELECT id, 'file:', file, file ->> 'questionnaire' FROM whole
    WHERE reviewed AND (review ->> 'remark')::boolean AND file ? 'remark'
    UNION ALL
    SELECT id, 'subunits:', one, review ->> 'questionnaire'
    FROM whole CROSS JOIN jsonb_array_elements(review -> 'subunits') AS one
    WHERE reviewed AND one ->> 'outcome' = 'reviewed'
), answer AS (
    SELECT id, level, coalesce(form, '') || ':' || (a ->> 'question') AS asked, a
    FROM outcome CROSS JOIN jsonb_array_elements(found -> 'answers') AS a
), each AS (
    SELECT id, 'drawn' AS indicator, 1::numeric AS value FROM whole
    UNION ALL SELECT id, 'subunits', subunits FROM whole
    UNION ALL SELECT id, level || 'reviewed', 1 FROM outcome
    UNION ALL SELECT id, level || 'remarks', 1 FROM outcome WHERE (found ->> 'remark')::boolean
    UNION ALL SELECT id, level || 'category:' || category, 1
        FROM outcome CROSS JOIN jsonb_array_elements_text(found -> 'categories') AS category
        WHERE (found ->> 'remark')::boolean
    UNION ALL SELECT id, level || 'asked:' || asked, 1 FROM answer
    UNION ALL SELECT id, level || 'answer:' || asked || ':' || chosen, 1
        FROM answer CROSS JOIN jsonb_array_elements_text(a -> 'chosen') AS chosen
    UNION ALL SELECT id, level || 'number:' || asked, round((a ->> 'number')::numeric * 1000000)
        FROM answer WHERE a ->> 'number' IS NOT NULL AND level <> 'file:'
    UNION ALL SELECT id, mark.level || substring(kind FROM 'case-marked-(.*)') || mark.reason, mark.value
        FROM whole CROSS JOIN LATERAL (VALUES
            ('', '', 1), ('', ':' || (review ->> 'reason'), 1),
            ('subunits:', '', subunits), ('subunits:', ':' || (review ->> 'reason'), subunits)
        ) AS mark (level, reason, value)
        WHERE kind LIKE 'case-marked-%'
    UNION ALL SELECT id, 'subunits:' || (one ->> 'outcome') || reason, 1
        FROM whole CROSS JOIN jsonb_array_elements(review -> 'subunits') AS one
        CROSS JOIN LATERAL (VALUES (''), (':' || (one ->> 'reason'))) AS reasons (reason)
        WHERE reviewed AND one ->> 'outcome' <> 'reviewed'
    UNION ALL SELECT id, pair.name, 1
        FROM whole CROSS JOIN LATERAL (VALUES ('second:both'), (
            'second:' || CASE WHEN (first ->> 'remark')::boolean THEN 'remark' ELSE 'none' END
            || '-' || CASE WHEN (second ->> 'remark')::boolean THEN 'remark' ELSE 'none' END)) AS pair (name)
        WHERE first ? 'remark' AND second ? 'remark'
    UNION ALL SELECT id, 'second:settled', 1 FROM whole WHERE review ->> 'settles' IS NOT NULL
), per_case AS (
    SELECT id, indicator, sum(value) AS value FROM each GROUP BY id, indicator
), with_moments AS (
    SELECT * FROM per_case
    UNION ALL
    SELECT id, 'square:' || indicator, value * value FROM per_case
    WHERE indicator ~ '^subunits:(reviewed$|remarks$|category:|asked:|answer:)'
    UNION ALL
    SELECT y.id, 'product:' || y.indicator, y.value * m.value
    FROM per_case AS y JOIN per_case AS m USING (id)
    WHERE y.indicator ~ '^subunits:(remarks$|category:)' AND m.indicator = 'subunits:reviewed'
       OR y.indicator ~ '^subunits:answer:'
          AND m.indicator = regexp_replace(y.indicator, '^subunits:answer:(.*):[^:]*$', 'subunits:asked:\1')
)
SELECT point, draw::uuid, month, unit, stratum, indicator, sum(value)
FROM with_moments JOIN whole USING (id)
GROUP BY point, draw, month, unit, stratum, indicator HAVING sum(value) <> 0;

-- Who is to review which case, and what there is to review.

-- The newest assignment of each case and purpose. Written in the commit of its event; can be rebuilt from the log.
CREATE TABLE assignment (
    control_point text NOT NULL,
    draw          uuid NOT NULL,
    case_id       text NOT NULL,
    -- review, second-review or file-review
    purpose       text NOT NULL,
    -- Pseudonym.
    reviewer      text NOT NULL,
    rule          text NOT NULL,
    -- Of the event, in the stream that a case's assignments for every purpose share.
    version       int  NOT NULL,
    PRIMARY KEY (control_point, draw, case_id, purpose)
);
CREATE INDEX assignment_reviewer ON assignment (reviewer);

CREATE INDEX drawn_case_handler ON drawn_case (handler);

-- Which reviews somebody has opened, to find those that they have not finished.
CREATE INDEX event_started ON event (actor, stream, version) WHERE type = 'stickprov.findings.review-started.v1';

-- How a review stands after its newest event; waiting where there is none.
CREATE FUNCTION status_after(type text) RETURNS text LANGUAGE sql IMMUTABLE RETURN CASE
    WHEN type IN ('stickprov.findings.finding-recorded.v1', 'stickprov.findings.finding-corrected.v1',
                  'stickprov.findings.disagreement-settled.v1', 'stickprov.findings.second-review-recorded.v1',
                  'stickprov.findings.file-review-recorded.v1') THEN 'reviewed'
    WHEN type = 'stickprov.findings.review-started.v1' THEN 'started'
    WHEN type = 'stickprov.findings.case-marked-over-coverage.v1' THEN 'over-coverage'
    WHEN type = 'stickprov.findings.case-marked-non-response.v1' THEN 'non-response'
    ELSE 'waiting'
END;

-- Whether somebody may take a case that nobody has been given, by the control point's rule.
-- $1 rule, $2 group of the rule, $3 handler, $4 the handler's unit, $5 who asks, $6 their unit, $7 their groups; the
-- last two are null for somebody who is not on the staff list
CREATE FUNCTION may_take(text, text, text, text, text, text, text[]) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN CASE
    -- Whoever handles the case, or anybody where nobody does; so it was before there were rules.
    WHEN $1 IS NULL OR $1 = 'handler' THEN $3 IS NULL OR $3 = $5
    WHEN $1 = 'anyone' THEN true
    WHEN $1 = 'colleague' THEN $3 <> $5 AND $6 <> '' AND $6 = $4
    WHEN $1 = 'group' THEN $2 = ANY ($7)
    ELSE $7 IS NOT NULL
END;

-- What there is to review: the drawn cases that nobody has been given, and what somebody has been given of whatever
-- purpose. given_to: who that is. handler_unit: of the handler, as the staff list has it, or else the case's.
CREATE VIEW task AS
SELECT one.*, point.reviewer_rule AS rule, point.reviewer_group,
       coalesce((SELECT nullif(theirs.unit, '') FROM staff AS theirs WHERE theirs.pseudonym = one.handler),
                one.unit) AS handler_unit
FROM (
    SELECT 'review' AS purpose, drawn.control_point, drawn.draw, drawn.case_id, drawn.stream, drawn.period_start,
           drawn.period_end, drawn.period_label, drawn.month, drawn.stratum, drawn.draw_order, drawn.unit,
           drawn.handler, drawn.subunits, NULL::text AS given_to
    FROM drawn_case AS drawn
    WHERE NOT EXISTS (SELECT FROM assignment AS given
                      WHERE given.control_point = drawn.control_point AND given.draw = drawn.draw
                        AND given.case_id = drawn.case_id AND given.purpose = 'review')
    UNION ALL
    SELECT given.purpose, drawn.control_point, drawn.draw, drawn.case_id,
           given.purpose || substr(drawn.stream, length('review/')), drawn.period_start,
           drawn.period_end, drawn.period_label, drawn.month, drawn.stratum, drawn.draw_order, drawn.unit,
           drawn.handler, drawn.subunits, given.reviewer
    FROM assignment AS given
    JOIN drawn_case AS drawn USING (control_point, draw, case_id)
) AS one
LEFT JOIN control_point AS point ON point.control_point = one.control_point
WHERE NOT EXISTS (SELECT FROM replaced_case AS gone WHERE gone.draw = one.draw AND gone.case_id = one.case_id);

GRANT SELECT, INSERT, UPDATE ON assignment TO {service_role};
GRANT SELECT ON task TO {service_role};

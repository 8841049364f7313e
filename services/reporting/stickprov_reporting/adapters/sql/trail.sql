-- Statements of the trail.

-- name: begin_following
-- Make the row that the follower of a source locks, if there is none.
INSERT INTO trail_follower (source, version, position, ordered, subtrees) VALUES ($1, $2, 0, $3, '')
ON CONFLICT (source) DO NOTHING;

-- name: lock_follower
-- How far a source was followed, for whoever follows it on.
SELECT version, position, ordered, subtrees FROM trail_follower WHERE source = $1 FOR UPDATE;

-- name: followed
-- How far each source was followed.
SELECT source, version, position, subtrees FROM trail_follower;

-- name: sources_behind
-- The sources of which more was heard than was followed.
SELECT inbox.source FROM inbox LEFT JOIN trail_follower USING (source)
WHERE inbox.position > coalesce(trail_follower.position, 0);

-- name: forget_trail
-- Throw the trail away, for a release that makes it otherwise.
TRUNCATE trail_subject, trail_reference, trail, trail_follower, tree_edge;

-- name: write_subjects
-- Keep subjects that may be known, and return all of them.
WITH added AS (
    INSERT INTO trail_subject (key, refers, is_draw, control_points, plan, period_start, period_end, period)
    SELECT key, refers, is_draw, ARRAY(SELECT json_array_elements_text(points)), plan, period_start, period_end, period
    FROM unnest($1::bytea[], $2::uuid[], $3::boolean[], $4::json[], $5::text[], $6::date[], $7::date[], $8::text[])
        AS said (key, refers, is_draw, points, plan, period_start, period_end, period)
    ON CONFLICT (key) DO NOTHING
    RETURNING key, id
)
SELECT key, id FROM added UNION ALL SELECT key, id FROM trail_subject WHERE key = ANY($1::bytea[]);

-- name: write_reference
-- Keep what a draw, an action or a series is about, beside what is known of it.
INSERT INTO trail_reference AS known (id, control_points, plan, period_start, period_end, period)
VALUES ($1, $2::text[], $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET
    control_points = known.control_points
        || ARRAY(SELECT point FROM unnest(excluded.control_points) AS point
                 WHERE NOT point = ANY(known.control_points)),
    plan = coalesce(excluded.plan, known.plan),
    period_start = coalesce(excluded.period_start, known.period_start),
    period_end = coalesce(excluded.period_end, known.period_end),
    period = coalesce(excluded.period, known.period);

-- name: follow_to
-- A source was followed up to a position.
UPDATE trail_follower SET position = $2, ordered = $3, subtrees = $4 WHERE source = $1;

-- name: write_edge
-- Keep the tree's edge at a size.
INSERT INTO tree_edge (source, size, subtrees) VALUES ($1, $2, $3) ON CONFLICT (source, size) DO NOTHING;

-- name: kept_edges
-- Every edge of a source's tree that is kept, with the one at which the follower stands.
SELECT size, subtrees FROM tree_edge WHERE source = $1
UNION ALL SELECT position, subtrees FROM trail_follower WHERE source = $1 AND position > 0;

-- name: trail_size
-- How far a source was followed, and how many events of it the trail has.
SELECT coalesce((SELECT position FROM trail_follower WHERE source = $1), 0) AS followed,
       (SELECT count(*) FROM trail WHERE source = $1) AS events;

-- name: moment
-- The last event of a source up to which everything had happened at a moment.
SELECT position FROM trail WHERE source = $1 AND ordered <= $2 ORDER BY ordered DESC, position DESC LIMIT 1;

-- name: subjects_about
-- The subjects that fit all that is not null: control point $1, draw $2, plan $3, and a period within [$4, $5).
SELECT subject.id FROM trail_subject AS subject LEFT JOIN trail_reference AS reference ON reference.id = subject.refers
WHERE ($1::text IS NULL OR $1 = ANY(
          CASE WHEN subject.control_points = '{}' THEN reference.control_points ELSE subject.control_points END))
      AND ($2::uuid IS NULL OR (subject.is_draw AND subject.refers = $2))
      AND ($3::text IS NULL OR coalesce(subject.plan, reference.plan) = $3)
      AND ($4::date IS NULL OR (coalesce(subject.period_start, reference.period_start) >= $4
                                AND coalesce(subject.period_end, reference.period_end) <= $5));

-- name: trail_count
-- How many events fit, counted up to $11; see the next.
SELECT count(*) FROM (
    SELECT FROM trail
    WHERE ($1::int[] IS NULL OR subject = ANY($1))
          AND ($2::bytea IS NULL OR case_id BETWEEN $2 AND $3)
          AND ($4::text IS NULL OR actor = $4) AND ($5::text[] IS NULL OR kind = ANY($5))
          AND ($6::text IS NULL OR source = $6)
          AND ($7::timestamptz IS NULL OR (ordered >= $7 AND time >= $7)) AND ($8::timestamptz IS NULL OR time < $8)
          AND CASE source WHEN 'sampler' THEN position <= $9::bigint ELSE position <= $10::bigint END
    LIMIT $11
) AS found;

-- name: trail_page
-- Events that fit all that is not null, in the order of their time, the first $14 of them: subjects $1, cases from $2
-- to $3, actor $4, kinds $5, source $6, time from $7 to before $8; up to positions $9 and $10 of the two logs; behind
-- the event at $11 to $13.
SELECT source, position, ordered, subject, case_id FROM trail
WHERE ($1::int[] IS NULL OR subject = ANY($1))
      AND ($2::bytea IS NULL OR case_id BETWEEN $2 AND $3)
      AND ($4::text IS NULL OR actor = $4) AND ($5::text[] IS NULL OR kind = ANY($5))
      AND ($6::text IS NULL OR source = $6)
      AND ($7::timestamptz IS NULL OR (ordered >= $7 AND time >= $7)) AND ($8::timestamptz IS NULL OR time < $8)
      AND CASE source WHEN 'sampler' THEN position <= $9::bigint ELSE position <= $10::bigint END
      AND ($11::timestamptz IS NULL OR (ordered, source, position) > ($11, $12::text, $13::bigint))
ORDER BY ordered, source, position LIMIT $14;

-- name: trail_page_newest
-- Likewise, from the newest; those before the event at $11 to $13.
SELECT source, position, ordered, subject, case_id FROM trail
WHERE ($1::int[] IS NULL OR subject = ANY($1))
      AND ($2::bytea IS NULL OR case_id BETWEEN $2 AND $3)
      AND ($4::text IS NULL OR actor = $4) AND ($5::text[] IS NULL OR kind = ANY($5))
      AND ($6::text IS NULL OR source = $6)
      AND ($7::timestamptz IS NULL OR (ordered >= $7 AND time >= $7)) AND ($8::timestamptz IS NULL OR time < $8)
      AND CASE source WHEN 'sampler' THEN position <= $9::bigint ELSE position <= $10::bigint END
      AND ($11::timestamptz IS NULL OR (ordered, source, position) < ($11, $12::text, $13::bigint))
ORDER BY ordered DESC, source DESC, position DESC LIMIT $14;

-- name: trail_events
-- The events at some places, as they were heard, in that order.
SELECT copy.source, copy.position, copy.chain_hash, copy.envelope, copy.data
FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted (source, position, place)
JOIN inbox_event AS copy ON copy.source = wanted.source AND copy.position = wanted.position
ORDER BY wanted.place;

-- name: trail_subjects
-- What some subjects are about, by themselves or by what they refer to.
SELECT subject.id, CASE WHEN subject.is_draw THEN subject.refers END AS draw,
       coalesce(CASE WHEN subject.control_points = '{}' THEN reference.control_points ELSE subject.control_points END,
                '{}') AS control_points,
       coalesce(subject.plan, reference.plan) AS plan, coalesce(subject.period, reference.period) AS period
FROM trail_subject AS subject LEFT JOIN trail_reference AS reference ON reference.id = subject.refers
WHERE subject.id = ANY($1::int[]);

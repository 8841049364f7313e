-- Everything that is projected belongs to a generation. The next one is made beside the active one, from the log
-- copies, and takes its place in one transaction; so a newer release, or somebody in doubt, has all of it folded anew
-- while it is read.

CREATE TABLE generation (
    number      smallint PRIMARY KEY,
    -- Which version of the code's projection it was folded by.
    version     int NOT NULL,
    -- building: folded beside the active one. active: read, and written by the inboxes. leaving: being deleted.
    state       text NOT NULL CHECK (state IN ('building', 'active', 'leaving')),
    -- How far the logs were folded into it; null for one that the inboxes write, which is as far as they are.
    sampler     bigint,
    findings    bigint,
    started_at  timestamptz NOT NULL DEFAULT now(),
    CHECK ((sampler IS NULL) = (findings IS NULL))
);
CREATE UNIQUE INDEX generation_active ON generation (state) WHERE state = 'active';
CREATE UNIQUE INDEX generation_building ON generation (state) WHERE state = 'building';

-- What was projected until now is of version 1, and stands where the inboxes stand.
INSERT INTO generation (number, version, state, sampler, findings)
SELECT 1, 1, 'active',
       coalesce((SELECT position FROM inbox WHERE source = 'sampler'), 0),
       coalesce((SELECT position FROM inbox WHERE source = 'findings'), 0)
WHERE EXISTS (SELECT FROM inbox WHERE position > 0);

ALTER TABLE control_point RENAME COLUMN projection TO generation;
ALTER TABLE draw_stratum RENAME COLUMN projection TO generation;
ALTER TABLE case_row RENAME COLUMN projection TO generation;
ALTER TABLE cell RENAME COLUMN projection TO generation;
ALTER TABLE register_measure RENAME COLUMN projection TO generation;

-- Lets whoever changes a projection take turns, and returns the generation that is active once the turn has come: the
-- inboxes of the two logs change the same rows and may make the same new one, and a rebuild replaces all of them.
CREATE FUNCTION take_turn() RETURNS TABLE (number smallint, version int, frozen boolean)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(x'53747072'::int, 0);
    -- A statement of its own: it sees what the other had committed when the turn came.
    RETURN QUERY SELECT g.number, g.version, g.sampler IS NOT NULL FROM generation g WHERE g.state = 'active';
END $$;

-- The year of a control point, for what is asked about one year.
ALTER TABLE control_point ADD COLUMN year int;
UPDATE control_point SET year = (definition ->> 'year')::int;
ALTER TABLE control_point ALTER COLUMN year SET NOT NULL;
CREATE INDEX control_point_year ON control_point (generation, year);

-- n by the newest allocation, and where in the draw's stream that stands; the frame and series of the draw.
ALTER TABLE draw_stratum
    ADD COLUMN drawn   bigint NOT NULL DEFAULT 0,
    ADD COLUMN version int NOT NULL DEFAULT 0,
    ADD COLUMN frame   uuid,
    ADD COLUMN series  uuid;
CREATE INDEX draw_stratum_draw ON draw_stratum (generation, draw);

-- Sums of answers that are numbers, in millionths, outgrow a bigint.
ALTER TABLE cell ALTER COLUMN value TYPE numeric;

-- All that is known of a case. Version 1 knew only whether it was reviewed.
ALTER TABLE case_row
    ADD COLUMN subunits    int,
    ADD COLUMN probability double precision,
    -- waiting, reviewed, over-coverage or non-response; the reason of the latter two, else ''.
    ADD COLUMN status      text COLLATE "C" NOT NULL DEFAULT 'waiting',
    ADD COLUMN reason      text COLLATE "C" NOT NULL DEFAULT '',
    -- Questionnaire, answers by question, subunits, and what a settlement settled; null where there is none of it.
    ADD COLUMN detail      jsonb,
    -- Second review and file review; null while nothing was heard of them.
    ADD COLUMN second      jsonb,
    ADD COLUMN file_review jsonb;
-- Rows of version 1 are not read any more, only their cells are, until the next generation is there.
ALTER TABLE case_row DROP COLUMN reviewed;

-- Whole events that are told again in reports.
CREATE TABLE chronicle (
    generation    smallint NOT NULL,
    source        text COLLATE "C" NOT NULL,
    position      bigint NOT NULL,
    stream        text COLLATE "C" NOT NULL,
    version       int NOT NULL,
    -- Name of the event, such as control-concluded.
    kind          text COLLATE "C" NOT NULL,
    -- RFC 3339, as the log has it.
    time          text NOT NULL,
    actor         text NOT NULL,
    -- What it is about, where that is one control point, or one plan.
    control_point text COLLATE "C",
    plan          text COLLATE "C",
    -- The CloudEvents type, and the event as its model writes it.
    type          text NOT NULL,
    data          json NOT NULL,
    -- The generation comes last but in one index, so that nobody who asks for a kind walks over all of a generation.
    PRIMARY KEY (source, position, generation)
);
CREATE INDEX chronicle_kind ON chronicle (generation, kind, control_point);
CREATE INDEX chronicle_stream ON chronicle (stream, generation);

GRANT SELECT, INSERT, UPDATE, DELETE ON generation, chronicle TO {service_role};

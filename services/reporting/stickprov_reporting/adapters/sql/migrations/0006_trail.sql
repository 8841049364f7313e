-- The trail: when each event of the log copies happened and what it is about. A follower fills it behind the inboxes;
-- like everything here it can be thrown away and made again from the copies, where the events themselves stay.

-- What events are about; many share one.
CREATE TABLE trail_subject (
    id             int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- SHA-256 of all that follows.
    key            bytea NOT NULL UNIQUE CHECK (length(key) = 32),
    -- A draw, an action or a series, which may say more than the event itself does.
    refers         uuid,
    is_draw        boolean NOT NULL,
    control_points text[] COLLATE "C" NOT NULL,
    plan           text COLLATE "C",
    -- End excluded.
    period_start   date,
    period_end     date,
    period         text COLLATE "C"
);
CREATE INDEX trail_subject_refers ON trail_subject (refers);

-- What draws, actions and series are about, as their own events say.
CREATE TABLE trail_reference (
    id             uuid PRIMARY KEY,
    control_points text[] COLLATE "C" NOT NULL,
    plan           text COLLATE "C",
    period_start   date,
    period_end     date,
    period         text COLLATE "C"
);

CREATE TABLE trail (
    source   text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    -- The newest time of all events up to here in its log: clocks may go back, the order of a log never does.
    ordered  timestamptz NOT NULL,
    -- When it happened.
    time     timestamptz NOT NULL,
    -- Name of the event, such as finding-recorded.
    kind     text COLLATE "C" NOT NULL,
    actor    text COLLATE "C" NOT NULL,
    subject  int NOT NULL,
    case_id  bytea,
    PRIMARY KEY (source, position)
);
CREATE INDEX trail_ordered ON trail (ordered, source, position);
CREATE INDEX trail_subject_ordered ON trail (subject, ordered, source, position);
CREATE INDEX trail_case ON trail (case_id, ordered) WHERE case_id IS NOT NULL;
CREATE INDEX trail_actor ON trail (actor, ordered, source, position);
CREATE INDEX trail_kind ON trail (kind, ordered, source, position);
-- The last event of a log up to a moment.
CREATE INDEX trail_moment ON trail (source, ordered, position);

-- How far each log copy was followed, and what the next event continues.
CREATE TABLE trail_follower (
    source   text COLLATE "C" PRIMARY KEY,
    -- Which version of the code's trail it was made by.
    version  int NOT NULL,
    position bigint NOT NULL,
    ordered  timestamptz NOT NULL,
    -- Roots of the perfect subtrees over all leaves so far, largest first.
    subtrees bytea NOT NULL
);

-- The tree's edge at some sizes, so that a root in between costs a few thousand leaves and not all of them.
CREATE TABLE tree_edge (
    source   text COLLATE "C" NOT NULL,
    size     bigint NOT NULL,
    subtrees bytea NOT NULL,
    PRIMARY KEY (source, size)
);

GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON trail_subject, trail_reference, trail, trail_follower, tree_edge
    TO {service_role};

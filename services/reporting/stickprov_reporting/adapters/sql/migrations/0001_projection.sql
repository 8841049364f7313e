-- What reporting makes of both logs. All of it can be thrown away and folded again from the log copies; every table
-- carries the projection's version, so that the next one can be built beside the one that is read.
-- Keys are compared byte by byte (collation "C"), as the code that replays does.

-- The newest definition of each control point, as its event has it.
CREATE TABLE control_point (
    projection    smallint NOT NULL,
    control_point text COLLATE "C" NOT NULL,
    -- Version of the control point's stream that defined it so.
    version       int NOT NULL,
    definition    jsonb NOT NULL,
    PRIMARY KEY (projection, control_point)
);

-- What was drawn from: N by draw, stratum and month, for each control point the draw serves.
CREATE TABLE draw_stratum (
    projection    smallint NOT NULL,
    control_point text COLLATE "C" NOT NULL,
    draw          uuid NOT NULL,
    stratum       text COLLATE "C" NOT NULL,
    month         text COLLATE "C" NOT NULL,
    size          bigint NOT NULL,
    -- The draw's period, end excluded.
    period_start  date NOT NULL,
    period_end    date NOT NULL,
    -- JSON list: 'month', 'stratum', both or nothing.
    stratified_by jsonb NOT NULL,
    PRIMARY KEY (projection, control_point, draw, stratum, month)
);
CREATE INDEX draw_stratum_period ON draw_stratum (projection, control_point, period_start, period_end);

-- One row per draw, control point and case. The sampler's columns are null until its log has told of the case;
-- the review's are those of a review that was never heard of until then.
CREATE TABLE case_row (
    projection    smallint NOT NULL,
    draw          uuid NOT NULL,
    control_point text COLLATE "C" NOT NULL,
    case_id       bytea NOT NULL,
    month         text COLLATE "C",
    unit          text COLLATE "C",
    stratum       text COLLATE "C",
    version       int NOT NULL,
    reviewed      boolean NOT NULL,
    remark        boolean NOT NULL,
    -- JSON list of category ids, sorted.
    categories    jsonb NOT NULL,
    PRIMARY KEY (projection, draw, control_point, case_id)
) WITH (fillfactor = 50); -- room for every row to be changed where it is, once: a case is drawn, then reviewed

-- How many rows count for an indicator: drawn, reviewed, remarks, category:<id>. An absent cell counts 0, as one
-- whose value has gone back to 0 does.
CREATE TABLE cell (
    projection    smallint NOT NULL,
    control_point text COLLATE "C" NOT NULL,
    draw          uuid NOT NULL,
    month         text COLLATE "C" NOT NULL,
    unit          text COLLATE "C" NOT NULL,
    stratum       text COLLATE "C" NOT NULL,
    indicator     text COLLATE "C" NOT NULL,
    value         bigint NOT NULL,
    PRIMARY KEY (projection, control_point, draw, month, unit, stratum, indicator)
) WITH (fillfactor = 50); -- counters: changed by every batch

GRANT SELECT, INSERT, UPDATE, DELETE ON control_point, draw_stratum, case_row, cell TO {service_role};

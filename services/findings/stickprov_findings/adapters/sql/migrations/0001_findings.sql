-- What findings knows beside its event log.

-- Cases drawn by the sampler, one row for each control point they serve. Written by the inbox; can be rebuilt. No
-- constraint beyond the key: what the log says must fit, or its event would end in quarantine.
CREATE TABLE drawn_case (
    control_point text NOT NULL,
    draw          uuid NOT NULL,
    case_id       text NOT NULL,
    -- The review's event stream, as the contracts name it.
    stream        text NOT NULL UNIQUE,
    period_start  date NOT NULL,
    period_end    date NOT NULL,
    month         text NOT NULL,
    stratum       text NOT NULL,
    draw_order    bigint NOT NULL,
    unit          text NOT NULL,
    -- Pseudonym; null when any reviewer may take the case.
    handler       text,
    PRIMARY KEY (control_point, draw, case_id)
);

-- Control points as last defined. Written by the inbox; can be rebuilt.
CREATE TABLE control_point (
    control_point text PRIMARY KEY,
    -- Version in the control point's own stream: an older definition never replaces a newer one.
    version       int NOT NULL,
    -- [{"id", "sv", "en"}, ...]
    categories    jsonb NOT NULL
);

-- Free text, which may name a person. The log holds key and salted hash; deleting the row erases text and salt.
CREATE TABLE note (
    note       uuid PRIMARY KEY,
    -- Whose review it belongs to: a case's notes are read, and erased, together.
    stream     text NOT NULL,
    salt       bytea NOT NULL CHECK (length(salt) = 32),
    text       text NOT NULL,
    written_at timestamptz NOT NULL
);
CREATE INDEX note_stream ON note (stream);

GRANT SELECT, INSERT, UPDATE ON drawn_case, control_point TO {service_role};
GRANT SELECT, INSERT, DELETE ON note TO {service_role};

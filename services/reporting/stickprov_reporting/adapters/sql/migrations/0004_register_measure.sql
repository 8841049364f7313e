-- What rules have counted over whole frames: one event each, for each control point that it serves. Nothing changes it.
CREATE TABLE register_measure (
    projection    smallint NOT NULL,
    control_point text COLLATE "C" NOT NULL,
    measure       uuid NOT NULL,
    -- The frame's period, end excluded.
    period_start  date NOT NULL,
    period_end    date NOT NULL,
    -- As the event has it.
    measured      jsonb NOT NULL,
    PRIMARY KEY (projection, control_point, measure)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON register_measure TO {service_role};

-- Cases that gave way to a spare: nobody reviews them. A table of its own, because the replacement may be heard before
-- the case. Written by the inbox; can be rebuilt.
CREATE TABLE replaced_case (
    draw        uuid NOT NULL,
    case_id     text NOT NULL,
    replacement text NOT NULL,
    PRIMARY KEY (draw, case_id)
);

GRANT SELECT, INSERT, UPDATE ON replaced_case TO {service_role};

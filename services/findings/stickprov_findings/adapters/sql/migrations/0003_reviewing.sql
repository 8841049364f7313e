-- What the sampler tells of questionnaires, staff and closed periods, more of points and cases, and drafts.

ALTER TABLE drawn_case
    ADD COLUMN subunits     text[] NOT NULL DEFAULT '{}',
    ADD COLUMN period_label text   NOT NULL DEFAULT '';

ALTER TABLE control_point
    ADD COLUMN plan                      text,
    ADD COLUMN measure                   text NOT NULL DEFAULT '',
    ADD COLUMN unit_name                 text NOT NULL DEFAULT '',
    ADD COLUMN subunit_name              text,
    ADD COLUMN questionnaire             text,
    ADD COLUMN file_review_questionnaire text,
    -- Null: whoever handles the case, or anybody where nobody does.
    ADD COLUMN reviewer_rule             text,
    ADD COLUMN reviewer_group            text,
    ADD COLUMN second_review_share       numeric;

-- Every version that was published: a finding refers to the one it answered. Written by the inbox; can be rebuilt.
CREATE TABLE questionnaire_version (
    questionnaire text  NOT NULL,
    number        int   NOT NULL,
    -- As the contracts' questionnaires.Questionnaire.
    content       jsonb NOT NULL,
    PRIMARY KEY (questionnaire, number)
);

-- The newest staff list, by pseudonym. Written by the inbox; can be rebuilt.
CREATE TABLE staff (
    pseudonym text   PRIMARY KEY,
    unit      text   NOT NULL,
    groups    text[] NOT NULL,
    clearance text   NOT NULL
);

-- Which list that is: its version in the staff's stream. One row at most.
CREATE TABLE staff_list (
    newest  bool PRIMARY KEY CHECK (newest),
    version int  NOT NULL
);

-- Periods in which nothing more is found or corrected. Written by the inbox; can be rebuilt.
CREATE TABLE closed_period (
    control_point text NOT NULL,
    plan          text NOT NULL,
    period_start  date NOT NULL,
    period_end    date NOT NULL,
    label         text NOT NULL,
    PRIMARY KEY (control_point, period_start, period_end, plan)
);

-- Which version of the projection has written the rows of a source. Another one folds the log's copy anew at start.
CREATE TABLE projection (
    source  text PRIMARY KEY,
    version int  NOT NULL
);

-- What a reviewer has filled in so far. It may name a person, is nobody else's business, and is no fact of the log.
CREATE TABLE draft (
    -- The review's event stream.
    stream         text  NOT NULL,
    reviewer       text  NOT NULL,
    version        int   NOT NULL,
    -- Of the review that the form was filled in for.
    review_version int   NOT NULL,
    fields         jsonb NOT NULL,
    saved_at       timestamptz NOT NULL,
    PRIMARY KEY (stream, reviewer)
);

GRANT SELECT, INSERT, UPDATE ON questionnaire_version, staff_list, closed_period, projection TO {service_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON staff, draft TO {service_role};

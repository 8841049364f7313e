-- How far the inbox has come with what can change whose identity is protected: new cases, frames, and changes of it. Whose
-- it is stands nowhere here; the service asks the sampler and keeps the answer in memory.
CREATE TABLE protections_heard (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    -- Of the sampler's log.
    position bigint NOT NULL
);
INSERT INTO protections_heard (position) SELECT position FROM inbox WHERE source = 'sampler' AND position > 0;

GRANT SELECT, INSERT, UPDATE ON protections_heard TO {service_role};

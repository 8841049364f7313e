-- Statements on the generations of the projection.

-- name: active
-- The generation that is read; its positions are null where it follows the inboxes.
SELECT number, version, sampler, findings FROM generation WHERE state = 'active';

-- name: first_generation
-- Begin the first generation. Only called in one's turn.
INSERT INTO generation (number, version, state) VALUES (1, $1, 'active');

-- name: generations
-- All generations, with how far each log was folded into them.
SELECT number, version, state, sampler, findings, started_at FROM generation ORDER BY number;

-- name: freeze
-- Leave the active generation as it is: what is heard from now on is for the next. Only called in one's turn.
UPDATE generation
SET sampler = coalesce((SELECT position FROM inbox WHERE source = 'sampler'), 0),
    findings = coalesce((SELECT position FROM inbox WHERE source = 'findings'), 0)
WHERE state = 'active' AND version < $1 AND sampler IS NULL;

-- name: begin_building
-- Begin the next generation, empty; one number after the highest.
INSERT INTO generation (number, version, state, sampler, findings)
SELECT coalesce(max(number), 0) + 1, $1, 'building', 0, 0 FROM generation;

-- name: building
-- The generation that is being built.
SELECT number, version, sampler, findings FROM generation WHERE state = 'building';

-- name: give_up
-- Let a generation go.
UPDATE generation SET state = 'leaving' WHERE number = $1;

-- name: built_to
-- A page of both logs was folded.
UPDATE generation SET sampler = $2, findings = $3 WHERE number = $1;

-- name: activate
-- What was built takes the place of what was read; from now on the inboxes write it.
UPDATE generation SET state = 'active', sampler = NULL, findings = NULL WHERE number = $1;

-- name: retire
-- What was read is read no more.
UPDATE generation SET state = 'leaving' WHERE state = 'active';

-- name: leaving
-- The generations that are to be deleted.
SELECT number FROM generation WHERE state = 'leaving' ORDER BY number;

-- name: forget
-- Nothing is left of a generation.
DELETE FROM generation WHERE number = $1;

-- name: requeued_copies
-- The events of a source that had been set aside and were applied after all, up to a position.
SELECT position, chain_hash, envelope, data
FROM quarantine JOIN inbox_event USING (source, position)
WHERE source = $1 AND requeued_at IS NOT NULL AND position <= $2 ORDER BY position;

-- name: copies_between
-- The next entries of a log copy up to a position, without those that are set aside.
SELECT position, chain_hash, envelope, data FROM inbox_event AS entry
WHERE source = $1 AND position > $2 AND position <= $3
      AND NOT EXISTS (
          SELECT FROM quarantine AS aside
          WHERE aside.source = entry.source AND aside.position = entry.position AND requeued_at IS NULL)
ORDER BY position LIMIT $4;

-- name: put_aside
-- Set an event aside that the release that rebuilds cannot apply.
INSERT INTO quarantine (source, position, type, reason) VALUES ($1, $2, $3, $4)
ON CONFLICT (source, position) DO UPDATE SET reason = excluded.reason, requeued_at = NULL;

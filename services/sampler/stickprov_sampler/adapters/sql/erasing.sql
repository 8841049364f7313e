-- What erasing reads and deletes. Whatever is deleted goes in the commit of the events that say so, under the lock of its
-- series, so that no draw gets a case whose identity is just going.

-- name: share_series
-- Whoever draws or freezes in a series shares its lock. $1 class, $2 series
SELECT pg_advisory_xact_lock_shared($1::int, hashtext($2::text))

-- name: series_alone
-- Whoever erases in a series has it alone. $1 class, $2 series
SELECT pg_advisory_xact_lock($1::int, hashtext($2::text))

-- name: happened
-- All events of some types, oldest first, with their places in the log. Not for drawn cases. $1 types[]
SELECT event.type, event.version, event.time, event.actor, event.data, ledger.position
FROM event LEFT JOIN ledger ON ledger.event_id = event.id
WHERE event.type = ANY ($1::text[]) AND event.type <> 'stickprov.sampler.case-drawn.v1'
ORDER BY event.seq

-- name: versions
-- How far some streams are; 0 where there is none. $1 streams[]
SELECT name, coalesce((SELECT max(version) FROM event WHERE stream = name), 0) AS version FROM unnest($1::text[]) AS name

-- name: cases_left
-- Cases that the vault still has, and whether research may keep them. $1 draws[], null for all
SELECT drawn.draw, drawn.case_id, coalesce(identity.research_day, false) AS research_day
FROM vault.drawn_case AS drawn LEFT JOIN vault.identity USING (case_id)
WHERE $1::uuid[] IS NULL OR drawn.draw = ANY ($1)

-- name: draws_of_cases
-- In which draws some cases still are. $1 cases[]
SELECT draw, case_id FROM vault.drawn_case WHERE case_id = ANY ($1::text[])

-- name: identity_of_drawn
-- Who a case of a draw is, sealed; no row once it has been erased there, though another draw may have it. $1 draw, $2 case
SELECT case_id, series, protected, research_day, master, wrapped_key, sealed
FROM vault.drawn_case AS drawn JOIN vault.identity USING (case_id)
WHERE drawn.draw = $1::uuid AND drawn.case_id = $2::text

-- name: series_kept
-- Series whose key is in the vault, with how many identities they have.
SELECT series, (SELECT count(*) FROM vault.identity WHERE identity.series = series_key.series) AS cases
FROM vault.series_key

-- name: staff_kept
-- Whom the vault has names of.
SELECT pseudonym FROM vault.staff

-- name: identities_kept
-- Those of some cases that the vault still has. $1 cases[]
SELECT count(*) FROM vault.identity WHERE case_id = ANY ($1::text[])

-- name: notes_kept
-- Those of some notes that are still there. $1 notes[]
SELECT count(*) FROM note WHERE note = ANY ($1::uuid[])

-- name: every_identity
-- A page of all identities, sealed, in the order of their cases. $1 after this case, $2 limit
SELECT case_id, series, protected, research_day, master, wrapped_key, sealed
FROM vault.identity WHERE case_id > $1 ORDER BY case_id LIMIT $2

-- name: forget_drawn_cases
-- $1 draw, $2 cases[]
DELETE FROM vault.drawn_case WHERE draw = $1::uuid AND case_id = ANY ($2::text[])

-- name: forget_identities
-- Identities of cases that no draw holds any more. $1 cases[]
DELETE FROM vault.identity
WHERE case_id = ANY ($1::text[]) AND NOT EXISTS (SELECT FROM vault.drawn_case AS drawn WHERE drawn.case_id = identity.case_id)

-- name: forget_notes
-- $1 notes[]
DELETE FROM note WHERE note = ANY ($1::uuid[])

-- name: no_other_draw
-- Void the transaction when a draw came into a series that was not known. $1 series, $2 draws[] that were
SELECT vault.nothing_else(EXISTS (
    SELECT FROM vault.identity JOIN vault.drawn_case AS drawn USING (case_id)
    WHERE identity.series = $1::uuid AND drawn.draw <> ALL ($2::uuid[])
))

-- name: no_use_of_series
-- Void the transaction when a series has a frame or a case again. $1 series
SELECT vault.nothing_else(EXISTS (SELECT FROM vault.frame_key WHERE series = $1::uuid)
                          OR EXISTS (SELECT FROM vault.identity WHERE series = $1::uuid))

-- name: forget_frame_key
-- $1 frame
DELETE FROM vault.frame_key WHERE frame = $1::uuid

-- name: forget_series_key
-- $1 series
DELETE FROM vault.series_key WHERE series = $1::uuid

-- name: forget_staff
-- $1 pseudonyms[]
DELETE FROM vault.staff WHERE pseudonym = ANY ($1::text[])

-- name: forget_drawn_cases_again
-- What the log says is erased, after a backup brought it back. $1 draws[], $2 cases[]
DELETE FROM vault.drawn_case AS drawn USING unnest($1::uuid[], $2::text[]) AS gone (draw, case_id)
WHERE drawn.draw = gone.draw AND drawn.case_id = gone.case_id

-- name: forget_frame_keys_again
-- $1 frames[]
DELETE FROM vault.frame_key WHERE frame = ANY ($1::uuid[])

-- name: forget_series_keys_again
-- $1 series[]
DELETE FROM vault.series_key WHERE series = ANY ($1::uuid[])

-- name: keep_forgotten
-- $1 cases[]
INSERT INTO vault.forgotten_case (case_id) SELECT DISTINCT unnest($1::text[]) ON CONFLICT DO NOTHING

-- name: forgotten
-- $1 cases[]
SELECT case_id FROM vault.forgotten_case WHERE case_id = ANY ($1::text[])

-- name: forget_in_every_draw
-- $1 cases[]
DELETE FROM vault.drawn_case WHERE case_id = ANY ($1::text[])

-- name: rewriting_alone
-- One at a time writes identity files anew, or takes away those that nothing names. $1 key
SELECT pg_advisory_lock($1::bigint)

-- name: rewriting_done
-- $1 key
SELECT pg_advisory_unlock($1::bigint)

-- name: reuse_room
-- The rows that were deleted make room: their bytes are overwritten by what comes next.
VACUUM vault.identity, vault.drawn_case, vault.frame_key, vault.series_key, vault.staff, note

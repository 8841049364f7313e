-- What findings rebuilds beside its log after a recovery, and what it has lost.

-- name: drop_ended_drafts
-- A draft goes when its reviewer has ended the review; those of a backup may be older than that.
DELETE FROM draft WHERE EXISTS (
    SELECT FROM event
    WHERE event.stream = draft.stream AND event.actor = draft.reviewer AND event.time >= draft.saved_at
      AND event.type NOT IN ('stickprov.findings.review-started.v1', 'stickprov.findings.case-assigned.v1')
)

-- name: lost_notes
-- How many texts the events behind a position stand for that are not here. $1 the position
SELECT count(DISTINCT told.note ->> 'note')
FROM ledger JOIN event ON event.id = ledger.event_id
CROSS JOIN LATERAL jsonb_path_query(convert_from(event.data, 'UTF8')::jsonb, '$.** ? (exists (@.digest) && exists (@.note))')
    AS told (note)
WHERE ledger.position > $1 AND NOT EXISTS (SELECT FROM note WHERE note.note = (told.note ->> 'note')::uuid)

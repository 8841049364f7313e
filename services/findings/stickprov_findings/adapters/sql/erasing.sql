-- What findings does when the sampler erased cases.

-- name: draw_alone
-- Wait until nobody writes about a draw's cases, and keep others off until the transaction ends. $1 class, $2 draw
SELECT pg_advisory_xact_lock($1::int, hashtext($2::text))

-- name: write_erased_cases
-- $1 draw, $2 cases[]
INSERT INTO erased_case (draw, case_id) SELECT $1::uuid, unnest($2::text[]) ON CONFLICT DO NOTHING

-- name: erase_notes
-- $1 streams[]
DELETE FROM note WHERE stream = ANY ($1::text[])

-- name: erase_drafts
-- $1 streams[]
DELETE FROM draft WHERE stream = ANY ($1::text[])

-- name: told
-- What was told of a draw's erasures, oldest first. $1 stream
SELECT version, data FROM event WHERE stream = $1 ORDER BY version

-- name: erase_notes_again
-- What is there about erased cases all the same, after a backup brought it back.
DELETE FROM note USING erased_case AS gone
WHERE gone.case_id = right(note.stream, 64) AND gone.draw::text = split_part(note.stream, '/', 2)
  AND split_part(note.stream, '/', 1) IN ('review', 'second-review', 'file-review', 'assignment')

-- name: erase_drafts_again
DELETE FROM draft USING erased_case AS gone
WHERE gone.case_id = right(draft.stream, 64) AND gone.draw::text = split_part(draft.stream, '/', 2)

-- name: remember_erased_cases
-- What the log itself tells of erased cases, after its end was recovered from a copy.
INSERT INTO erased_case (draw, case_id)
SELECT (told ->> 'draw')::uuid, jsonb_array_elements_text(told -> 'cases')
FROM (SELECT convert_from(data, 'UTF8')::jsonb AS told FROM event
      WHERE type = 'stickprov.findings.free-text-erased.v1') AS erased
ON CONFLICT DO NOTHING

-- name: erased_among
-- Those of some cases, named by draw and case, that were erased. $1 draws[], $2 cases[]
SELECT gone.draw, gone.case_id FROM erased_case AS gone
JOIN unnest($1::uuid[], $2::text[]) AS asked (draw, case_id) USING (draw, case_id)

-- name: texts_erased
-- Everything that was told of erasures, oldest first. $1 erasure as text
SELECT data, time FROM event
WHERE type = 'stickprov.findings.free-text-erased.v1'
  AND stream LIKE 'free-text/%' AND convert_from(data, 'UTF8')::jsonb ->> 'erasure' = $1
ORDER BY seq

"""What was written about a replacement: kept beside the log, shown on request, erased without a trace."""

import hashlib
from uuid import uuid4

from stickprov_kernel.notes.keeping import opened
from support.draws import SEED, events, freeze_children, replace


async def replacements(sampler, draw):
    return (await sampler.get(f"/v1/draws/{draw}/replacements", "auditor")).json()


async def test_a_note_is_shown_and_stands_in_no_event_and_no_stored_answer(sampler):
    await freeze_children(sampler)
    draw = (await sampler.drawn(n=3, seed=SEED))["draw"]
    first, second, _ = [case["case"] for case in await sampler.cases(draw)]
    answer = await replace(sampler, draw, first, "conflict-of-interest", note="Syster till handläggaren")
    await replace(sampler, draw, second, "closed", note="   ")
    one, other = await replacements(sampler, draw)
    assert (one["case"], one["replacement"], one["reason"]) == (first, answer["replacement"], "conflict-of-interest")
    assert (one["note"], other["note"]) == ("Syster till handläggaren", None)
    assert one["actor"] == sampler.issuer.actor("coordinator-01")
    stored = await sampler.rows("SELECT data FROM event UNION ALL SELECT envelope FROM event")
    stored += await sampler.rows("SELECT answer FROM command")
    assert len(stored) > 10
    assert not any(b"Syster" in row[0] for row in stored)


async def test_the_event_has_the_notes_key_and_the_hash_of_salt_and_text(sampler):
    await freeze_children(sampler)
    draw = (await sampler.drawn(n=3))["draw"]
    await replace(sampler, draw, (await sampler.cases(draw))[0]["case"], "other", note="Flyttad till Åsen")
    (event,) = await events(sampler, "case-replaced")
    (row,) = await sampler.rows("SELECT * FROM note")
    note = opened(sampler.settings.sealing, row)
    assert (str(row["note"]), row["stream"]) == (event["note"]["note"], f"draw/{draw}")
    assert (note.text, len(note.salt)) == ("Flyttad till Åsen", 32)
    assert event["note"]["digest"] == hashlib.sha256(note.salt + note.text.encode()).hexdigest()


async def test_an_erased_note_is_null_and_the_draw_verifies_all_the_same(sampler):
    await freeze_children(sampler)
    draw = (await sampler.drawn(n=3))["draw"]
    await replace(sampler, draw, (await sampler.cases(draw))[0]["case"], "moved", note="Till grannkommunen")
    await sampler.rows("DELETE FROM note")
    (replaced,) = await replacements(sampler, draw)
    assert (replaced["reason"], replaced["note"]) == ("moved", None)
    assert (await sampler.verification(draw))["verdict"] == "verified"


async def test_a_replacement_sent_again_keeps_one_note(sampler):
    await freeze_children(sampler)
    draw = (await sampler.drawn(n=3))["draw"]
    body = {"case": (await sampler.cases(draw))[0]["case"], "reason": "closed", "note": "Avslutat i mars"}
    headers, path = sampler.headers(), f"/v1/draws/{draw}/replacements"
    first, again = [await sampler.client.post(path, json=body, headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert len(await sampler.rows("SELECT FROM note")) == 1


async def test_a_note_that_is_too_long_is_refused_and_replaces_nothing(sampler):
    await freeze_children(sampler)
    draw = (await sampler.drawn(n=3))["draw"]
    body = {"case": (await sampler.cases(draw))[0]["case"], "reason": "closed", "note": "å" * 4001}
    response = await sampler.client.post(f"/v1/draws/{draw}/replacements", json=body, headers=sampler.headers())
    assert (response.status_code, [error["field"] for error in response.json()["errors"]]) == (422, ["note"])
    assert await replacements(sampler, draw) == []


async def test_replacements_are_for_coordinator_and_auditor_and_of_a_draw_that_there_is(sampler):
    await freeze_children(sampler)
    draw = (await sampler.drawn(n=3))["draw"]
    path = f"/v1/draws/{draw}/replacements"
    roles = ("coordinator", "auditor", "reviewer", "protected-reviewer", "board", "service", "ops")
    allowed = [role for role in roles if (await sampler.get(path, role)).status_code == 200]
    assert allowed == ["coordinator", "auditor"]
    unknown = await sampler.get(f"/v1/draws/{uuid4()}/replacements")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "draw-unknown")

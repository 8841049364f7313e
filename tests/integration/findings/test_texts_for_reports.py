"""Reporting reads the texts that it prints, and can check that they are those of the log."""

import json
from hashlib import sha256
from uuid import uuid4

import pytest

from support.follow_ups import tell
from support.reviews import POINT, point_defined

WORDS = {"result": "Rutinen följs, men saknar riktlinje.", "assessment": "Risk för felaktiga utbetalningar."}


@pytest.fixture
async def references(service):
    """The references that the event has, by field of the form."""
    await service.hear(point_defined())
    await tell(
        service, "/v1/conclusions", {"control_point": POINT, "period": "2021-Q1", "verdict": "followed", **WORDS}
    )
    return json.loads(await service.pool.fetchval("SELECT data FROM event"))["texts"]


async def ask(service, notes, *, who="service"):
    return await service.client.post("/v1/notes/texts", json={"notes": notes}, headers=service.signed_in(who))


async def test_texts_come_with_what_makes_the_digests_of_the_log(service, references):
    answer = await ask(service, [reference["note"] for reference in references.values()])

    found = {one["note"]: one for one in answer.json()}
    assert {name: found[reference["note"]]["text"] for name, reference in references.items()} == WORDS
    for reference in references.values():
        kept = found[reference["note"]]
        assert sha256(bytes.fromhex(kept["salt"]) + kept["text"].encode()).hexdigest() == reference["digest"]


async def test_an_erased_text_and_one_that_never_was_are_left_out(service, references):
    erased = references["result"]["note"]
    await service.pool.execute("DELETE FROM note WHERE note = $1", erased)

    answer = await ask(service, [erased, references["assessment"]["note"], str(uuid4())])

    assert [one["note"] for one in answer.json()] == [references["assessment"]["note"]]


@pytest.mark.parametrize("who", ["coordinator", "board", "auditor", "reviewer-01"])
async def test_nobody_but_a_service_reads_them_so(service, references, who):
    assert (await ask(service, [references["result"]["note"]], who=who)).status_code == 403


async def test_no_more_than_a_thousand_are_asked_for_at_once(service):
    answer = await ask(service, [str(uuid4()) for _ in range(1001)])

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "notes")

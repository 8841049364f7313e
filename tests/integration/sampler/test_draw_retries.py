"""A draw that is sent again, sent twice at once, or was interrupted."""

import asyncio
import json
from uuid import uuid4, uuid5

from support.draws import COLUMNS, SPRING, SPRING_PERIOD, freeze_spring


async def test_a_retry_gets_the_first_answer_and_draws_nothing_more(sampler):
    await freeze_spring(sampler)
    command_id = uuid4()
    first = await sampler.draw(n=5, command_id=command_id)
    before = await sampler.counts()
    again = await sampler.draw(n=5, command_id=command_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await sampler.counts() == before


async def test_the_same_command_sent_many_times_at_once_draws_once(sampler):
    await freeze_spring(sampler)
    command_id = uuid4()
    responses = await asyncio.gather(*(sampler.draw(n=5, command_id=command_id) for _ in range(4)))
    assert {response.status_code for response in responses} <= {200, 201}
    assert len({response.text for response in responses}) == 1
    assert len((await sampler.get("/v1/draws")).json()) == 1


async def test_a_command_id_stands_for_one_draw(sampler):
    await freeze_spring(sampler)
    command_id = uuid4()
    await sampler.draw(n=5, command_id=command_id)
    response = await sampler.draw(n=6, command_id=command_id)
    assert (response.status_code, response.json()["code"]) == (409, "command-id-reused")


async def interrupted(sampler, command_id):
    """Send a draw whose second commit, with the sample and its identities, fails."""
    await sampler.rows(f"REVOKE INSERT ON vault.identity FROM {sampler.database.service_role}")
    assert (await sampler.draw(n=5, command_id=command_id)).status_code == 500
    await sampler.rows(f"GRANT INSERT ON vault.identity TO {sampler.database.service_role}")


async def test_a_draw_that_was_interrupted_after_its_seed_goes_on_with_that_seed(sampler):
    await freeze_spring(sampler)
    command_id = uuid4()
    draw = uuid5(command_id, "draw")
    await interrupted(sampler, command_id)
    response = await sampler.get(f"/v1/draws/{draw}")
    assert response.status_code == 404
    assert "has a seed and no sample" in response.json()["detail"]
    (event,) = await sampler.rows("SELECT data FROM event WHERE stream = $1", f"draw/{draw}")
    answer = (await sampler.draw(n=5, command_id=command_id)).json()
    assert (answer["draw"], answer["seed"]) == (str(draw), json.loads(event["data"])["seed"])
    assert (await sampler.verification(answer["draw"]))["verdict"] == "verified"


async def test_an_interrupted_draw_cannot_go_on_as_another_one(sampler):
    await freeze_spring(sampler)
    command_id = uuid4()
    await interrupted(sampler, command_id)
    response = await sampler.draw(n=6, command_id=command_id)
    assert (response.status_code, response.json()["code"]) == (409, "command-id-reused")


async def test_frames_and_draws_are_there_after_a_restart(sampler_at, new_database):
    database = await new_database()
    async with sampler_at(database) as before:
        await before.define()
        await before.freeze(SPRING, **COLUMNS, period=SPRING_PERIOD)
        first = await before.drawn(n=5)
    async with sampler_at(database) as after:
        assert (await after.verification(first["draw"]))["verdict"] == "verified"
        assert len(await after.cases(first["draw"])) == 5

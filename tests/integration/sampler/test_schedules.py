"""Rolling schedules: what is missing on a day, told from frames and draws, and never from today's date."""

from uuid import uuid4

POINT = "AMF-2021-4"


async def set_schedule(sampler, point: str = POINT, **asked: object):
    headers = sampler.headers(command_id=uuid4())
    return await sampler.client.put(f"/v1/schedules/{point}", json={"first": "2021-01"} | asked, headers=headers)


async def missing(sampler, on: str) -> list[tuple[str, str]]:
    answer = (await sampler.get(f"/v1/schedule?on={on}", "board")).json()
    return [(reminder["month"], reminder["missing"]) for reminder in answer["reminders"]]


async def test_a_month_that_is_over_lacks_its_frame_then_its_draw_then_nothing(sampler):
    assert (await set_schedule(sampler, n=2)).status_code == 200
    assert await missing(sampler, "2021-01-31") == []
    assert await missing(sampler, "2021-02-01") == [("2021-01", "frame")]
    await sampler.freeze("Ärende\nA\nB\nC\n", frame_name="Januari", period="2021-01")
    assert await missing(sampler, "2021-02-01") == [("2021-01", "draw")]
    await sampler.drawn(frame="Januari", design="simple", n=2)
    assert await missing(sampler, "2021-02-01") == []
    assert await missing(sampler, "2021-04-01") == [("2021-02", "frame"), ("2021-03", "frame")]


async def test_a_frame_of_a_quarter_serves_its_three_months(sampler):
    await set_schedule(sampler, n=2)
    await sampler.freeze("Ärende\nA\nB\nC\n", frame_name="Kvartal", period="2021-Q1")
    await sampler.drawn(frame="Kvartal", design="simple", n=2)
    assert await missing(sampler, "2021-05-01") == [("2021-04", "frame")]


async def test_a_schedule_without_a_sample_size_asks_for_frames_only_and_ends_with_its_last_month(sampler):
    await set_schedule(sampler, last="2021-02")
    assert await missing(sampler, "2021-12-01") == [("2021-01", "frame"), ("2021-02", "frame")]
    await sampler.freeze("Ärende\nA\n", frame_name="Januari", period="2021-01")
    assert await missing(sampler, "2021-12-01") == [("2021-02", "frame")]


async def test_setting_the_same_schedule_again_changes_nothing(sampler):
    first = (await set_schedule(sampler, rate="0.06")).json()
    second = (await set_schedule(sampler, rate="0.06")).json()
    third = (await set_schedule(sampler, n=20)).json()
    assert (first["version"], second["version"], third["version"]) == (1, 1, 2)


async def test_a_schedule_that_makes_no_sense_is_refused_by_its_option(sampler):
    async def field(**asked: object) -> str:
        response = await set_schedule(sampler, **asked)
        assert response.status_code == 422
        return response.json()["errors"][0]["field"]

    assert await field(first="2021-13") == "first"
    assert await field(last="2020-12") == "last"
    assert await field(n=3, rate="0.1") == "rate"
    assert await field(point="NONE-1") == "control_point"


async def test_without_a_day_the_servers_own_is_taken(sampler):
    await set_schedule(sampler)
    answer = (await sampler.get("/v1/schedule")).json()
    assert answer["reminders"][0]["month"] == "2021-01"
    assert answer["schedules"][0]["control_point"] == POINT

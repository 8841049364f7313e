"""Who drawn cases are is erased when its time is up, or on request, and never while something holds it."""

import asyncio
from uuid import UUID, uuid4

import pytest

from stickprov_kernel.database.migrations import LOG
from stickprov_sampler.app import SAMPLER
from support.draws import events, post, replace
from support.erasures import OPTIONS, POINT, REGISTER, erase, freeze, hold, identity, keep
from support.waiting import eventually


@pytest.fixture
async def frame(sampler):
    return await freeze(sampler)


async def due(sampler):
    return (await sampler.get("/v1/erasures/due", "ops")).json()


async def vault(sampler):
    """Return how many identities, cases in draws, frame keys and series keys there are."""
    tables = ("identity", "drawn_case", "frame_key", "series_key")
    return tuple([(await sampler.rows(f"SELECT count(*) FROM vault.{table}"))[0][0] for table in tables])


async def test_what_is_due_goes_and_the_draw_can_be_made_again(sampler, frame):
    drawn = await sampler.drawn(n=3)
    file = await sampler.identity_file(frame["frame"])
    case = (await sampler.cases(drawn["draw"]))[0]["case"]
    before = await due(sampler)
    await keep(sampler, 0)
    ready = await due(sampler)
    done = await erase(sampler, role="ops")

    assert ([one["standing"] for one in before["draws"]], before["without_retention"]) == (["no-retention"], [POINT])
    assert [(one["standing"], one["erasable"]) for one in ready["draws"]] == [("due", 3)]
    counted = {name: done[name] for name in ("draws", "cases", "identities", "frames", "series")}
    assert counted == {"draws": 1, "cases": 3, "identities": 3, "frames": 1, "series": 1}
    assert await vault(sampler) == (0, 0, 0, 0)
    assert not file.exists()
    assert (await identity(sampler, drawn["draw"], case)).json()["code"] == "identity-erased"
    assert len(await sampler.cases(drawn["draw"])) == 3
    assert (await sampler.verification(drawn["draw"]))["verdict"] == "verified"
    report = (await sampler.get(f"/v1/erasures/{done['erasure']}", "auditor")).json()
    assert [(one["frame_name"], one["cases"]) for one in report["draws"]] == [("Möten", 3)]
    assert report["completed"] is not None
    stored = await sampler.rows("SELECT data AS bytes FROM event UNION ALL SELECT answer FROM command")
    assert not [row for row in stored if b"Namn 10" in row["bytes"]]


async def test_without_a_decision_and_before_its_time_nothing_goes(sampler, frame):
    await sampler.drawn(n=3)
    nothing = await erase(sampler)
    await keep(sampler, 1)
    still = await erase(sampler)

    assert (nothing["erasure"], still["erasure"]) == (None, None)
    assert [one["standing"] for one in (await due(sampler))["draws"]] == ["not-due"]
    assert await vault(sampler) == (3, 3, 1, 1)


async def test_a_hold_stops_what_is_due_and_what_is_asked_for(sampler, frame):
    drawn = (await sampler.drawn(n=3))["draw"]
    await keep(sampler, 0)
    placed = await hold(sampler, draw=drawn)
    waiting = await erase(sampler)
    refused = await post(sampler, f"/v1/erasures/draws/{drawn}")
    lifting = await post(sampler, f"/v1/holds/{placed}/lifting", why="Klart")
    again = await post(sampler, f"/v1/holds/{placed}/lifting", why="Klart")
    done = await erase(sampler)

    assert (waiting["erasure"], waiting["draws_held"]) == (None, 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "legal-hold")
    assert (lifting.status_code, again.json()["code"]) == (201, "hold-lifted")
    assert done["cases"] == 3
    (told,) = (await sampler.get("/v1/holds", "auditor")).json()
    assert (told["why"], told["why_lifted"]) == ("Revision pågår", "Klart")
    stored = await sampler.rows("SELECT data AS bytes FROM event UNION ALL SELECT answer FROM command")
    assert not [row for row in stored if b"Revision" in row["bytes"]]


async def test_a_hold_on_one_case_keeps_that_case_and_its_frame(sampler, frame):
    drawn = (await sampler.drawn(n=3))["draw"]
    case = (await sampler.cases(drawn))[0]["case"]
    await keep(sampler, 0)
    await hold(sampler, draw=drawn, case=case)
    done = await erase(sampler)

    assert (done["cases"], done["draws_held"], done["frames"]) == (2, 1, 0)
    assert (await identity(sampler, drawn, case)).status_code == 200


async def test_a_case_stays_while_another_draw_holds_it(sampler, frame):
    first, second = (await sampler.drawn(n=5))["draw"], (await sampler.drawn(n=5))["draw"]
    case = (await sampler.cases(first))[0]["case"]
    done = await erase(sampler, f"draws/{first}")

    assert (done["cases"], done["identities"]) == (5, 0)
    assert (await identity(sampler, first, case)).json()["code"] == "identity-erased"
    assert (await identity(sampler, second, case)).status_code == 200
    rest = await erase(sampler, f"draws/{second}")
    assert (rest["cases"], rest["identities"]) == (5, 5)
    assert (await vault(sampler))[:2] == (0, 0)


async def test_nothing_more_is_drawn_where_identities_are_gone(sampler, frame):
    drawn = (await sampler.drawn(n=3))["draw"]
    case = (await sampler.cases(drawn))[0]["case"]
    await keep(sampler, 0)
    await erase(sampler)
    before = (await sampler.counts())[0]

    refused = [
        await post(sampler, f"/v1/draws/{drawn}/extension", n=1),
        await post(sampler, f"/v1/draws/{drawn}/replacements", case=case, reason="closed"),
        await sampler.draw(n=2),
        await post(sampler, "/v1/draws/preview", frame="Möten", n=2),
    ]
    joined = await sampler.upload(REGISTER, frame_name="Möten 2", series="Möten", **OPTIONS)

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(409, "identities-erased")] * 4
    assert joined.status_code == 422
    assert (await sampler.counts())[0] == before


async def test_a_draw_that_was_erased_on_request_gets_no_more_cases(sampler, frame):
    drawn = (await sampler.drawn(n=3))["draw"]
    await erase(sampler, f"draws/{drawn}")

    assert (await post(sampler, f"/v1/draws/{drawn}/extension", n=1)).json()["code"] == "identities-erased"
    assert (await sampler.draw(n=2)).status_code == 201


async def test_erasing_again_takes_nothing_and_a_retry_is_answered_as_before(sampler, frame):
    await sampler.drawn(n=3)
    await keep(sampler, 0)
    command = uuid4()
    first = await erase(sampler, command_id=command)
    retry = await erase(sampler, command_id=command)
    again = await erase(sampler)

    assert retry == first
    assert again["erasure"] is None
    assert len(await events(sampler, "cases-erased")) == 1


async def test_two_erasers_at_once_erase_once(sampler, frame):
    for _ in range(3):
        await sampler.drawn(n=2)
    await keep(sampler, 0)
    await asyncio.gather(*(erase(sampler) for _ in range(4)))

    erased = [(event["draw"], case) for event in await events(sampler, "cases-erased") for case in event["cases"]]
    assert len(erased) == len(set(erased)) == 6
    assert len(await events(sampler, "frame-identities-erased")) == 1
    assert len(await events(sampler, "series-key-erased")) == 1
    assert await vault(sampler) == (0, 0, 0, 0)


async def test_a_hold_that_is_placed_meanwhile_is_either_too_late_or_holds(sampler, frame):
    drawn = (await sampler.drawn(n=4))["draw"]
    await keep(sampler, 0)
    await asyncio.gather(erase(sampler), hold(sampler, draw=drawn), erase(sampler))

    kinds = [row["type"].split(".")[2] for row in await sampler.rows("SELECT type FROM event ORDER BY seq")]
    left = (await vault(sampler))[1]
    assert left == (0 if "cases-erased" in kinds else 4)


async def test_a_draw_that_is_made_meanwhile_keeps_whom_it_drew(sampler, frame):
    first = (await sampler.drawn(n=5))["draw"]
    answers = await asyncio.gather(*(sampler.draw(n=5) for _ in range(4)), post(sampler, f"/v1/erasures/draws/{first}"))

    assert {answer.status_code for answer in answers} == {201}
    lost = "SELECT FROM vault.drawn_case WHERE case_id NOT IN (SELECT case_id FROM vault.identity)"
    assert await sampler.rows(lost) == []
    assert len(await sampler.rows("SELECT FROM vault.drawn_case")) == 20


async def test_a_replacement_meanwhile_leaves_no_case_behind(sampler, frame):
    drawn = (await sampler.drawn(n=3))["draw"]
    case = (await sampler.cases(drawn))[0]["case"]
    await keep(sampler, 0)
    replacing = post(sampler, f"/v1/draws/{drawn}/replacements", case=case, reason="other", note="Åsa är jäv")
    await asyncio.gather(replacing, erase(sampler))
    await erase(sampler)

    assert (await vault(sampler))[:2] == (0, 0)
    assert await sampler.rows("SELECT FROM note") == []


async def test_what_was_written_about_a_replacement_goes_with_the_case(sampler, frame):
    drawn = (await sampler.drawn(n=3))["draw"]
    case = (await sampler.cases(drawn))[0]["case"]
    await replace(sampler, drawn, case, "other", note="Åsa är jäv")
    done = await erase(sampler, "cases", draw=drawn, case=case)

    assert (done["cases"], done["notes"]) == (1, 1)
    (told,) = (await sampler.get(f"/v1/draws/{drawn}/replacements")).json()
    assert told["note"] is None


async def test_who_was_born_on_certain_days_stays_for_research_unless_they_ask(sampler):
    born = "Ärende;Personnummer\n1;640823-3234\n2;19810105-9874\n3;670919-9530\n"
    await freeze_of(sampler, born)
    drawn = (await sampler.drawn(n=3))["draw"]
    await keep(sampler, 0, keep_for_research=True)
    done = await erase(sampler)

    assert done["cases"] == 2
    ((case, research_day),) = await sampler.rows("SELECT case_id, research_day FROM vault.identity")
    assert research_day
    (standing,) = (await due(sampler))["draws"]
    assert (standing["standing"], standing["erased"], standing["kept_for_research"]) == ("erased", 2, 1)
    whole = await erase(sampler, f"draws/{drawn}")
    assert (whole["erasure"], whole["kept_for_research"]) == (None, 1)
    asked = await erase(sampler, "cases", draw=drawn, case=case)
    assert (asked["cases"], asked["series"]) == (1, 1)


async def test_a_draw_on_request_leaves_those_whom_research_keeps(sampler):
    await freeze_of(sampler, "Ärende;Personnummer\n1;640823-3234\n2;19810105-9874\n3;670919-9530\n")
    drawn = (await sampler.drawn(n=3))["draw"]
    await keep(sampler, 600, keep_for_research=True)
    done = await erase(sampler, f"draws/{drawn}")

    assert (done["cases"], done["kept_for_research"]) == (2, 1)
    report = (await sampler.get(f"/v1/erasures/{done['erasure']}")).json()
    assert report["kept_for_research"] == 1
    assert [row["research_day"] for row in await sampler.rows("SELECT research_day FROM vault.identity")] == [True]


async def freeze_of(sampler, register):
    options = {"unit_id_column": "Ärende", "personal_number_column": "Personnummer", "extract_date": "2021-02-01"}
    return await sampler.freeze(register, period="2021-01", **options)


@pytest.mark.parametrize("typed", ["811228-9874", "198112289874", "19811228-9874", "8112289874", "101"])
async def test_a_person_is_found_however_the_number_is_written(sampler, frame, typed):
    await sampler.drawn(n=5)
    done = await erase(sampler, "persons", number=typed)
    nobody = await erase(sampler, "persons", number="199001012385")

    assert (done["cases"], done["identities"], nobody["erasure"]) == (1, 1, None)
    assert "101" not in await sampler.identities()
    stored = await sampler.rows("SELECT data AS bytes FROM event UNION ALL SELECT answer || request_hash FROM command")
    assert not [row for row in stored if typed.encode() in row["bytes"] and len(typed) > 3]


async def test_a_person_of_whom_a_case_is_held_keeps_that_case_alone(sampler, frame):
    first, second = (await sampler.drawn(n=5))["draw"], (await sampler.drawn(n=5))["draw"]
    await hold(sampler, draw=first)
    done = await erase(sampler, "persons", number="101")

    assert (done["cases"], done["identities"], done["draws_held"]) == (1, 0, 1)
    (event,) = await events(sampler, "cases-erased")
    assert event["draw"] == second
    refused = await post(sampler, "/v1/erasures/persons", number="101")
    assert refused.json()["code"] == "legal-hold"


async def test_names_of_people_who_left_can_be_erased_and_of_others_not(sampler):
    people = [{"sign_in": f"reviewer-0{n}", "name": f"Namn {n}", "email": "n@x.se", "unit": "A"} for n in (1, 2)]
    await sampler.client.put("/v1/staff", json={"staff": people}, headers=sampler.headers())
    listed = sampler.issuer.actor("reviewer-02")
    await sampler.client.put("/v1/staff", json={"staff": people[1:]}, headers=sampler.headers())
    counted = (await due(sampler))["staff"]
    refused = await post(sampler, "/v1/erasures/staff", staff=[listed])
    done = await erase(sampler, "staff", staff=None)

    assert (counted, refused.json()["code"], done["staff"]) == (1, "still-listed", 1)
    assert [row["pseudonym"] for row in await sampler.rows("SELECT pseudonym FROM vault.staff")] == [listed]
    assert [event["staff"] for event in await events(sampler, "staff-erased")] == [
        [sampler.issuer.actor("reviewer-01")]
    ]


async def test_what_a_crash_or_an_old_backup_brought_back_is_gone_when_the_service_is_there(sampler_at, new_database):
    database = await new_database(LOG, SAMPLER)
    async with sampler_at(database) as sampler:
        await sampler.define()
        frame = await freeze(sampler)
        drawn = (await sampler.drawn(n=3))["draw"]
        file = await sampler.identity_file(frame["frame"])
        content = file.read_bytes()
        tables = ("identity", "drawn_case", "frame_key", "series_key")
        kept = {table: await sampler.rows(f"SELECT * FROM vault.{table}") for table in tables}
        await keep(sampler, 0)
        await erase(sampler)
    file.write_bytes(content)
    for table, rows in kept.items():
        columns = list(rows[0].keys())
        places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
        for row in rows:
            await sampler.rows(f"INSERT INTO vault.{table} ({', '.join(columns)}) VALUES ({places})", *row.values())
    assert await vault(sampler) == (3, 3, 1, 1)

    async with sampler_at(database) as sampler:
        assert await vault(sampler) == (0, 0, 0, 0)
        assert not file.exists()
        assert (await sampler.verification(drawn))["verdict"] == "verified"


async def test_the_job_erases_what_is_due_by_itself(sampler_at, new_database):
    database = await new_database(LOG, SAMPLER)
    async with sampler_at(database, erasure_minutes=0) as sampler:
        await sampler.define()
        await freeze(sampler)
        await sampler.drawn(n=3)
        await keep(sampler, 0)
    async with sampler_at(database) as sampler:

        async def gone():
            return await vault(sampler) == (0, 0, 0, 0) and await events(sampler, "erasure-completed")

        await eventually(gone, what="the hourly look")
        (told,) = (await sampler.get("/v1/erasures")).json()
        assert (told["actor"], told["why"]) == ("system", "schedule")


async def test_who_may_do_what(sampler, frame):
    drawn = UUID((await sampler.drawn(n=3))["draw"])
    for role in ("reviewer", "board", "service"):
        assert (await sampler.get("/v1/erasures/due", role)).status_code == 403
        assert (await sampler.client.post("/v1/erasures/due", headers=sampler.headers(role))).status_code == 403
    for role in ("ops", "auditor"):
        assert (await sampler.get("/v1/erasures", role)).status_code == 200
        refused = await sampler.client.post(f"/v1/erasures/draws/{drawn}", headers=sampler.headers(role))
        assert refused.status_code == 403
    assert (await sampler.client.post("/v1/erasures/due", headers=sampler.headers("ops"))).status_code == 201


async def test_a_retention_is_decided_once_and_against_the_version_that_was_seen(sampler):
    first = await keep(sampler, 24, keep_for_research=True)
    same = await keep(sampler, 24, keep_for_research=True)
    headers = sampler.headers() | {"If-Match": '"0"'}
    stale = await sampler.client.put(f"/v1/retentions/{POINT}", json={"months": 12}, headers=headers)
    undecided = await keep(sampler, None)

    assert (first["version"], same["version"], stale.status_code, undecided["version"]) == (1, 1, 412, 2)
    assert (await sampler.get("/v1/retentions", "ops")).json() == [undecided]


async def test_why_a_case_was_held_is_kept_when_the_case_is_erased(sampler, frame):
    drawn = (await sampler.drawn(n=3))["draw"]
    case = (await sampler.cases(drawn))[0]["case"]
    placed = await hold(sampler, draw=drawn, case=case)
    await post(sampler, f"/v1/holds/{placed}/lifting", why="Klart")
    await erase(sampler, "cases", draw=drawn, case=case)

    (told,) = (await sampler.get("/v1/holds", "auditor")).json()
    assert (told["why"], told["why_lifted"]) == ("Revision pågår", "Klart")


async def test_what_a_retention_would_make_due_is_told_before_it_is_decided(sampler, frame):
    await sampler.drawn(n=3)
    asked = await sampler.get(f"/v1/erasures/due?control_point={POINT}&months=0")
    (supposed,), (now,) = asked.json()["draws"], (await due(sampler))["draws"]

    assert (supposed["standing"], supposed["erasable"], now["standing"]) == ("due", 3, "no-retention")

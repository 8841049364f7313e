"""Control points through the HTTP API."""

import asyncio
from uuid import uuid4


async def put(sampler, changes=None, *, version=None, command_id=None, role="coordinator"):
    current = (await sampler.get("/v1/control-points/AMF-2021-4")).json()
    fields = {name: value for name, value in current.items() if name not in {"control_point", "version", "plan"}}
    headers = sampler.headers(role, command_id) | ({"If-Match": f'"{version}"'} if version is not None else {})
    return await sampler.client.put("/v1/control-points/AMF-2021-4", json=fields | (changes or {}), headers=headers)


async def test_a_control_point_is_shown_as_it_was_defined(sampler):
    response = await sampler.get("/v1/control-points/AMF-2021-4", "board")
    assert response.headers["ETag"] == '"1"'
    assert response.json() == {
        "control_point": "AMF-2021-4",
        "number": "4",
        "year": 2021,
        "board": "AMF",
        "area": "Försörjningsstöd",
        "measure": "Att möten hålls",
        "unit_name": "ärende",
        "categories": [{"id": "no-meeting", "sv": "Inget möte", "en": "No meeting"}],
        "tolerance": None,
        "version": 1,
        "plan": None,
        "risk": None,
        "method": None,
        "responsible": None,
        "frequency": None,
        "schedule": [],
        "questionnaire": None,
        "subunit_name": None,
        "reviewer_rule": None,
        "reviewer_group": None,
        "second_review_share": None,
        "file_review_questionnaire": None,
    }


async def test_it_can_be_defined_anew_and_the_list_shows_what_holds(sampler):
    await sampler.define("AMF-2021-3")
    response = await put(sampler, {"measure": "Att möten hålls i tid", "tolerance": "0.05"})
    assert (response.status_code, response.json()["version"]) == (200, 2)
    points = (await sampler.get("/v1/control-points", "reviewer")).json()
    assert [(point["control_point"], point["measure"], point["version"]) for point in points] == [
        ("AMF-2021-3", "Att möten hålls", 1),
        ("AMF-2021-4", "Att möten hålls i tid", 2),
    ]


async def test_what_changes_nothing_is_no_event(sampler):
    response = await put(sampler)
    assert (response.status_code, response.json()["version"]) == (200, 1)
    assert (await sampler.counts())[0] == 1


async def test_a_retry_gets_the_first_answer_even_when_the_point_has_moved_on(sampler):
    command_id = uuid4()
    first = await put(sampler, {"measure": "A"}, command_id=command_id)
    await put(sampler, {"measure": "B"})
    again = await put(sampler, {"measure": "A"}, command_id=command_id)
    assert again.json() == first.json()
    assert (await sampler.get("/v1/control-points/AMF-2021-4")).json()["measure"] == "B"


async def test_a_command_id_stands_for_one_request(sampler):
    command_id = uuid4()
    await put(sampler, {"measure": "A"}, command_id=command_id)
    response = await put(sampler, {"measure": "B"}, command_id=command_id)
    assert (response.status_code, response.json()["code"]) == (409, "command-id-reused")


async def test_a_version_that_is_no_longer_the_newest_is_refused(sampler):
    assert (await put(sampler, {"measure": "A"}, version=1)).status_code == 200
    response = await put(sampler, {"measure": "B"}, version=1)
    assert (response.status_code, response.json()["current_version"]) == (412, 2)


async def test_of_two_who_saw_the_same_version_one_is_first(sampler):
    responses = await asyncio.gather(*(put(sampler, {"measure": name}, version=1) for name in "ABCD"))
    assert sorted(response.status_code for response in responses) == [200, 412, 412, 412]


async def test_without_a_version_all_get_through_one_after_the_other(sampler):
    responses = await asyncio.gather(*(put(sampler, {"measure": name}) for name in "ABCD"))
    assert sorted(response.json()["version"] for response in responses) == [2, 3, 4, 5]


async def test_a_category_that_stands_twice_is_named(sampler):
    category = {"id": "a", "sv": "a", "en": "a"}
    response = await put(sampler, {"categories": [category, category]})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["categories.1.id"]


async def test_an_unknown_point_is_not_found(sampler):
    assert (await sampler.get("/v1/control-points/AMF-2021-99")).status_code == 404


async def test_only_a_coordinator_defines(sampler):
    for role in ("reviewer", "protected-reviewer", "board", "auditor", "service", "ops"):
        assert (role, (await put(sampler, {"measure": "A"}, role=role)).status_code) == (role, 403)

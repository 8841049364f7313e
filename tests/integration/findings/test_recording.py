"""Recording, correcting and withdrawing over HTTP, as reviewers and their networks do it."""

import asyncio
from uuid import uuid4

import pytest

from support.reviews import CASE, DRAW, POINT, case_drawn, point_defined

OTHER_CASE = "cd" * 32
SWISH = {"remark": True, "categories": ["swish"]}
DEPOSIT = {"remark": True, "categories": ["deposit"]}
NO_REMARK = {"remark": False}


@pytest.fixture(autouse=True)
async def drawn(service):
    await service.hear(point_defined(), case_drawn(), case_drawn(OTHER_CASE, order=2))


async def test_a_finding_is_recorded(service):
    answer = await service.post("finding", DEPOSIT)

    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    body = answer.json()
    assert body.pop("event")
    assert body == {"draw": str(DRAW), "control_point": POINT, "case": CASE, "version": 1}
    assert await service.stored() == {"event": 1, "command": 1, "note": 0}


async def test_pressing_submit_twice_gives_one_finding_and_the_same_answer(service):
    command_id = uuid4()
    first = await service.post("finding", DEPOSIT, command_id=command_id)
    again = await service.post("finding", DEPOSIT, command_id=command_id)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert first.headers["ETag"] == again.headers["ETag"]
    assert await service.stored() == {"event": 1, "command": 1, "note": 0}


async def test_the_same_command_twenty_times_at_once_gives_one_finding(service):
    command_id = uuid4()
    body = DEPOSIT | {"comment": "swish from a relative"}
    answers = await asyncio.gather(*(service.post("finding", body, command_id=command_id) for _ in range(20)))

    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({(answer.content, answer.headers["ETag"]) for answer in answers}) == 1
    assert await service.stored() == {"event": 1, "command": 1, "note": 1}


async def test_twenty_reviewers_at_once_give_one_finding(service):
    answers = await asyncio.gather(
        *(service.post("finding", DEPOSIT | {"comment": f"by {n}"}, who=f"reviewer-{n:02}") for n in range(20))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {(problem["code"], problem["current_version"]) for problem in refused} == {("already-reviewed", 1)}
    assert await service.stored() == {"event": 1, "command": 1, "note": 1}


async def test_twenty_corrections_at_once_on_one_version_give_one_correction(service):
    await service.post("finding", DEPOSIT)
    answers = await asyncio.gather(
        *(service.post("correction", SWISH | {"reason": f"reason {n}"}, seen=1) for n in range(20))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [412] * 19
    refused = [answer.json() for answer in answers if answer.status_code == 412]
    assert {(problem["code"], problem["current_version"]) for problem in refused} == {("stale-version", 2)}
    assert await service.stored() == {"event": 2, "command": 2, "note": 1}


async def test_findings_on_different_cases_do_not_hinder_each_other(service):
    answers = await asyncio.gather(
        service.post("finding", DEPOSIT), service.post("finding", NO_REMARK, case=OTHER_CASE)
    )

    assert [answer.status_code for answer in answers] == [201, 201]


async def test_a_retry_gets_its_first_answer_whatever_has_happened_since(service):
    recorded, corrected, withdrawn = uuid4(), uuid4(), uuid4()
    steps = [
        ("finding", DEPOSIT, recorded, None),
        ("correction", SWISH | {"reason": "misread"}, corrected, 1),
        ("withdrawal", {"reason": "wrong household"}, withdrawn, 2),
        ("finding", NO_REMARK, uuid4(), None),
    ]
    first = [await service.post(what, body, command_id=id_, seen=seen) for what, body, id_, seen in steps]
    again = [await service.post(what, body, command_id=id_, seen=seen) for what, body, id_, seen in steps]

    assert [answer.status_code for answer in first] == [201] * 4
    assert [answer.status_code for answer in again] == [200] * 4
    assert [answer.content for answer in first] == [answer.content for answer in again]
    assert [answer.headers["ETag"] for answer in again] == ['"1"', '"2"', '"3"', '"4"']
    assert await service.stored() == {"event": 4, "command": 4, "note": 2}


async def test_a_retry_of_a_withdrawn_finding_does_not_record_it_again(service):
    command_id = uuid4()
    await service.post("finding", DEPOSIT, command_id=command_id)
    await service.post("withdrawal", {"reason": "wrong household"}, seen=1)
    again = await service.post("finding", DEPOSIT, command_id=command_id)

    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')
    assert (await service.review())["status"] == "waiting"


@pytest.mark.parametrize(
    "other",
    [{"case": OTHER_CASE}, {"who": "reviewer-02"}, {"body": SWISH}, {"seen": 0}],
    ids=lambda other: next(iter(other)),
)
async def test_a_command_id_stands_for_one_request_of_one_reviewer(service, other):
    command_id = uuid4()
    await service.post("finding", DEPOSIT, command_id=command_id)
    reused = await service.post("finding", **({"body": DEPOSIT, "command_id": command_id} | other))

    assert (reused.status_code, reused.json()["code"]) == (409, "command-id-reused")
    assert await service.stored() == {"event": 1, "command": 1, "note": 0}


async def test_a_reviewed_case_takes_no_second_finding(service):
    await service.post("finding", DEPOSIT)
    refused = await service.post("finding", SWISH)

    problem = refused.json()
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert (refused.status_code, problem["code"], problem["current_version"]) == (409, "already-reviewed", 1)
    assert "Open it to see it" in problem["detail"]


@pytest.mark.parametrize(("what", "extra"), [("correction", SWISH), ("withdrawal", {})])
async def test_a_version_that_is_no_longer_the_newest_changes_nothing(service, what, extra):
    await service.post("finding", DEPOSIT)
    await service.post("correction", NO_REMARK | {"reason": "misread"}, seen=1)
    refused = await service.post(what, extra | {"reason": "late"}, seen=1)

    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["current_version"]) == (412, "stale-version", 2)
    assert await service.stored() == {"event": 2, "command": 2, "note": 1}


@pytest.mark.parametrize(("what", "extra"), [("correction", SWISH), ("withdrawal", {})])
async def test_a_change_says_which_version_was_seen(service, what, extra):
    await service.post("finding", DEPOSIT)
    refused = await service.post(what, extra | {"reason": "misread"})

    assert (refused.status_code, refused.json()["code"]) == (428, "version-required")
    assert "If-Match" in refused.json()["detail"]


async def test_a_command_has_an_id(service):
    refused = await service.post("finding", DEPOSIT, command_id=None)

    assert (refused.status_code, refused.json()["code"]) == (400, "command-id-missing")


async def test_only_the_handler_reviews_a_case_that_has_one(service):
    case = "ef" * 32
    await service.hear(case_drawn(case, order=3, handler=service.actor("reviewer-02")))

    refused = await service.post("finding", DEPOSIT, case=case, who="reviewer-01")
    assert (refused.status_code, refused.json()["code"]) == (403, "case-not-yours")
    assert (await service.get_review(case=case, who="reviewer-01")).status_code == 403

    assert (await service.post("finding", DEPOSIT, case=case, who="reviewer-02")).status_code == 201
    assert (await service.get_review(case=case, who="auditor")).status_code == 200


async def test_a_case_that_was_not_drawn_is_not_found(service):
    refused = await service.post("finding", DEPOSIT, case="99" * 32)

    assert (refused.status_code, refused.json()["code"]) == (404, "case-not-drawn")
    assert (await service.get_review(case="99" * 32)).status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"remark": True, "categories": ["teleport"]}, "categories", "category-unknown"),
        ({"remark": True, "categories": ["swish", "swish"]}, "categories", "category-repeated"),
        ({"remark": False, "categories": ["swish"]}, "categories", "category-without-remark"),
        ({"remark": True}, "categories", "category-missing"),
        (DEPOSIT | {"comment": "a\x00b"}, "comment", "unstorable-text"),
    ],
)
async def test_a_finding_that_does_not_fit_the_control_point_names_the_field(service, body, field, code):
    refused = await service.post("finding", body)

    assert refused.status_code == 422
    assert [(error["field"], error["code"]) for error in refused.json()["errors"]] == [(field, code)]
    assert await service.stored() == {"event": 0, "command": 0, "note": 0}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"remark": "perhaps"}, "remark"),
        ({}, "remark"),
        (NO_REMARK | {"kategorier": []}, "kategorier"),
        (NO_REMARK | {"comment": "x" * 10_001}, "comment"),
    ],
)
async def test_a_body_that_is_no_finding_names_the_field(service, body, field):
    refused = await service.post("finding", body)

    assert (refused.status_code, refused.json()["code"]) == (422, "bad-input")
    assert [error["field"] for error in refused.json()["errors"]] == [field]


async def test_half_a_character_is_refused_and_not_a_fault_of_ours(service):
    refused = await service.post("finding", b'{"remark": false, "comment": "\\ud800"}')

    assert refused.status_code == 422


async def test_a_case_that_is_no_pseudonym_is_refused(service):
    assert (await service.post("finding", NO_REMARK, case="19800101-1234")).status_code == 422


@pytest.mark.parametrize("who", ["coordinator", "board", "auditor", "ops", "service"])
async def test_only_reviewers_record(service, who):
    assert (await service.post("finding", DEPOSIT, who=who)).status_code == 403


async def test_nobody_records(service):
    assert (await service.post("finding", DEPOSIT, who=None)).status_code == 401

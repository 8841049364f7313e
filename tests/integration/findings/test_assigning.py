"""Cases are given to reviewers through the API: by rule, once, moved by hand, and never to who must not have them."""

import asyncio
from collections import Counter
from decimal import Decimal
from uuid import uuid4

import pytest

from stickprov_contracts.events.draws import CaseReplaced
from stickprov_findings.adapters.sql.assignments import AssignedCases
from stickprov_findings.adapters.sql.projection import DrawnCases
from stickprov_kernel.log.records import Incoming
from support.assignments import (
    ANNA,
    BO,
    CIA,
    DAN,
    assign,
    assigned,
    case_number,
    draw_cases,
    listed,
    move,
    reviewers_of,
)
from support.protections import nobody_protected
from support.reviews import DRAW, POINT, period_closed

FINDING = {"remark": False}
REMARK = {"remark": True, "categories": ["swish"]}


@pytest.fixture
async def staffed(service):
    await service.hear(listed(service))
    return service


async def rows(service):
    found = await service.pool.fetch("SELECT * FROM assignment ORDER BY control_point, draw, case_id, purpose")
    return [tuple(row) for row in found]


async def test_handlers_are_given_their_own_cases(staffed):
    cases = await draw_cases(staffed, ANNA, BO, None, "reviewer-09", reviewer_rule="handler")
    answer = await assigned(staffed)
    assert (answer["given"], answer["already"]) == (2, 0)
    assert answer["unassigned"] == [
        {"case": cases[2], "why": "no-handler"},
        {"case": cases[3], "why": "handler-not-listed"},
    ]
    given = await reviewers_of(staffed)
    assert (given[cases[0]], given[cases[1]]) == (staffed.actor(ANNA), staffed.actor(BO))


async def test_colleagues_are_given_each_others_cases_evenly(staffed):
    await draw_cases(staffed, *[ANNA, BO, CIA] * 3, DAN, reviewer_rule="colleague")
    answer = await assigned(staffed)
    given = await reviewers_of(staffed)
    handlers = {item: staffed.actor(who) for item, who in zip(sorted(given), [ANNA, BO, CIA] * 3, strict=False)}
    assert all(given[case] != handler for case, handler in handlers.items())
    assert sorted(load["given"] for load in answer["loads"]) == [3, 3, 3]
    assert answer["unassigned"] == [{"case": case_number(10), "why": "no-colleague"}]


async def test_a_look_at_what_would_be_given_stores_nothing(staffed):
    await draw_cases(staffed, ANNA, BO, reviewer_rule="colleague")
    looked = await assigned(staffed, dry_run=True)
    assert looked["given"] == 2
    assert await rows(staffed) == []
    assert (await staffed.stored())["command"] == 0
    assert await assigned(staffed) == looked


async def test_who_has_a_case_keeps_it_when_cases_are_given_again(staffed):
    await draw_cases(staffed, *[ANNA, BO, CIA] * 2, reviewer_rule="colleague")
    await assigned(staffed)
    before = await rows(staffed)
    again = await assigned(staffed)
    assert (again["given"], again["already"]) == (0, 6)
    assert await rows(staffed) == before


async def test_the_same_command_again_gets_the_same_answer(staffed):
    await draw_cases(staffed, ANNA, BO, reviewer_rule="colleague")
    command_id = uuid4()
    first = await assign(staffed, command_id=command_id)
    again = await assign(staffed, command_id=command_id)
    assert again.json() == first.json()
    assert (await staffed.stored())["event"] == 2


async def test_two_coordinators_at_the_same_moment_give_each_case_once(staffed):
    await draw_cases(staffed, *[ANNA, BO, CIA] * 4, reviewer_rule="colleague")
    answers = [answer.json() for answer in await asyncio.gather(*(assign(staffed) for _ in range(3)))]
    assert sorted(answer["given"] for answer in answers) == [0, 0, 12]
    assert (await staffed.stored())["event"] == 12


async def test_a_group_and_a_rule_can_be_named_instead_of_the_points_own(service):
    await service.hear(listed(service, groups={DAN: ["controllers"]}))
    await draw_cases(service, ANNA, BO, reviewer_rule="handler")
    await assigned(service, rule="group", group="controllers")
    assert set((await reviewers_of(service)).values()) == {service.actor(DAN)}


async def test_a_group_is_asked_for_by_name(staffed):
    await draw_cases(staffed, ANNA)
    refused = await assign(staffed, rule="group")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "group")


async def test_nobody_has_more_waiting_than_their_capacity(staffed):
    await draw_cases(staffed, *[None] * 9, reviewer_rule="round_robin")
    answer = await assigned(staffed, capacity=2)
    assert [load["given"] for load in answer["loads"]] == [2, 2, 2, 2]
    assert [one["why"] for one in answer["unassigned"]] == ["capacity"]
    later = await assigned(staffed, capacity=3)
    assert (later["given"], [load["waiting"] for load in later["loads"]]) == (1, [2])


async def test_a_replaced_case_is_given_to_nobody(staffed):
    cases = await draw_cases(staffed, ANNA, BO, reviewer_rule="handler")
    out = CaseReplaced(
        draw=DRAW,
        case=cases[0],
        replacement=case_number(9),
        control_points=[POINT],
        stratum="",
        month="2021-01",
        reason="closed",
    )
    async with staffed.pool.acquire() as connection, connection.transaction():
        await DrawnCases().apply(connection, [Incoming(1, bytes(32), None, out)])
    assert (await assigned(staffed))["given"] == 1
    assert (await move(staffed, cases[0], CIA)).json()["code"] == "case-replaced"


async def test_nothing_is_given_in_a_closed_period(staffed):
    cases = await draw_cases(staffed, ANNA)
    await staffed.hear(period_closed())
    assert (await assign(staffed)).json()["code"] == "period-closed"
    assert (await move(staffed, cases[0], CIA)).json()["code"] == "period-closed"


async def test_a_draw_that_is_not_known_has_no_cases(staffed):
    refused = await assign(staffed)
    assert (refused.status_code, refused.json()["code"]) == (404, "no-cases-drawn")


async def test_only_the_coordinator_gives_cases(staffed):
    cases = await draw_cases(staffed, ANNA)
    assert (await assign(staffed, who=ANNA)).status_code == 403
    assert (await move(staffed, cases[0], BO, who=ANNA)).status_code == 403
    assert (await staffed.get("/v1/reviewers", who=ANNA)).status_code == 403


async def test_a_case_is_moved_to_another_reviewer_for_a_reason(staffed):
    cases = await draw_cases(staffed, ANNA, reviewer_rule="handler")
    await assigned(staffed)
    moved = await move(staffed, cases[0], BO)
    assert (moved.status_code, moved.json()["version"]) == (201, 2)
    assert await reviewers_of(staffed) == {cases[0]: staffed.actor(BO)}
    assert [note.text for note in await staffed.notes()] == ["sjuk"]
    assert (await staffed.post("finding", FINDING, case=cases[0], who=ANNA)).status_code == 403
    assert (await staffed.post("finding", FINDING, case=cases[0], who=BO)).status_code == 201


async def test_a_case_is_not_moved_without_a_reason_or_to_who_has_it(staffed):
    cases = await draw_cases(staffed, ANNA, reviewer_rule="handler")
    await assigned(staffed)
    assert (await move(staffed, cases[0], ANNA)).json()["code"] == "already-theirs"
    for to, reason, field in [(BO, " ", "reason"), ("reviewer-09", "sjuk", "reviewer")]:
        refused = await move(staffed, cases[0], to, reason=reason)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


async def test_nobody_is_given_a_case_of_their_own_by_hand_where_colleagues_review(staffed):
    cases = await draw_cases(staffed, ANNA, reviewer_rule="colleague")
    refused = await move(staffed, cases[0], ANNA)
    assert (refused.status_code, refused.json()["code"]) == (422, "assignment-unfit")
    assert (await move(staffed, cases[0], DAN)).status_code == 201


async def test_a_share_of_the_reviewed_cases_is_reviewed_again_by_others(staffed):
    cases = await draw_cases(staffed, *[ANNA] * 5, None, reviewer_rule=None, second_review_share=Decimal("0.5"))
    for case in cases[:5]:
        await staffed.post("finding", FINDING, case=case, who=ANNA)
    answer = await assigned(staffed, purpose="second-review", rule="round_robin")
    chosen = await reviewers_of(staffed, "second-review")
    assert (answer["given"], len(chosen)) == (3, 3)
    assert chosen.keys() <= set(cases[:5])
    assert staffed.actor(ANNA) not in chosen.values()
    again = await assigned(staffed, purpose="second-review", rule="round_robin")
    assert (again["given"], again["already"]) == (0, 3)


async def test_the_first_reviewer_is_not_given_the_second_review_by_hand_either(staffed):
    cases = await draw_cases(staffed, ANNA)
    await staffed.post("finding", FINDING, case=cases[0], who=ANNA)
    refused = await move(staffed, cases[0], ANNA, path="second-reviews")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "reviewer")
    assert (await move(staffed, cases[0], BO, path="second-reviews")).status_code == 201
    refused = await move(staffed, cases[0], BO)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "reviewer")


async def test_a_second_review_needs_a_share(staffed):
    await draw_cases(staffed, ANNA)
    refused = await assign(staffed, purpose="second-review")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "share")


async def test_cases_with_a_remark_are_given_to_a_file_review(staffed):
    cases = await draw_cases(staffed, ANNA, ANNA, reviewer_rule="handler")
    await staffed.post("finding", REMARK, case=cases[0], who=ANNA)
    await staffed.post("finding", FINDING, case=cases[1], who=ANNA)
    answer = await assigned(staffed, purpose="file-review", rule="group", group="x")
    assert answer["unassigned"] == [{"case": cases[0], "why": "no-reviewer"}]
    assert (await assigned(staffed, purpose="file-review"))["given"] == 1
    assert await reviewers_of(staffed, "file-review") == {cases[0]: staffed.actor(ANNA)}


async def test_loads_are_what_was_given_and_ones_own_cases(staffed):
    cases = await draw_cases(staffed, ANNA, ANNA, BO, None, reviewer_rule="handler")
    await move(staffed, cases[3], CIA)
    await staffed.post("finding", FINDING, case=cases[0], who=ANNA)
    loads = (await staffed.get("/v1/reviewers", who="coordinator")).json()
    assert {one["pseudonym"]: (one["waiting"], one["done"]) for one in loads} == {
        staffed.actor(ANNA): (1, 1),
        staffed.actor(BO): (1, 0),
        staffed.actor(CIA): (1, 0),
        staffed.actor(DAN): (0, 0),
    }


async def test_the_table_of_assignments_is_written_anew_from_the_log(staffed):
    cases = await draw_cases(staffed, *[ANNA, BO, CIA] * 2, reviewer_rule="colleague")
    await assigned(staffed)
    await move(staffed, cases[0], DAN)
    await staffed.post("finding", FINDING, case=cases[0], who=DAN)
    await move(staffed, cases[0], BO, path="second-reviews")
    before = await rows(staffed)
    assert Counter(row[3] for row in before) == {"review": 6, "second-review": 1}
    await staffed.pool.execute("UPDATE assignment SET reviewer = 'p0', rule = '', version = 0")
    await AssignedCases(staffed.pool, nobody_protected(staffed.pool)).rebuild()
    assert await rows(staffed) == before


async def test_the_events_tell_who_was_given_what(staffed):
    cases = await draw_cases(staffed, ANNA, reviewer_rule="handler")
    await assigned(staffed)
    (row,) = await staffed.pool.fetch("SELECT stream, type, convert_from(data, 'UTF8') AS data FROM event")
    assert row["stream"] == f"assignment/{DRAW}/{POINT}/{cases[0]}"
    assert row["type"] == "stickprov.findings.case-assigned.v1"
    assert f'"reviewer":"{staffed.actor(ANNA)}","rule":"handler"' in row["data"]

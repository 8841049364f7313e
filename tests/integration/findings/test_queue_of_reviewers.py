"""The queue shows each reviewer what they may review, in the order in which they should; progress counts it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from stickprov_contracts.events import Period, type_name
from stickprov_contracts.events.findings import EVENTS
from stickprov_contracts.http.headers import COMMAND_ID
from stickprov_findings.domain.review.status import STATUS_AFTER_TYPE
from support.assignments import ANNA, BO, CIA, DAN, assigned, case_number, draw_cases, listed, move
from support.reviews import DRAW, POINT, case_drawn, period_closed

FINDING = {"remark": False}


@pytest.fixture
async def staffed(service):
    await service.hear(listed(service, groups={DAN: ["controllers"]}))
    return service


async def seen_by(service, who, **query):
    queue = (await service.get("/v1/queue", who=who, **query)).json()
    return [item["case"] for item in queue["items"]]


async def next_of(service, who, **query):
    answer = await service.get("/v1/queue/next", who=who, **query)
    return answer.json()["case"] if answer.status_code == 200 else None


async def start(service, case, who):
    headers = service.signed_in(who) | {COMMAND_ID: str(uuid4())}
    answer = await service.client.post(f"/v1/reviews/{DRAW}/{POINT}/{case}/start", json={}, headers=headers)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("rule", "group", "seen"),
    [
        (None, None, {ANNA: [1, 3], BO: [2, 3], DAN: [3], "reviewer-09": [3]}),
        ("anyone", None, {ANNA: [1, 2, 3], DAN: [1, 2, 3], "reviewer-09": [1, 2, 3]}),
        ("handler", None, {ANNA: [1, 3], BO: [2, 3], DAN: [3], "reviewer-09": [3]}),
        ("colleague", None, {ANNA: [2], BO: [1], CIA: [1, 2], DAN: [], "reviewer-09": []}),
        ("group", "controllers", {ANNA: [], DAN: [1, 2, 3]}),
        ("round_robin", None, {ANNA: [1, 2, 3], DAN: [1, 2, 3], "reviewer-09": []}),
    ],
)
async def test_cases_that_nobody_was_given_are_seen_by_those_whom_the_rule_lets_take_them(staffed, rule, group, seen):
    cases = await draw_cases(staffed, ANNA, BO, None, reviewer_rule=rule, reviewer_group=group)
    for who, numbers in seen.items():
        expected = [case_number(number) for number in numbers]
        assert await seen_by(staffed, who) == expected
        # The queue and the review itself agree on who may.
        opened = [case for case in cases if (await staffed.get_review(case=case, who=who)).status_code == 200]
        assert opened == expected


async def test_what_somebody_was_given_is_seen_by_nobody_else(staffed):
    cases = await draw_cases(staffed, ANNA, BO, reviewer_rule="anyone")
    await move(staffed, cases[0], CIA)
    assert await seen_by(staffed, ANNA) == [cases[1]]
    assert await seen_by(staffed, CIA) == cases
    assert await seen_by(staffed, CIA, mine=True) == [cases[0]]
    assert await seen_by(staffed, "coordinator") == cases
    assert await seen_by(staffed, "coordinator", reviewer=staffed.actor(CIA)) == [cases[0]]


async def test_an_item_tells_unit_subunits_reviewer_and_draft(staffed):
    await draw_cases(staffed, ANNA, reviewer_rule="handler")
    await staffed.hear(
        case_drawn(case_number(2), order=2, handler=staffed.actor(ANNA), unit="Enhet Nord", subunits=["b1", "b2"])
    )
    await staffed.pool.execute(
        "INSERT INTO draft VALUES ($1, $2, 1, 0, 'm', '', '', now())",
        f"review/{DRAW}/{POINT}/{case_number(2)}",
        staffed.actor(ANNA),
    )
    items = (await staffed.get("/v1/queue", who=ANNA)).json()["items"]
    assert [(one["unit"], one["subunits"], one["has_draft"], one["reviewer"]) for one in items] == [
        ("", 0, False, None),
        ("Enhet Nord", 2, True, None),
    ]


async def test_the_next_is_what_one_was_given_and_then_what_the_rule_lets_one_take(staffed):
    cases = await draw_cases(staffed, *[None] * 3, reviewer_rule="anyone")
    await move(staffed, cases[1], ANNA)
    assert await next_of(staffed, ANNA) == cases[1]
    await staffed.post("finding", FINDING, case=cases[1], who=ANNA)
    assert await next_of(staffed, ANNA) == cases[0]
    assert await next_of(staffed, BO) == cases[0]


async def test_what_one_has_begun_comes_first_and_what_another_has_begun_not_at_all(staffed):
    cases = await draw_cases(staffed, *[None] * 3, reviewer_rule="anyone")
    await move(staffed, cases[0], CIA)
    await start(staffed, cases[2], CIA)
    assert await next_of(staffed, CIA) == cases[2]
    await start(staffed, cases[1], BO)
    assert await next_of(staffed, BO) == cases[1]
    assert await next_of(staffed, ANNA) is None
    queue = (await staffed.get("/v1/queue", who="coordinator")).json()
    assert [item["status"] for item in queue["items"]] == ["waiting", "started", "started"]
    assert (queue["waiting"], queue["reviewed"]) == (3, 0)


async def test_a_case_that_was_begun_and_then_moved_is_next_for_the_new_reviewer(staffed):
    cases = await draw_cases(staffed, None, reviewer_rule="anyone")
    await start(staffed, cases[0], BO)
    await move(staffed, cases[0], CIA)
    assert await next_of(staffed, BO) is None
    assert await next_of(staffed, CIA) == cases[0]


async def test_the_second_reviewer_has_the_case_in_the_queue_once(staffed):
    cases = await draw_cases(staffed, None, reviewer_rule="anyone")
    await staffed.post("finding", FINDING, case=cases[0], who=ANNA)
    await move(staffed, cases[0], BO, path="second-reviews")
    items = (await staffed.get("/v1/queue", who=BO)).json()["items"]
    assert [(one["purpose"], one["case"], one["status"]) for one in items] == [("second-review", cases[0], "waiting")]
    assert await next_of(staffed, BO) == cases[0]
    assert await next_of(staffed, BO, purpose="review") is None


async def test_a_closed_period_has_no_next_case(staffed):
    cases = await draw_cases(staffed, None, reviewer_rule="anyone")
    await move(staffed, cases[0], ANNA)
    await staffed.hear(period_closed())
    assert await next_of(staffed, ANNA) is None


async def test_what_was_open_when_its_period_was_closed_waits_for_nobody(staffed):
    cases = await draw_cases(staffed, ANNA, ANNA, ANNA)
    await staffed.post("finding", FINDING, case=cases[0], who=ANNA)
    await start(staffed, cases[1], ANNA)
    await staffed.hear(period_closed())
    queue = (await staffed.get("/v1/queue", who=ANNA)).json()
    assert (queue["total"], queue["waiting"], queue["reviewed"], queue["closed"]) == (3, 0, 1, 2)
    assert {item["closed"] for item in queue["items"]} == {"2021-01"}
    assert await seen_by(staffed, ANNA, status="closed") == cases[1:]
    assert await seen_by(staffed, ANNA, status="waiting") == []
    assert await seen_by(staffed, ANNA, status="started") == []
    total = (await staffed.get("/v1/progress", who="coordinator")).json()["total"]
    assert (total["total"], total["waiting"], total["started"], total["overdue"], total["closed"]) == (3, 0, 0, 0, 2)
    loads = {one["pseudonym"]: one for one in (await staffed.get("/v1/reviewers", who="coordinator")).json()}
    assert (loads[staffed.actor(ANNA)]["waiting"], loads[staffed.actor(ANNA)]["done"]) == (0, 1)


async def test_the_next_is_another_than_what_is_just_being_sent(staffed):
    cases = await draw_cases(staffed, *[None] * 3, reviewer_rule="anyone")
    await start(staffed, cases[0], ANNA)
    await start(staffed, cases[2], ANNA)
    present = f"review/{DRAW}/{POINT}"
    assert await next_of(staffed, ANNA, other_than=f"{present}/{cases[0]}") == cases[2]
    assert await next_of(staffed, BO) == cases[1]
    assert await next_of(staffed, BO, other_than=f"{present}/{cases[1]}") is None
    assert (await staffed.get("/v1/queue/next", who=ANNA, other_than="review/x")).status_code == 422


async def test_a_list_may_begin_with_the_latest_period_and_hold_one_period_or_one_case(staffed):
    april = Period(start=date(2021, 4, 1), end=date(2021, 5, 1), label="2021-04")
    first, second = case_number(1), "ab" * 32
    await draw_cases(staffed, ANNA)
    await staffed.hear(case_drawn(second, period=april, month="2021-04"))
    assert await seen_by(staffed, "coordinator") == [first, second]
    assert await seen_by(staffed, "coordinator", newest="true") == [second, first]
    assert await seen_by(staffed, "coordinator", period="2021-04") == [second]
    assert await seen_by(staffed, "coordinator", case=second[:8], newest="true") == [second]


@pytest.mark.parametrize(
    ("first", "after", "total"),
    [("2021-01-01", "2021-04-01", 2), ("2021-01-02", "2021-04-01", 0), ("2020-01-01", "2021-01-31", 0)],
)
async def test_progress_of_some_days_is_of_the_periods_that_lie_within_them(staffed, first, after, total):
    await draw_cases(staffed, ANNA, BO)
    found = (await staffed.get("/v1/progress", who="coordinator", start=first, end=after)).json()
    assert found["total"]["total"] == total


async def test_marks_are_counted_apart(staffed):
    cases = await draw_cases(staffed, *[None] * 3, reviewer_rule="anyone")
    await staffed.post("over-coverage", {"reason": "duplicate"}, case=cases[0], who=ANNA)
    await staffed.post("non-response", {"reason": "file-missing"}, case=cases[1], who=ANNA)
    queue = (await staffed.get("/v1/queue", who=ANNA)).json()
    assert (queue["total"], queue["waiting"], queue["over_coverage"], queue["non_response"]) == (3, 1, 1, 1)
    assert await seen_by(staffed, ANNA, status="over-coverage") == [cases[0]]


async def test_progress_is_counted_by_point_unit_reviewer_and_period(staffed):
    cases = await draw_cases(staffed, ANNA, ANNA, BO, None, reviewer_rule="handler")
    await move(staffed, cases[3], CIA)
    await staffed.post("finding", {"remark": True, "categories": ["swish"]}, case=cases[0], who=ANNA)
    await start(staffed, cases[1], ANNA)
    progress = (await staffed.get("/v1/progress", who="coordinator")).json()
    total = progress["total"]
    assert (total["total"], total["waiting"], total["started"], total["reviewed"], total["remarks"]) == (4, 3, 1, 1, 1)
    assert [(row["name"], row["total"]) for row in progress["control_points"]] == [(POINT, 4)]
    assert [(row["name"], row["total"]) for row in progress["periods"]] == [("2021-01", 4)]
    assert {row["name"]: (row["total"], row["waiting"]) for row in progress["reviewers"]} == {
        staffed.actor(ANNA): (2, 1),
        staffed.actor(BO): (1, 1),
        staffed.actor(CIA): (1, 1),
    }
    nothing = (await staffed.get("/v1/progress", who="coordinator", period="2021-02")).json()
    assert (nothing["total"]["total"], nothing["units"]) == (0, [])
    assert (await staffed.get("/v1/progress", who=ANNA)).status_code == 403


async def test_what_waits_long_after_its_period_is_overdue(staffed):
    await draw_cases(staffed, ANNA)
    today = datetime.now(UTC).date()
    period = Period(start=today - timedelta(days=40), end=today - timedelta(days=10), label="nyss")
    await staffed.hear(case_drawn(case_number(2), period=period))
    for days, overdue in [(0, 2), (10, 2), (11, 1), (3650, 0 if today < date(2031, 1, 29) else 1)]:
        progress = (await staffed.get("/v1/progress", who="coordinator", overdue_days=days)).json()
        assert progress["total"]["overdue"] == overdue


async def test_the_database_and_the_domain_agree_on_the_status_after_every_event(staffed):
    for event in EVENTS:
        status = await staffed.pool.fetchval("SELECT status_after($1)", type_name(event))
        assert status == STATUS_AFTER_TYPE.get(type_name(event), "waiting")


async def test_another_draw_is_another_queue(staffed):
    cases = await draw_cases(staffed, None, reviewer_rule="anyone")
    assert await seen_by(staffed, ANNA, draw=str(UUID(int=5))) == []
    assert await next_of(staffed, ANNA, draw=str(UUID(int=5))) is None
    assert await next_of(staffed, ANNA, draw=str(DRAW), control_point=POINT) == cases[0]
    assert (await assigned(staffed))["given"] == 1

"""The queue and a review's history over HTTP."""

import pytest

from support.reviews import CASE, DRAW, FEBRUARY, POINT, case_drawn, point_defined

DEPOSIT = {"remark": True, "categories": ["deposit"]}
FIRST, SECOND, THIRD = "1" * 64, "2" * 64, "3" * 64


async def queue(service, who="reviewer-01", **query):
    answer = await service.get("/v1/queue", who=who, **query)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return (body["total"], body["waiting"], body["reviewed"]), [item["case"][0] for item in body["items"]]


@pytest.fixture
async def three(service):
    """Three cases: the first is anybody's, the second reviewer-01's, the third reviewer-02's; the first is reviewed."""
    await service.hear(
        point_defined(),
        case_drawn(FIRST, order=1),
        case_drawn(SECOND, order=2, handler=service.actor("reviewer-01")),
        case_drawn(THIRD, order=3, handler=service.actor("reviewer-02")),
    )
    await service.post("finding", DEPOSIT, case=FIRST)


async def test_a_reviewer_sees_their_own_cases_and_those_of_nobody(service, three):
    assert await queue(service) == ((2, 1, 1), ["1", "2"])
    assert await queue(service, mine=True) == ((1, 1, 0), ["2"])
    assert await queue(service, who="reviewer-03") == ((1, 0, 1), ["1"])


async def test_a_coordinator_sees_all_cases(service, three):
    assert await queue(service, who="coordinator") == ((3, 2, 1), ["1", "2", "3"])


async def test_counts_are_of_the_whole_selection_whatever_is_listed(service, three):
    assert await queue(service, who="coordinator", status="waiting") == ((3, 2, 1), ["2", "3"])
    assert await queue(service, who="coordinator", status="reviewed") == ((3, 2, 1), ["1"])
    assert await queue(service, who="coordinator", limit=1, offset=1) == ((3, 2, 1), ["2"])
    assert await queue(service, who="coordinator", offset=10) == ((3, 2, 1), [])


async def test_a_selection_is_by_control_point_and_draw(service, three):
    assert await queue(service, control_point=POINT, draw=DRAW) == ((2, 1, 1), ["1", "2"])
    assert await queue(service, control_point="AMF-2021-4") == ((0, 0, 0), [])
    assert await queue(service, draw="0190a000-0000-7000-8000-000000000002") == ((0, 0, 0), [])


async def test_an_item_says_where_its_case_stands(service, three):
    [item] = (await service.get("/v1/queue", status="reviewed")).json()["items"]

    assert item == {
        "purpose": "review",
        "draw": str(DRAW),
        "control_point": POINT,
        "case": FIRST,
        "month": "2021-01",
        "stratum": "",
        "order": 1,
        "unit": "",
        "handler": None,
        "reviewer": None,
        "status": "reviewed",
        "has_draft": False,
        "subunits": 0,
        "version": 1,
        "closed": None,
        "erased": False,
    }


async def test_the_status_follows_the_log(service, three):
    seen = []
    for what, body, version in [
        ("withdrawal", {"reason": "wrong household"}, 1),
        ("finding", DEPOSIT, None),
        ("correction", {"remark": False, "reason": "misread"}, 3),
    ]:
        await service.post(what, body, case=FIRST, seen=version)
        [item] = (await service.get("/v1/queue", who="reviewer-03")).json()["items"]
        seen.append((item["status"], item["version"]))

    assert seen == [("waiting", 2), ("reviewed", 3), ("reviewed", 4)]


async def test_the_next_case_is_the_first_that_waits_for_this_reviewer(service, three):
    await service.hear(case_drawn("4" * 64, order=1, period=FEBRUARY, month="2021-02"))
    nexts = []
    while (answer := await service.get("/v1/queue/next", control_point=POINT)).status_code == 200:
        nexts.append((answer.json()["case"], answer.json()["version"]))
        await service.post("finding", DEPOSIT, case=answer.json()["case"])

    assert nexts == [(SECOND, 0), ("4" * 64, 0)]
    assert (answer.status_code, answer.content) == (204, b"")


async def test_the_next_case_may_be_one_whose_finding_was_withdrawn(service, three):
    await service.post("withdrawal", {"reason": "wrong household"}, case=FIRST, seen=1)
    item = (await service.get("/v1/queue/next", who="reviewer-03")).json()

    assert (item["case"], item["version"], item["status"]) == (FIRST, 2, "waiting")


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 1001}, {"offset": -1}, {"status": "done"}, {"draw": "x"}, {"control_point": "a\x00"}],
)
async def test_a_queue_that_cannot_be_is_refused(service, query):
    assert (await service.get("/v1/queue", **query)).status_code == 422


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("board", 403), ("auditor", 403), ("service", 403)])
async def test_the_queue_is_for_reviewers_and_coordinators(service, who, status):
    assert (await service.get("/v1/queue", who=who)).status_code == status


async def test_a_history_tells_everything_that_happened(service):
    await service.hear(point_defined(), case_drawn())
    await service.post("finding", DEPOSIT | {"comment": "two deposits"})
    await service.post(
        "correction", {"remark": False, "reason": "the account is somebody else's"}, seen=1, who="reviewer-02"
    )
    await service.post("withdrawal", {"reason": "wrong household"}, seen=2)
    answer = await service.get_review()
    review = answer.json()

    assert answer.headers["ETag"] == '"3"'
    history = review.pop("history")
    told = ("draw", "control_point", "case", "month", "status", "version", "remark", "categories", "measure", "content")
    assert [review[name] for name in told] == [
        *(str(DRAW), POINT, CASE, "2021-01", "waiting", 3, None, [], "Kontoutdrag granskas", None)
    ]
    assert all(entry.pop("time") for entry in history)
    one, two = service.actor("reviewer-01"), service.actor("reviewer-02")
    columns = ("version", "what", "actor", "remark", "categories", "comment", "reason")
    assert [tuple(entry[column] for column in columns) for entry in history] == [
        (1, "recorded", one, True, ["deposit"], "two deposits", None),
        (2, "corrected", two, False, [], None, "the account is somebody else's"),
        (3, "withdrawn", one, None, [], None, "wrong household"),
    ]


async def test_a_reviewed_case_shows_the_finding_that_stands(service):
    await service.hear(point_defined(), case_drawn())
    await service.post("finding", {"remark": False})
    await service.post("correction", DEPOSIT | {"reason": "overlooked"}, seen=1)
    review = await service.review()

    assert (review["status"], review["remark"], review["categories"]) == ("reviewed", True, ["deposit"])

"""Where first and second reviewer disagree, until the coordinator has said what holds."""

import pytest

from stickprov_contracts.events.plans import StaffMember
from support.follow_ups import read, tell
from support.reviews import CASE, DRAW, POINT, case_drawn, period_closed, point_defined, staff_listed

OTHER = "cd" * 32


@pytest.fixture(autouse=True)
async def twice_reviewed(service):
    """Two cases, each reviewed by two people; they agree about the second."""
    people = [StaffMember(pseudonym=service.actor(f"reviewer-0{number}"), unit="Norr") for number in (1, 2)]
    await service.hear(point_defined(), case_drawn(), case_drawn(OTHER, order=2), staff_listed(*people))
    for case, second in ((CASE, {"remark": True, "categories": ["swish"]}), (OTHER, {"remark": False})):
        first = await service.post("finding", {"remark": False}, case=case)
        assert first.status_code == 201, first.text
        path = f"/v1/second-reviews/{DRAW}/{POINT}/{case}"
        given = {"reviewer": service.actor("reviewer-02"), "reason": "Andra granskning"}
        assert (await tell(service, f"{path}/assignment", given)).status_code == 201
        again = await tell(service, f"{path}/finding", second, who="reviewer-02")
        assert again.status_code == 201, again.text


async def test_only_what_is_disagreed_about_is_listed(service):
    (item,) = await read(service, "/v1/disagreements", who="coordinator")

    assert (item["case"], item["purpose"], item["status"]) == (CASE, "review", "reviewed")
    assert await read(service, "/v1/disagreements", who="auditor", control_point="AMF-2021-4") == []


async def test_what_is_settled_is_listed_no_more(service):
    body = {"remark": True, "categories": ["swish"], "second_version": 1, "reason": "Insättningen syns i utdraget"}
    settled = await tell(service, f"/v1/reviews/{DRAW}/{POINT}/{CASE}/settlement", body, seen=1)

    assert settled.status_code == 201, settled.text
    assert await read(service, "/v1/disagreements", who="coordinator") == []


async def test_what_holds_may_be_that_the_case_should_not_have_been_drawn(service):
    path = f"/v1/second-reviews/{DRAW}/{POINT}/{OTHER}/over-coverage"
    marked = await tell(service, path, {"reason": "duplicate"}, who="reviewer-02", seen=1)
    assert marked.status_code == 201, marked.text
    assert [item["case"] for item in await read(service, "/v1/disagreements", who="coordinator")] == [CASE, OTHER]
    settlement = f"/v1/reviews/{DRAW}/{POINT}/{OTHER}/settlement"
    body = {"mark": "over-coverage", "mark_reason": "duplicate", "second_version": 2, "reason": "Samma hushåll"}
    both = await tell(service, settlement, body | {"remark": False}, seen=1)
    assert [one["code"] for one in both.json()["errors"]] == ["mark-and-finding"]
    settled = await tell(service, settlement, body, seen=1)

    assert settled.status_code == 201, settled.text
    review = await read(service, f"/v1/reviews/{DRAW}/{POINT}/{OTHER}", who="coordinator")
    assert (review["status"], review["mark_reason"], review["disagrees"]) == ("over-coverage", "duplicate", False)
    newest = review["history"][-1]
    assert (newest["what"], newest["settles"], newest["reason"]) == ("over-coverage", True, "Samma hushåll")
    assert [item["case"] for item in await read(service, "/v1/disagreements", who="coordinator")] == [CASE]


async def test_a_disagreement_of_a_closed_period_is_told_to_be_closed(service):
    await service.hear(period_closed())
    (item,) = await read(service, "/v1/disagreements", who="coordinator")

    assert item["closed"] == "2021-01"
    assert await read(service, "/v1/disagreements", who="coordinator", start="2021-02-01", end="2022-01-01") == []
    assert len(await read(service, "/v1/disagreements", who="coordinator", start="2021-01-01", end="2021-02-01")) == 1


async def test_no_reviewer_is_told(service):
    assert (await service.get("/v1/disagreements", who="reviewer-01")).status_code == 403

"""Where first and second reviewer disagree, until the coordinator has said what holds."""

import pytest

from stickprov_contracts.events.plans import StaffMember
from support.follow_ups import read, tell
from support.reviews import CASE, DRAW, POINT, case_drawn, point_defined, staff_listed

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


async def test_no_reviewer_is_told(service):
    assert (await service.get("/v1/disagreements", who="reviewer-01")).status_code == 403

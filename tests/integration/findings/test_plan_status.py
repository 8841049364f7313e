"""Rows of a plan are reported tertial by tertial, as the board's status table has them."""

import pytest

from support.follow_ups import read, tell
from support.reviews import POINT, point_defined

ROW = {"plan": "AFN-2022", "control_point": POINT, "period": "2022-T1", "status": "under-way", "text": "Pågående."}


@pytest.fixture(autouse=True)
async def heard(service):
    await service.hear(point_defined(plan="AFN-2022"))


async def test_a_row_has_a_status_for_each_tertial(service):
    await tell(service, "/v1/plan-status", ROW)
    await tell(service, "/v1/plan-status", ROW | {"period": "2022-T2", "status": "done", "text": None})

    rows = await read(service, "/v1/plan-status", plan="AFN-2022")

    assert [(one["period"]["label"], one["status"], one["text"]) for one in rows] == [
        ("2022-T1", "under-way", "Pågående."),
        ("2022-T2", "done", None),
    ]


async def test_a_later_report_for_the_same_tertial_holds_and_the_earlier_stays_in_the_log(service):
    await tell(service, "/v1/plan-status", ROW)
    await tell(service, "/v1/plan-status", ROW | {"status": "deviation", "text": "Försenat."})

    (row,) = await read(service, "/v1/plan-status")

    assert (row["status"], row["text"]) == ("deviation", "Försenat.")
    assert (await service.stored())["event"] == 2


@pytest.mark.parametrize("change", [{"plan": "AFN-2023"}, {"control_point": "AMF-2021-99"}])
async def test_a_row_that_the_plan_has_not_is_refused(service, change):
    answer = await tell(service, "/v1/plan-status", ROW | change)

    assert (answer.status_code, answer.json()["code"]) == (404, "row-not-in-plan")
    assert (await service.stored())["event"] == 0


async def test_a_reviewer_reports_nothing(service):
    assert (await tell(service, "/v1/plan-status", ROW, who="reviewer-01")).status_code == 403

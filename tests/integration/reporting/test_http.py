"""Reporting over HTTP: the figures of the document, who may ask, and what a wrong question is told."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from stickprov_contracts.http.audit import Replay
from stickprov_contracts.http.dashboard import ControlPointSummary
from stickprov_contracts.http.logs import LogState
from stickprov_contracts.http.projection import ProjectionState
from stickprov_contracts.http.statistics import Statistics
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from support.reporting import (
    APRIL_TO_AUGUST,
    JANUARY_TO_MARCH,
    POINT,
    SEPTEMBER_TO_DECEMBER,
    MonthCount,
    case_drawn,
    defined,
    month_of_document,
)
from support.reporting_service import ReportingService, running_reporting
from support.waiting import eventually

QUARTER = {"from": "2021-01-01", "to": "2021-04-01"}


@pytest.fixture
async def service(new_database, tmp_path, free_port) -> AsyncIterator[ReportingService]:
    async with running_reporting(await new_database(*FOLDERS), tmp_path, f"127.0.0.1:{free_port()}") as running:
        yield running


async def statistics(service: ReportingService, **dates: str) -> Statistics:
    answer = await service.get(f"/v1/statistics/{POINT}", **(dates or QUARTER))
    assert answer.status_code == 200, answer.text
    return Statistics.model_validate_json(answer.content)


def percent(value: float) -> float:
    return round(100 * value, 1)


async def test_the_year_2021_of_correct_information_as_in_the_document(service):
    months = (*JANUARY_TO_MARCH, *APRIL_TO_AUGUST, *SEPTEMBER_TO_DECEMBER)
    await service.hear(defined(categories=["deposit"]), *(e for month in months for e in month_of_document(month)))

    first = await statistics(service, **{"from": "2021-01-01", "to": "2021-04-01"})
    second = await statistics(service, **{"from": "2021-04-01", "to": "2021-09-01"})
    third = await statistics(service, **{"from": "2021-09-01", "to": "2022-01-01"})

    assert [(found.total.drawn, found.total.remarks, found.size_average) for found in (first, second, third)] == [
        (509, 104, 2663),
        (792, 176, 2670),
        (644, 163, 2528),
    ]
    assert [percent(found.pooled.value) for found in (first, second, third)] == [20.4, 22.2, 25.3]
    assert [percent(found.mean_of_months) for found in (first, second, third)] == [20.1, 22.3, 24.5]
    assert [percent(found.total.sampling_fraction.value) for found in (first, second, third)] == [6.4, 5.9, 6.4]
    assert [(month.interval.lower, month.interval.upper) for month in first.months] == [
        (331, 657),
        (339, 663),
        (495, 815),
    ]
    assert (round(first.interval.lower), round(first.interval.upper), first.interval.exact) == (1353, 1913, False)


async def test_an_answer_says_up_to_where_in_the_logs_it_knows(service):
    await service.hear(defined(), *month_of_document(MonthCount("2021-01", 100, 5, 2)))

    found = await statistics(service)

    heads = {source: await store.head() for source, store in service.logs.stores.items()}
    assert {source: (of.position, of.chain_hash) for source, of in found.as_of.items()} == {
        source: (head.position, head.chain_hash.hex()) for source, head in heads.items()
    }


async def test_a_range_without_a_draw_is_all_zeros(service):
    await service.hear(defined(), *month_of_document(MonthCount("2021-01", 100, 5, 2)))

    found = await statistics(service, **{"from": "2019-01-01", "to": "2020-01-01"})

    assert (found.total.size, found.total.drawn, found.total.reviewed, found.total.remarks) == (0, 0, 0, 0)
    assert (found.pooled.value, found.interval, found.months) == (None, None, [])


async def test_an_unknown_control_point_is_told_which_there_are(service):
    await service.hear(defined(), defined("AMF-2021-4"))

    answer = await service.get("/v1/statistics/AMF-2021-9", **QUARTER)

    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no control point AMF-2021-9. There are: AMF-2021-3, AMF-2021-4."


async def test_before_anything_was_defined_there_is_nothing_to_name(service):
    answer = await service.get(f"/v1/statistics/{POINT}", **QUARTER)

    assert answer.status_code == 404
    assert answer.json()["detail"] == f"There is no control point {POINT}; none was defined yet."


async def test_a_range_without_a_day_is_refused_and_its_field_named(service):
    for end in ("2021-01-01", "2020-12-31"):
        answer = await service.get(f"/v1/statistics/{POINT}", **{"from": "2021-01-01", "to": end})

        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert (error["field"], error["code"]) == ("to", "range-empty")
        assert error["message"].startswith("This should be later than the first day (2021-01-01)")


async def test_missing_and_malformed_dates_are_all_named(service):
    refused = [
        await service.get(f"/v1/statistics/{POINT}", **query)
        for query in ({}, {"from": "2021-01-01"}, {"from": "January", "to": "2021-02-30"})
    ]

    assert [answer.status_code for answer in refused] == [422, 422, 422]
    fields = [[error["field"] for error in answer.json()["errors"]] for answer in refused]
    assert fields == [["from", "to"], ["to"], ["from", "to"]]


async def test_the_widest_range_is_a_range(service):
    await service.hear(defined())

    found = await statistics(service, **{"from": "0001-01-01", "to": "9999-12-31"})

    assert (found.start, found.end) == (date.min, date.max)


async def test_control_points_are_listed_with_their_progress(service):
    await service.hear(
        defined(), defined("AMF-2021-4", measure="Inget än"), *month_of_document(MonthCount("2021-01", 100, 5, 2))
    )

    answer = await service.get("/v1/control-points", who="board")

    found = [ControlPointSummary.model_validate(item) for item in answer.json()]
    assert [(p.control_point, p.start, p.end, p.drawn, p.reviewed, p.remarks) for p in found] == [
        (POINT, date(2021, 1, 1), date(2021, 2, 1), 5, 5, 2),
        ("AMF-2021-4", None, None, 0, 0, 0),
    ]


async def test_a_replay_over_http_verifies_and_finds_what_was_tampered_with(service):
    await service.hear(defined(), *month_of_document(MonthCount("2021-01", 100, 5, 2)))

    answer = await service.get("/v1/audit/replay", who="auditor", control_point=POINT, **QUARTER)
    assert Replay.model_validate_json(answer.content).verdict == "verified"

    await service.tamper("UPDATE cell SET value = 3 WHERE indicator = 'remarks'")
    answer = await service.get("/v1/audit/replay", who="auditor", control_point=POINT, **QUARTER)
    found = Replay.model_validate_json(answer.content)
    assert found.verdict == "different"
    assert ("total.remarks", "3", "2") in [(d.figure, d.stored, d.replayed) for d in found.differences]


async def test_each_log_is_told_of_with_its_source_s_head(service):
    await service.hear(defined(), case_drawn("d", "a", "2021-01"))

    states = [LogState.model_validate(item) for item in (await service.get("/v1/logs", who="ops")).json()]

    assert [(s.source, s.state, s.reason, s.applied, s.head, s.healed, s.quarantined) for s in states] == [
        ("sampler", "following", None, 2, 2, 2, 0),
        ("findings", "following", None, 0, 0, 0, 0),
    ]


async def test_an_event_in_quarantine_is_listed_with_why_and_can_be_tried_again(service):
    await service.hear(case_drawn("d", "a", "2021-01", unit="no\x00rth"))

    [waiting] = (await service.get("/v1/quarantine")).json()
    assert (waiting["source"], waiting["position"]) == ("sampler", 1)
    assert waiting["type"] == "stickprov.sampler.case-drawn.v1"

    answer = await service.post("/v1/quarantine/sampler/1/requeue")
    assert (answer.status_code, answer.json()["code"]) == (409, "still-quarantined")
    assert answer.json()["detail"].startswith("Position 1 of sampler stays in quarantine: ")


async def test_an_event_that_can_be_applied_now_leaves_quarantine_once_for_all(service):
    await service.hear(defined(), *month_of_document(MonthCount("2021-01", 100, 5, 2)))
    await service.tamper("INSERT INTO quarantine VALUES ('findings', 2, 'finding-recorded', 'not understood then')")

    for _ in range(2):
        answer = await service.post("/v1/quarantine/findings/2/requeue", who="ops")
        assert answer.status_code == 200
        assert LogState.model_validate_json(answer.content).quarantined == 0

    assert (await service.get("/v1/quarantine")).json() == []
    assert (await statistics(service)).total.reviewed == 5


async def test_what_is_not_in_quarantine_cannot_be_requeued(service):
    assert (await service.post("/v1/quarantine/sampler/7/requeue")).status_code == 404
    assert (await service.post("/v1/quarantine/reporting/1/requeue")).status_code == 422


PATHS = {
    "statistics": f"/v1/statistics/{POINT}?from=2021-01-01&to=2021-04-01",
    "control points": "/v1/control-points",
    "replay": f"/v1/audit/replay?control_point={POINT}&from=2021-01-01&to=2021-04-01",
    "trends": f"/v1/trends/{POINT}?from=2021-01-01&to=2021-04-01",
    "dashboard": "/v1/dashboard",
    "changes": "/v1/changes",
    "cases": f"/v1/cases/{POINT}?from=2021-01-01&to=2021-04-01",
    "projection": "/v1/projection",
    "logs": "/v1/logs",
    "quarantine": "/v1/quarantine",
}
READERS = {"coordinator", "board", "reviewer", "protected-reviewer", "auditor"}
ALLOWED = {
    "statistics": READERS,
    "control points": READERS,
    "trends": READERS,
    "dashboard": READERS,
    "changes": READERS,
    "cases": READERS,
    "replay": {"auditor", "coordinator"},
    "projection": {"coordinator", "auditor", "board", "ops"},
    "logs": {"coordinator", "auditor", "board", "ops"},
    "quarantine": {"coordinator", "auditor", "ops"},
}


async def test_who_may_read_what(service):
    await service.hear(defined())
    roles = ["coordinator", "reviewer", "protected-reviewer", "board", "auditor", "ops", "service"]

    for what, path in PATHS.items():
        answers = {role: (await service.get(path, who=role)).status_code for role in roles}
        assert answers == {role: 200 if role in ALLOWED[what] else 403 for role in roles}, what
        assert (await service.get(path, who=None)).status_code == 401


@pytest.mark.parametrize("path", ["/v1/quarantine/sampler/1/requeue", "/v1/projection/rebuild"])
async def test_only_coordinator_and_ops_may_set_something_going(service, path):
    refused = [(await service.post(path, who=role)).status_code for role in ("reviewer", "board", "auditor", "service")]

    assert refused == [403, 403, 403, 403]


async def test_a_rebuild_is_begun_and_told_of_until_it_has_taken_over(service):
    await service.hear(defined(), *month_of_document(MonthCount("2021-01", 100, 5, 2)))

    answer = await service.post("/v1/projection/rebuild", who="ops")
    assert (answer.status_code, ProjectionState.model_validate_json(answer.content).release) == (202, 2)

    async def taken_over() -> bool:
        state = ProjectionState.model_validate((await service.get("/v1/projection")).json())
        return (state.generation, state.rebuilding, state.leaving, state.following) == (2, None, [], True)

    await eventually(taken_over, what="the next generation")
    assert (await statistics(service)).total.reviewed == 5


async def test_readiness_names_every_condition(service):
    answer = (await service.client.get("/health/ready")).json()

    assert [condition["name"] for condition in answer["conditions"]] == ["database", "inbox-sampler", "inbox-findings"]


async def test_metrics_tell_how_long_statistics_and_batches_take(service):
    await service.hear(defined(), *month_of_document(MonthCount("2021-01", 100, 5, 2)))
    await statistics(service)
    await service.get("/v1/audit/replay", control_point=POINT, **QUARTER)

    text = (await service.client.get("/metrics")).text

    assert "stickprov_reporting_statistic_seconds_count 1.0" in text
    assert "stickprov_reporting_replay_seconds_count 1.0" in text
    assert 'stickprov_reporting_inbox_position{source="findings"} 5.0' in text
    batches = [line for line in text.splitlines() if line.startswith("stickprov_reporting_projection_seconds_count")]
    assert float(batches[0].split()[1]) >= 2

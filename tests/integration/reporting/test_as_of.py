"""Figures as they were known: of positions, and of points in time."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stickprov_contracts.events import Event
from stickprov_contracts.http.cases_behind import CasesBehind
from stickprov_contracts.http.dashboard import Dashboard
from stickprov_contracts.http.statistics import Statistics
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, PendingEvent, StreamAppend
from stickprov_reporting.adapters.cases import read_cases
from stickprov_reporting.adapters.dashboard import read_dashboard
from stickprov_reporting.adapters.reading import Moment, Reading
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.adapters.statistics import read_statistics
from stickprov_reporting.adapters.trends import read_trend
from stickprov_reporting.domain.behind import Behind
from stickprov_reporting.domain.statistics.statistic import DateRange
from support.histories import POINTS, histories
from support.projected import Reporting, open_reporting
from support.reporting import POINT, MonthCount, TwoLogs, corrected, defined, month_of_document, stream_of
from support.reporting_service import ReportingService, running_reporting

YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))
TODAY = date(2021, 6, 1)
SMALL = MonthCount("2021-01", 100, 5, 2)
RANGE = {"from": "2021-01-01", "to": "2022-01-01"}


async def everything_told(reading: Reading) -> list[object]:
    """Return all that a reading is asked for by the routes."""
    told: list[object] = [(await read_dashboard(reading, 2021, TODAY)).model_dump()]
    known = {point.control_point for point in await reading.points(0)}
    for point in sorted(known & set(POINTS)):
        told.append((await read_statistics(reading, point, YEAR)).model_dump())
        told.append((await read_trend(reading, point, YEAR, "month")).model_dump())
        for behind in (Behind(), Behind(status="reviewed", remark=True), Behind(question="q1"), Behind(unit="north")):
            first = await read_cases(reading, point, YEAR, behind, None, 2)
            told.append(first.model_dump())
    return told


# The fixture only makes databases: each example asks for fresh ones.
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), data=st.data())
async def test_what_was_known_at_positions_is_what_a_projection_knows_that_heard_only_that_far(
    new_database, history, data
):
    sampler = data.draw(st.integers(0, len(history.sampler_events)))
    findings = data.draw(st.integers(0, len(history.findings_events)))
    async with open_reporting(await new_database(*FOLDERS)) as whole:
        await whole.hear(*history.sampler_events, *history.findings_events)
        async with whole.readings.at(Moment(sampler, findings)) as reading:
            told = await everything_told(reading)
        async with open_reporting(await new_database(*FOLDERS)) as fresh:
            await hear_up_to(fresh, whole.logs, {"sampler": sampler, "findings": findings})
            async with fresh.readings.now() as reading:
                expected = await everything_told(reading)

    assert told == expected


async def hear_up_to(reporting: Reporting, logs: TwoLogs, positions: dict[str, int]) -> None:
    logs = TwoLogs(stores=logs.stores)
    for source, position in positions.items():
        news = await logs.news(source)
        if position:
            await reporting.inboxes[source].receive(news[:position])


@pytest.fixture
async def service(new_database, tmp_path, free_port) -> AsyncIterator[ReportingService]:
    async with running_reporting(await new_database(), tmp_path, f"127.0.0.1:{free_port()}") as running:
        yield running


async def said_at(service: ReportingService, time: datetime, *events: Event) -> None:
    """Let the services say something at a time, and wait until it is applied."""
    for event in events:
        store = service.logs.stores[event.source]
        stream = stream_of(event)
        append = StreamAppend(stream, (await store.load(stream)).version, [PendingEvent(new_id(), event)])
        await store.commit(CommandContext(uuid4(), "p0", bytes(32), time, uuid4()), [append], b"")
    await service.caught_up()


BEFORE = datetime(2021, 2, 1, 12, tzinfo=UTC)
AFTER = datetime(2021, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
async def corrected_later(service) -> ReportingService:
    """Two of five cases have a remark; a month later one of the findings is corrected."""
    await said_at(service, BEFORE, defined(), *month_of_document(SMALL))
    await said_at(service, AFTER, corrected("2021-01", "2021-01 0"))
    return service


async def statistics(service: ReportingService, **query: object) -> Statistics:
    answer = await service.get(f"/v1/statistics/{POINT}", **RANGE, **query)
    assert answer.status_code == 200, answer.text
    return Statistics.model_validate_json(answer.content)


async def test_a_correction_is_not_known_before_it_was_made(corrected_later):
    before = await statistics(corrected_later, at=(AFTER - timedelta(microseconds=1)).isoformat())
    after = await statistics(corrected_later, at=AFTER.isoformat())

    assert (before.total.remarks, before.as_of["findings"].position) == (2, 5)
    assert (after.total.remarks, after.as_of["findings"].position) == (1, 6)
    assert after.total == (await statistics(corrected_later)).total


async def test_a_moment_is_positions_and_both_give_the_same(corrected_later):
    at = (AFTER - timedelta(hours=1)).isoformat()

    moment = (await corrected_later.get("/v1/audit/moment", who="auditor", at=at)).json()

    assert (moment["sampler"], moment["findings"]) == (7, 5)
    by_positions = await statistics(corrected_later, sampler_position=7, findings_position=5)
    assert by_positions == await statistics(corrected_later, at=at)


async def test_before_everything_nothing_was_known(corrected_later):
    moment = (await corrected_later.get("/v1/audit/moment", who="auditor", at="0001-01-01T00:00:00+14:00")).json()
    answer = await corrected_later.get(f"/v1/statistics/{POINT}", **RANGE, at="2020-01-01T00:00:00Z")

    assert (moment["sampler"], moment["findings"]) == (0, 0)
    assert answer.status_code == 404


async def test_dashboard_trends_cases_and_reports_are_told_of_a_moment_too(corrected_later):
    at = (AFTER - timedelta(hours=1)).isoformat()
    positions = {"sampler_position": 7, "findings_position": 5}

    for when in ({"at": at}, positions):
        dashboard = await corrected_later.get("/v1/dashboard", year=2021, **when)
        [control] = Dashboard.model_validate_json(dashboard.content).controls
        cases = await corrected_later.get(f"/v1/cases/{POINT}", **RANGE, status="reviewed", remark=True, **when)
        trend = (await corrected_later.get(f"/v1/trends/{POINT}", **RANGE, **when)).json()
        report = await corrected_later.get(
            "/v1/reports/standard-form", control_point=POINT, format="json", **RANGE, **when
        )
        assert (control.remarks, CasesBehind.model_validate_json(cases.content).count) == (2, 2)
        assert trend["as_of"]["findings"]["position"] == 5
        assert report.json()["stamp"]["as_of"]["findings"]["position"] == 5


async def test_pages_of_cases_of_a_moment_follow_each_other(corrected_later):
    found, after = [], {}
    while True:
        answer = await corrected_later.get(f"/v1/cases/{POINT}", **RANGE, limit=2, at=BEFORE.isoformat(), **after)
        page = CasesBehind.model_validate_json(answer.content)
        found += [one.case for one in page.cases]
        if page.next_after is None:
            break
        after = {"after": page.next_after}

    assert (len(found), len(set(found)), found) == (5, 5, sorted(found))


async def test_a_clock_that_goes_back_hides_nothing_that_was_known_before(service):
    await said_at(service, AFTER, defined(), *month_of_document(SMALL)[:3])
    await said_at(service, BEFORE, *month_of_document(SMALL)[3:6])

    early = (await service.get("/v1/audit/moment", who="auditor", at=BEFORE.isoformat())).json()
    late = (await service.get("/v1/audit/moment", who="auditor", at=AFTER.isoformat())).json()

    assert (early["sampler"], late["sampler"]) == (0, 7)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"at": "2021-03-01T12:00:00"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2021-03-01T12:00:00Z", "sampler_position": 1, "findings_position": 1}, "sampler_position"),
    ],
)
async def test_what_is_no_moment_is_refused(service, query, field):
    answer = await service.get("/v1/dashboard", **query)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_moment_that_was_asked_for_before_knows_of_what_was_requeued_since(reporting):
    await reporting.hear(defined(), *month_of_document(SMALL))
    places = Moment(7, 5)
    async with reporting.readings.at(places) as reading:
        before = (await read_statistics(reading, POINT, YEAR)).total
    await reporting.tamper(
        "INSERT INTO quarantine (source, position, type, reason)"
        " VALUES ('findings', 1, 'stickprov.findings.finding-recorded.v1', 'could not be applied')"
    )
    async with reporting.readings.at(places) as reading:
        aside = (await read_statistics(reading, POINT, YEAR)).total
    async with reporting.readings.at(Moment(7, 3)) as reading:
        earlier = (await read_statistics(reading, POINT, YEAR)).total

    assert (before.reviewed, aside.reviewed, earlier.reviewed) == (5, 4, 2)

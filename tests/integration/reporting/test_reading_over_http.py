"""Trends, differences, the dashboard, the cases behind a number, changes and earlier moments, asked over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal

import pytest

from stickprov_contracts.events import Period
from stickprov_contracts.events.findings import (
    AnswerRecorded,
    CaseMarkedOverCoverage,
    FindingRecorded,
    SubunitOutcome,
)
from stickprov_contracts.events.follow_ups import ActionFollowedUp, ActionProposed, ControlConcluded, PlanStatusReported
from stickprov_contracts.events.plans import ControlPlanAdopted, QuestionnairePublished, Risk
from stickprov_contracts.http.cases_behind import CasesBehind
from stickprov_contracts.http.dashboard import Changed, Dashboard
from stickprov_contracts.http.statistics import Statistics
from stickprov_contracts.http.trends import PeriodDifference, Trend
from stickprov_kernel.ending import begin_to_stop
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from support.reporting import (
    JANUARY_TO_MARCH,
    POINT,
    REASON,
    MonthCount,
    case_drawn,
    case_id,
    corrected,
    defined,
    draw_id,
    measured,
    month_of_document,
    month_period,
    sample,
    withdrawn,
)
from support.reporting_service import ReportingService, running_reporting
from support.waiting import eventually

QUARTER = {"from": "2021-01-01", "to": "2021-04-01"}
JANUARY = MonthCount("2021-01", 100, 5, 2)
PLANNED = {"plan": "AMF-2021", "risk": "r1", "responsible": "Enhetschef", "tolerance": Decimal("0.05")}


@pytest.fixture
async def service(new_database, tmp_path, free_port) -> AsyncIterator[ReportingService]:
    async with running_reporting(await new_database(*FOLDERS), tmp_path, f"127.0.0.1:{free_port()}") as running:
        yield running


async def test_a_quarter_is_told_month_by_month_and_against_another_month(service):
    await service.hear(defined(), *(event for month in JANUARY_TO_MARCH for event in month_of_document(month)))

    trend = Trend.model_validate_json((await service.get(f"/v1/trends/{POINT}", by="month", **QUARTER)).content)
    assert [(found.label, found.counts.drawn, found.counts.remarks) for found in trend.periods] == [
        ("2021-01", 156, 28),
        ("2021-02", 159, 29),
        ("2021-03", 194, 47),
    ]
    assert [(found.interval.lower, found.interval.upper) for found in trend.periods] == [
        (331, 657),
        (339, 663),
        (495, 815),
    ]

    march = {"from": "2021-03-01", "to": "2021-04-01"}
    answer = await service.get(f"/v1/differences/{POINT}", **march, against_from="2021-01-01", against_to="2021-02-01")
    found = PeriodDifference.model_validate_json(answer.content)
    assert (found.period.counts.remarks, found.against.counts.remarks) == (47, 28)
    assert found.difference.estimate == pytest.approx(47 / 194 - 28 / 156)


async def test_a_range_to_compare_with_that_holds_no_day_is_refused_by_its_own_name(service):
    answer = await service.get(
        f"/v1/differences/{POINT}", **QUARTER, against_from="2021-01-01", against_to="2021-01-01"
    )

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["against_to"]


async def test_a_statistic_is_told_as_it_was_known_at_an_earlier_moment(service):
    await service.hear(defined(), *month_of_document(JANUARY))
    then = Statistics.model_validate_json((await service.get(f"/v1/statistics/{POINT}", **QUARTER)).content)
    await service.hear(corrected("2021-01", "2021-01 0"), withdrawn("2021-01", "2021-01 4"))

    moment = {f"{source}_position": found.position for source, found in then.as_of.items()}
    again = Statistics.model_validate_json((await service.get(f"/v1/statistics/{POINT}", **QUARTER, **moment)).content)
    now = Statistics.model_validate_json((await service.get(f"/v1/statistics/{POINT}", **QUARTER)).content)

    assert again == then
    assert (now.total.reviewed, now.total.remarks) == (4, 1)
    start = {"sampler_position": 1, "findings_position": 0}
    first = Statistics.model_validate_json((await service.get(f"/v1/statistics/{POINT}", **QUARTER, **start)).content)
    assert first.total.drawn == 0


async def test_a_moment_that_was_not_heard_yet_or_is_half_said_is_refused(service):
    await service.hear(defined())

    ahead = await service.get(f"/v1/statistics/{POINT}", **QUARTER, sampler_position=2, findings_position=0)
    half = await service.get(f"/v1/statistics/{POINT}", **QUARTER, sampler_position=1)

    assert [ahead.status_code, half.status_code] == [422, 422]
    assert [error["field"] for error in ahead.json()["errors"]] == ["sampler_position"]
    assert [error["field"] for error in half.json()["errors"]] == ["findings_position"]


def planned(point: str = POINT):
    return defined(point).model_copy(update=PLANNED)


ADOPTED = ControlPlanAdopted(
    plan="AMF-2021",
    year=2021,
    board="nämnden",
    risks=[Risk(id="r1", text="Fel utbetalning", score=16)],
    control_points=[POINT],
)
CONCLUDED = ControlConcluded(
    control_point=POINT, period=month_period("2021-01"), verdict="partly-followed", texts={"result": REASON}
)


def action(name: str, due: date | None, status: str = "decided") -> ActionProposed:
    return ActionProposed(
        action=draw_id(name), control_point=POINT, number=name, description=REASON, due=due, status=status
    )


async def test_the_dashboard_of_a_year_at_one_look(service):
    await service.hear(
        planned(),
        defined("AMF-2020-1").model_copy(update={"year": 2020}),
        ADOPTED,
        *month_of_document(JANUARY),
        *month_of_document(MonthCount("2021-02", 100, 4, 0)),
        measured("rule", [("2021-01", "north", 1, 3)], month_period("2021-01"), goal="0.5"),
        CONCLUDED,
        action("1", None),
        action("2", date(2999, 1, 1)),
        action("3", date(2021, 2, 1)),
        action("4", date(2021, 2, 1)),
        ActionFollowedUp(action=draw_id("4"), period=month_period("2021-02"), status="done"),
        PlanStatusReported(
            plan="AMF-2021",
            control_point=POINT,
            period=Period(start=date(2021, 1, 1), end=date(2021, 5, 1), label="2021-T1"),
            status="under-way",
        ),
    )

    found = Dashboard.model_validate_json((await service.get("/v1/dashboard", who="board")).content)

    assert (found.year, found.years) == (2021, [2021, 2020])
    [control] = found.controls
    assert (control.drawn, control.reviewed, control.remarks, control.done.value) == (9, 9, 2, 1.0)
    assert (control.start, control.end) == (date(2021, 1, 1), date(2021, 3, 1))
    assert control.months == {"2021-01": 2 / 5, "2021-02": 0.0}
    assert (control.plan, control.risk, control.responsible) == ("AMF-2021", "Fel utbetalning", "Enhetschef")
    assert (control.register_measures, control.register_missed) == (1, 1)
    assert (control.concluded, control.concluded_period) == ("partly-followed", "2021-01")
    assert control.verdict.verdict == "cannot-be-told"
    assert [(one.number, one.overdue) for one in found.actions] == [("3", True), ("2", False), ("1", False)]
    [row] = found.plan_rows
    assert (row.risk, row.score, row.statuses) == ("Fel utbetalning", 16, {"T1": "under-way"})


async def test_the_dashboard_and_the_statistic_of_the_same_draws_say_the_same(service):
    await service.hear(planned(), *(event for month in JANUARY_TO_MARCH for event in month_of_document(month)))

    [control] = Dashboard.model_validate_json((await service.get("/v1/dashboard", year=2021)).content).controls
    statistic = Statistics.model_validate_json((await service.get(f"/v1/statistics/{POINT}", **QUARTER)).content)

    assert (control.share, control.interval, control.verdict) == (
        statistic.pooled,
        statistic.interval,
        statistic.verdict,
    )


async def test_a_dashboard_before_anything_was_defined_is_empty(service):
    found = Dashboard.model_validate_json((await service.get("/v1/dashboard")).content)

    assert (found.years, found.controls, found.actions, found.plan_rows) == ([], [], [], [])


FORM = {"draw": draw_id("d"), "control_point": POINT, "questionnaire": "form", "questionnaire_number": 1}


async def five_cases(service: ReportingService) -> None:
    yes, no = (AnswerRecorded(question="told", chosen=[chosen]) for chosen in ("yes", "no"))
    child = SubunitOutcome(subunit="s", outcome="reviewed", remark=True, answers=[no])
    await service.hear(
        defined(categories=["deposit"]),
        sample("d", [("", "2021-01", 100, 5)], month_period("2021-01")),
        *(case_drawn("d", name, "2021-01", unit="north" if name in "ab" else "söder") for name in "abcde"),
        FindingRecorded(**FORM, case=case_id("a"), remark=True, categories=["deposit"], answers=[yes]),
        FindingRecorded(**FORM, case=case_id("b"), remark=False, answers=[no]),
        FindingRecorded(**FORM, case=case_id("c"), remark=True, subunits=[child]),
        CaseMarkedOverCoverage(draw=draw_id("d"), control_point=POINT, case=case_id("d"), reason="duplicate"),
    )


@pytest.mark.parametrize(
    ("wanted", "behind"),
    [
        ({}, "abcde"),
        ({"status": "reviewed"}, "abc"),
        ({"status": "over-coverage"}, "d"),
        ({"status": "waiting"}, "e"),
        ({"remark": "true"}, "ac"),
        ({"remark": "false"}, "b"),
        ({"category": "deposit"}, "a"),
        ({"question": "told"}, "abc"),
        ({"question": "told", "answer": "no"}, "bc"),
        ({"question": "told", "answer": "no", "unit": "north"}, "b"),
        ({"month": "2021-02"}, ""),
        ({"stratum": ""}, "abcde"),
    ],
)
async def test_the_cases_behind_a_number_are_those_that_it_counts(service, wanted, behind):
    await five_cases(service)

    found = CasesBehind.model_validate_json((await service.get(f"/v1/cases/{POINT}", **QUARTER, **wanted)).content)

    assert found.count == len(behind)
    assert [case.case for case in found.cases] == sorted(map(case_id, behind))
    assert found.next_after is None


async def test_cases_are_told_page_by_page(service):
    await five_cases(service)
    pages, after = [], {}
    for _ in range(3):
        answer = await service.get(f"/v1/cases/{POINT}", **QUARTER, limit=2, **after)
        found = CasesBehind.model_validate_json(answer.content)
        pages.append(found)
        after = {"after": found.next_after}

    assert [page.count for page in pages] == [5, 5, 5]
    assert [case.case for page in pages for case in page.cases] == sorted(map(case_id, "abcde"))
    assert pages[-1].next_after is None
    by_name = {case.case: case for page in pages for case in page.cases}
    assert (by_name[case_id("c")].subunit_remarks, by_name[case_id("d")].reason) == (1, "duplicate")


@pytest.mark.parametrize(
    ("wanted", "field"), [({"answer": "no"}, "question"), ({"after": "x"}, "after"), ({"limit": 501}, "limit")]
)
async def test_a_page_of_cases_that_cannot_be_is_refused_and_its_field_named(service, wanted, field):
    await service.hear(defined())

    answer = await service.get(f"/v1/cases/{POINT}", **QUARTER, **wanted)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_who_waits_for_a_change_is_answered_when_something_is_applied(service):
    await service.hear(defined())
    before = Changed.model_validate_json((await service.get("/v1/changes")).content)
    same = Changed.model_validate_json((await service.get("/v1/changes", after=before.mark)).content)

    waiting = asyncio.create_task(service.get("/v1/changes", after=before.mark, wait=30))
    await service.hear(*month_of_document(JANUARY))
    async with asyncio.timeout(10):
        found = Changed.model_validate_json((await waiting).content)

    assert (before.changed, same.changed, same.mark) == (True, False, before.mark)
    assert found.changed
    assert found.mark != before.mark


async def test_who_waits_is_answered_when_the_service_is_to_stop(service):
    await service.hear(defined())
    before = Changed.model_validate_json((await service.get("/v1/changes")).content)
    begin_to_stop(service.app)

    async with asyncio.timeout(10):
        answer = await service.get("/v1/changes", after=before.mark, wait=30)

    assert Changed.model_validate_json(answer.content) == before.model_copy(update={"changed": False})


async def test_questions_are_told_in_the_newest_words_of_their_questionnaire(service):
    content = {
        "sv": "Formulär",
        "en": "Form",
        "questions": [{"id": "told", "sv": "Informerad?", "en": "Told?", "type": "yes_no"}],
    }
    newer = content | {"questions": [content["questions"][0] | {"sv": "Blev hen informerad?"}]}
    await service.hear(
        QuestionnairePublished(questionnaire="form", number=1, content=content),
        QuestionnairePublished(questionnaire="form", number=2, content=newer),
    )
    await five_cases(service)

    found = Statistics.model_validate_json((await service.get(f"/v1/statistics/{POINT}", **QUARTER)).content)

    told = {(one.level, one.question): one for one in found.questions}
    assert told["case", "told"].sv == "Blev hen informerad?"
    assert [(o.option, o.share.numerator) for o in told["case", "told"].options] == [("yes", 1), ("no", 1)]


async def test_metrics_tell_how_far_each_control_has_come_and_which_actions_are_late(service):
    await service.hear(
        defined(),
        *month_of_document(MonthCount("2021-01", 100, 5, 2)),
        action("1", date(2021, 3, 1)),
        action("2", None),
    )

    async def followed() -> bool:
        return "stickprov_reporting_trail_lag_events 0.0" in (await service.client.get("/metrics")).text

    text = (await service.client.get("/metrics")).text
    for progress, cases in (("drawn", 5), ("reviewed", 5), ("remarks", 2), ("over-coverage", 0)):
        line = f'stickprov_reporting_control_cases{{control_point="{POINT}",progress="{progress}"}} {float(cases)}'
        assert line in text.splitlines()
    assert 'stickprov_reporting_actions{standing="overdue"} 1.0' in text
    assert 'stickprov_reporting_actions{standing="in-time"} 1.0' in text
    await eventually(followed, what="the trail")

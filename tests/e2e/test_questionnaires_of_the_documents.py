"""The controls of the documents as they stand: plan, questionnaires and registers in, draws, findings, figures out."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import date

import pytest

from stickprov_client.api import Services
from stickprov_client.api.sampler import upload_of
from stickprov_contracts.http.findings import AssignCases, QueueItem, RecordFinding, Review
from stickprov_contracts.http.sampler import FrameOptions, MakeDraw
from stickprov_contracts.http.statistics import Statistics
from support.documents import cases_of, draws_of, key_of, publish
from support.played_stack import PlayedStack
from support.stack import LocalStack
from support.waiting import eventually

REVIEWERS = {"A": "reviewer-01", "B": "reviewer-02", "C": "reviewer-03", "D": "reviewer-04"}
ABOUT_CHILDREN = {
    "barn-generellt": 80,
    "barn-enskilt": 70,
    "situation": 55,
    "behov": 29,
    "specifika-behov": 17,
    "konsekvenser-generellt": 16,
    "konsekvenser-specifikt": 5,
}
"""Yes of 134 children: 60, 52, 41, 22, 13, 12 and 4 per cent."""

BOTH_WAYS: dict[int, tuple[dict, dict]] = {
    2: (
        {"kanner-till": "delvis", "akter-inlasta": "yes", "behoriga": ["handlaggare", "andra"]},
        {"kanner-till": "ja", "akter-inlasta": "yes", "behoriga": ["handlaggare"]},
    ),
    3: (
        {"aktuell": "yes", "fullmaktiges-regler": "yes", "medarbetare": 1, "underlag": "yes", "forbattring": "Skulder"},
        {"aktuell": "yes", "fullmaktiges-regler": "yes", "medarbetare": 3, "underlag": "yes"},
    ),
    4: (
        {"inledd": "2014-08-30", "avslutad": "no", "forlangning": "no"},
        {"inledd": "2014-08-31", "avslutad": "no"},
    ),
    5: ({"utbildning": "barnskotare"}, {"utbildning": "forskollarare", "arbetade-timmar": "38,25"}),
    6: ({"infort": "paborjat"}, {"infort": "infort", "infort-datum": "2014-05-01"}),
    7: ({"aktuella": "yes", "kanda": "no"}, {"aktuella": "yes", "kanda": "yes", "inlamnade": "2014-09-30"}),
}
"""Answers that are a remark, and answers that are none, to the other six controls of 2013."""


@pytest.fixture
async def coordinator(module_stack: LocalStack) -> Services:
    async with AsyncExitStack() as open_until_the_end:
        yield await open_until_the_end.enter_async_context(module_stack.services())


async def reviews_of(services: Services, items: list[QueueItem]) -> list[Review]:
    return [await services.findings.review(key_of(item)) for item in items]


def roster_of(children: list[tuple[int, str, str]]) -> Iterator[str]:
    """Yield the rows of a reviewer's file: 134 children are reviewed, the last 12 of all are adult students."""
    yield ";".join(["case", "subunit", "outcome", "reason", *ABOUT_CHILDREN])
    for number, case, child in children:
        if number < 134:
            answers = ["ja" if number < yes else "nej" for yes in ABOUT_CHILDREN.values()]
            yield ";".join([case, child, "", "", *answers])
        else:
            yield ";".join([case, child, "övertäckning", "Vuxet gymnasiestuderande barn", *[""] * 7])


async def test_146_children_in_64_cases_134_reviewed_and_12_over_coverage(module_stack, coordinator, tmp_path):
    await publish(coordinator, "003-2021", REVIEWERS)
    await draws_of(coordinator, tmp_path, "003-1-one-case-of-each-handler")
    items = await cases_of(coordinator, "AMF-2021-1", 64)
    waiting = await reviews_of(coordinator, items)
    assert sum(len(review.subunits) for review in waiting) == 146

    children = [(review.unit, review.case, child) for review in waiting for child in review.subunits]
    command = PlayedStack(module_stack.url, module_stack.data, "")
    for unit, reviewer in REVIEWERS.items():
        own = [(number, case, child) for number, (within, case, child) in enumerate(children) if within == unit]
        file = tmp_path / f"enhet-{unit}.csv"
        file.write_text("\n".join(roster_of(own)), encoding="utf-8-sig")
        words = ("import-findings", str(file), "--point", "AMF-2021-1", "--json")
        done = command.stickprov(*words, who=reviewer)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["recorded"] == len({case for _, case, _ in own})

    found = await reviews_of(coordinator, items)
    outcomes = Counter((one.outcome, one.reason) for review in found for one in review.found)
    assert outcomes == {("reviewed", None): 134, ("over-coverage", "vuxen-studerande"): 12}
    yes = Counter(
        answer.question
        for review in found
        for one in review.found
        for answer in one.answers
        if answer.chosen == ["yes"]
    )
    assert yes == ABOUT_CHILDREN
    assert {review.status for review in found} == {"reviewed"}

    figures = await figures_of(coordinator, "AMF-2021-1", 64, (date(2020, 8, 1), date(2021, 8, 1)))
    of_children = figures.subunits
    assert of_children is not None
    assert (of_children.name, of_children.size, of_children.drawn) == ("barn", 1774, 146)
    assert (of_children.reviewed, of_children.over_coverage, of_children.waiting) == (134, 12, 0)
    yes = {
        question.question: (option.share.numerator, option.share.denominator)
        for question in figures.questions
        for option in question.options
        if option.option == "yes"
    }
    assert yes == {question: (count, 134) for question, count in ABOUT_CHILDREN.items()}
    assert (figures.total.drawn, figures.total.size) == (64, 735)


async def test_first_meetings_and_plans_of_the_autumn_are_two_controls_of_the_same_15_clients(
    module_stack, coordinator, tmp_path
):
    await publish(coordinator, "003-2021", REVIEWERS)
    await draws_of(coordinator, tmp_path, "003-4-5-autumn")
    reviewer = module_stack.signed_in_as(coordinator, "reviewer-01")
    both = {"finns-amf": "yes", "finns-amc": "yes"}
    held = both | {"mote": "digitalt", "dokumenterat-amf": "yes", "dokumenterat-amc": "yes"}
    none = both | {"mote": "inget", "orsak": ["behovs-inte"]}
    for number, item in enumerate(await cases_of(coordinator, "AMF-2021-4", 15)):
        await reviewer.findings.record(key_of(item), RecordFinding(answers=held if number in {3, 4} else none))
    for number, item in enumerate(await cases_of(coordinator, "AMF-2021-5", 15)):
        plan = {"handlingsplan": "no" if number < 3 else "yes", "aktivitetsplan": "no" if number % 3 == 1 else "yes"}
        await reviewer.findings.record(key_of(item), RecordFinding(answers=plan))

    meetings = await reviews_of(coordinator, await cases_of(coordinator, "AMF-2021-4", 15))
    assert Counter(review.remark for review in meetings) == {True: 13, False: 2}
    plans = await reviews_of(coordinator, await cases_of(coordinator, "AMF-2021-5", 15))
    assert Counter(category for review in plans for category in review.categories) == {
        "no-plan": 3,
        "no-activity-plan": 5,
    }
    assert {review.case for review in meetings} == {review.case for review in plans}


async def test_the_seven_controls_of_2013_run_as_they_stand(module_stack, coordinator, tmp_path):
    await publish(coordinator, "002-2013", {"": "reviewer-01"})
    reviewer = module_stack.signed_in_as(coordinator, "reviewer-01")
    await draws_of(coordinator, tmp_path, "002-73-clients")
    # The period ends on 31 December 2014: 43 plans are older than three months, 21 of those than a year.
    updated = [date(2014, 9, 30)] * 30 + [date(2014, 9, 29)] * 22 + [date(2013, 12, 30)] * 21
    findings = [RecordFinding(answers={"plan": "yes", "uppdaterad": str(day)}) for day in updated]
    await record_all(coordinator, reviewer, "SDN-2013-1", findings)
    for number, (remark, neither) in BOTH_WAYS.items():
        frame = FrameOptions(frame_name=f"control {number}", control_point=f"SDN-2013-{number}", period="2014")
        register = tmp_path / f"{number}.csv"
        register.write_text("\n".join(["Id", *map(str, range(10))]), encoding="utf-8")
        await coordinator.sampler.freeze(upload_of(register, frame))
        await coordinator.sampler.make_draw(MakeDraw(frame=frame.frame_name, n=4))
        answers = [remark, remark, remark, neither]
        findings = [RecordFinding(answers=one) for one in answers]
        await record_all(coordinator, reviewer, f"SDN-2013-{number}", findings)

    figures = await figures_of(coordinator, "SDN-2013-1", 73)
    assert (figures.pooled.numerator, figures.pooled.denominator) == (43, 73)
    categories = {one.category: one.share.numerator for one in figures.categories}
    assert categories == {"older-3-months": 43, "older-1-year": 21}
    for number in BOTH_WAYS:
        figures = await figures_of(coordinator, f"SDN-2013-{number}", 4)
        assert (figures.pooled.numerator, figures.pooled.denominator) == (3, 4)


async def record_all(coordinator: Services, reviewer: Services, point: str, findings: list[RecordFinding]) -> None:
    """Give the drawn cases to the reviewer, who records a finding of each."""
    items = await cases_of(coordinator, point, len(findings))
    given = await coordinator.findings.assign(AssignCases(draw=items[0].draw, control_point=point, rule="round_robin"))
    assert given.given == len(findings)
    for item, finding in zip(items, findings, strict=True):
        await reviewer.findings.record(key_of(item), finding)


async def figures_of(
    services: Services, point: str, reviewed: int, days: tuple[date, date] = (date(2014, 1, 1), date(2015, 1, 1))
) -> Statistics:
    """Return the statistics, when reporting has heard of so many findings."""

    async def heard() -> bool:
        return (await services.reporting.statistics(point, *days)).total.reviewed == reviewed

    await eventually(heard, bound=60, what=f"reporting's hearing of {reviewed} findings of {point}")
    return await services.reporting.statistics(point, *days)

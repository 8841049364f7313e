"""Every number of the board's documents from its register to its report, through the public interface alone.

What the documents print and what their counts give is told row by row in ``tests/unit/reporting/test_seed_tables.py``.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stickprov_client.api import ApiProblem, Services
from stickprov_client.api.reporting import ReportRequest
from stickprov_client.api.sampler import upload_of
from stickprov_client.documents.plan_file import read_plan
from stickprov_contracts.events.measures import Goal
from stickprov_contracts.http.findings import AssignCases, QueueItem, RecordFinding
from stickprov_contracts.http.follow_ups import ReportPlanStatus
from stickprov_contracts.http.imports import ImportedRow, ImportFindings
from stickprov_contracts.http.measures import MakeMeasure
from stickprov_contracts.http.reports import Report
from stickprov_contracts.http.sampler import FrameOptions
from stickprov_contracts.http.statistics import Statistics
from support.documents import SEEDS, cases_of, draws_of, key_of, publish
from support.stack import LocalStack
from support.waiting import eventually

REVIEWER = "reviewer-01"


@dataclass(frozen=True)
class Played:
    """A stack on which the documents are played, as its coordinator and as the one reviewer."""

    coordinator: Services
    reviewer: Services

    async def give_out(self, point: str, count: int) -> list[QueueItem]:
        """Give the reviewer every drawn case of a control point, and return the first 500."""
        items = await cases_of(self.coordinator, point, count)
        draws = {item.draw for item in items}
        for draw in draws:
            given = AssignCases(draw=draw, control_point=point, rule="round_robin")
            await self.coordinator.findings.assign(given)
        return items

    async def import_remarks(self, point: str, draw: Any, drawn: int, categories: Sequence[str]) -> None:
        """Record a draw's findings from a table: the first cases have a remark of these categories, the rest none."""
        await self.coordinator.findings.assign(AssignCases(draw=draw, control_point=point, rule="round_robin"))
        told = [*(("yes", category) for category in categories), *[("no", "")] * (drawn - len(categories))]
        rows = [ImportedRow(row=number + 1, cells=[str(number), *said]) for number, said in enumerate(told, start=1)]
        columns = ["order", "remark", "categories"]
        done = await self.reviewer.findings.import_findings(
            ImportFindings(control_point=point, draw=draw, columns=columns, rows=rows)
        )
        assert (done.recorded, done.remarks) == (drawn, len(categories))

    async def statistics(self, point: str, start: date, end: date, reviewed: int) -> Statistics:
        """Return the figures, when reporting has heard of so many findings."""

        async def heard() -> bool:
            return (await self.coordinator.reporting.statistics(point, start, end)).total.reviewed == reviewed

        await eventually(heard, bound=60, what=f"reporting's hearing of {reviewed} findings of {point}")
        return await self.coordinator.reporting.statistics(point, start, end)

    async def report(self, wanted: ReportRequest) -> str:
        """Return everything that a report says, a line for each text and each row."""
        async with self.coordinator.reporting.report(wanted) as response:
            report = Report.model_validate_json(await response.aread())
        return "\n".join(_said(report)).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")

    async def standard_form(self, *points: str, start: date, end: date) -> str:
        """Return what the standard form of control points says in Swedish."""
        wanted = ReportRequest(kind="standard-form", control_points=points, start=start, end=end, format="json")
        return await self.report(wanted)


def _said(report: Report) -> list[str]:
    said = [report.title, report.subtitle, report.registration or ""]
    for block in report.blocks:
        if block.kind in {"heading", "paragraph"}:
            said.append(block.text)
        elif block.kind == "fields":
            said += [f"{field.label}: {' '.join(line.text for line in field.lines)}" for field in block.fields]
        else:
            table = block.table if block.kind == "chart" else block
            said += [table.caption, *table.groups.values()]
            said += [" | ".join(cell.text for cell in row) for row in table.rows]
    return said


@pytest.fixture
async def played(module_stack: LocalStack) -> AsyncIterator[Played]:
    async with AsyncExitStack() as open_until_the_end:
        coordinator = await open_until_the_end.enter_async_context(module_stack.services())
        yield Played(coordinator, module_stack.signed_in_as(coordinator, REVIEWER))


def days(first: str, past: str) -> dict[str, date]:
    return {"start": date.fromisoformat(first), "end": date.fromisoformat(past)}


THREE_REPORTS = [
    # range, n and x by month, N of a month; n/N, pooled, mean of months as our report prints them
    (days("2021-01-01", "2021-04-01"), [(156, 28), (159, 29), (194, 47)], 2663, ("6,4 %", "20,4 %", "20,1 %")),
    (
        days("2021-04-01", "2021-09-01"),
        [(163, 30), (183, 40), (139, 30), (133, 35), (174, 41)],
        2670,
        ("5,9 %", "22,2 %", "22,3 %"),
    ),
    (
        days("2021-09-01", "2022-01-01"),
        [(199, 63), (165, 41), (157, 37), (123, 22)],
        2528,
        ("6,4 %", "25,3 %", "24,5 %"),
    ),
]


async def test_correct_information_of_1945_households_in_the_three_reports_of_2021(played, tmp_path):
    await publish(played.coordinator, "003-2021", {"": REVIEWER})
    draws = await draws_of(played.coordinator, tmp_path, "003-3-households")
    await cases_of(played.coordinator, "AMF-2021-3", 1945)
    for draw, (drawn, remarks) in zip(
        draws, [month for _, months, *_ in THREE_REPORTS for month in months], strict=True
    ):
        await played.import_remarks("AMF-2021-3", draw.draw, drawn, ["deposits"] * remarks)

    for dates, months, size, (fraction, pooled, mean) in THREE_REPORTS:
        drawn, remarks = (sum(column) for column in zip(*months, strict=True))
        found = await played.statistics("AMF-2021-3", **dates, reviewed=drawn)
        assert (found.total.size, found.size_average) == (size * len(months), size)
        assert [(month.drawn, month.remarks) for month in found.months] == months
        assert (found.pooled.numerator, found.pooled.denominator) == (remarks, drawn)

        said = await played.standard_form("AMF-2021-3", **dates)
        for figure in (f"{remarks} av {drawn}", fraction, pooled, mean):
            assert figure in said, (figure, said)


async def test_twenty_of_222_participants_and_nine_without_a_plan(played, tmp_path):
    await publish(played.coordinator, "000-2017", {"": REVIEWER})
    (draw,) = await draws_of(played.coordinator, tmp_path, "000-twenty-of-222")
    await cases_of(played.coordinator, "AN-2017-1", 20)
    await played.import_remarks("AN-2017-1", draw.draw, 20, ["no-plan"] * 9)

    year = days("2017-01-01", "2018-01-01")
    found = await played.statistics("AN-2017-1", **year, reviewed=20)
    assert found.interval is not None
    # 11 have a plan: 73 to 168 of 222 do, so 54 to 149 do not.
    assert (found.interval.lower, found.interval.upper, found.interval.exact) == (54, 149, True)
    said = await played.standard_form("AN-2017-1", **year)
    for figure in ("9 av 20", "45,0 %", "20 av 222", "9,0 %", "54 till 149"):
        assert figure in said, (figure, said)


SPRING = [("2021-04", 23, 2), ("2021-05", 29, 3), ("2021-06", 20, 3), ("2021-07", 15, 2)]
"""Month, N, and how many of three have a plan."""


async def test_first_meetings_and_plans_of_the_spring_share_one_form(played, tmp_path):
    await publish(played.coordinator, "003-2021", {"": REVIEWER})
    await draws_of(played.coordinator, tmp_path, "003-4-5-spring")
    both = {"finns-amf": "yes", "finns-amc": "yes"}
    for item in await played.give_out("AMF-2021-4", 12):
        no_meeting = both | {"mote": "inget", "orsak": ["behovs-inte"]}
        await played.reviewer.findings.record(key_of(item), RecordFinding(answers=no_meeting))
    left = {month: plans for month, _, plans in SPRING}
    for item in await played.give_out("AMF-2021-5", 12):
        left[item.month] -= 1
        plan = {"handlingsplan": "yes" if left[item.month] >= 0 else "no", "aktivitetsplan": "yes"}
        await played.reviewer.findings.record(key_of(item), RecordFinding(answers=plan))

    spring = days("2021-04-01", "2021-08-01")
    meetings = await played.statistics("AMF-2021-4", **spring, reviewed=12)
    plans = await played.statistics("AMF-2021-5", **spring, reviewed=12)
    assert (meetings.total.size, meetings.pooled.numerator, plans.pooled.numerator) == (87, 12, 2)
    # 10 of 12 have a plan: 83.3 % pooled, 85.4 % weighted.
    assert plans.weighted == pytest.approx(1 - (23 * 2 / 3 + 29 + 20 + 15 * 2 / 3) / 87)
    said = await played.standard_form("AMF-2021-4", "AMF-2021-5", **spring)
    for figure in ("12 av 87", "13,8 %", "12 av 12", "2 av 12", "16,7 %", "14,6 %"):
        assert figure in said, (figure, said)


async def test_register_rules_count_whole_frames_against_their_goals(played, tmp_path):
    await publish(played.coordinator, "002-2013", {"": REVIEWER})
    staff = [f"{number};Enhet {unit};{'ja' if number % 50 < 19 else 'nej'}" for number, unit in enumerate("AB" * 50)]
    await _frame(played, tmp_path, "SDN-2013-5", "Personal", ["Id;Enhet;Förskollärare", *staff], ["Förskollärare"])
    await played.coordinator.sampler.measure(
        MakeMeasure(
            frame="Personal", title="Förskollärare", kind="share", rule="Förskollärare = 'ja'", goal=Goal(share="0.5")
        )
    )
    cases = [f"{number};{'2014-01-01' if number < 20 else '2014-05-01'}" for number in range(40)]
    await _frame(played, tmp_path, "SDN-2013-4", "Utredningar", ["Id;Inledd", *cases], ["Inledd"])
    await played.coordinator.sampler.measure(
        MakeMeasure(
            frame="Utredningar",
            title="Över fyra månader utan beslut om förlängning",
            kind="share",
            rule="Inledd < date('2014-03-01')",
        )
    )

    year = days("2014-01-01", "2015-01-01")

    async def heard() -> bool:
        return bool(await played.coordinator.reporting.register_measures("SDN-2013-4"))

    await eventually(heard, bound=60, what="reporting's hearing of the measures")
    staff_report = await played.standard_form("SDN-2013-5", **year)
    for figure in ("38 av 100", "38,0 %", "50", "Enhet A", "Enhet B"):
        assert figure in staff_report, (figure, staff_report)
    assert "20 av 40" in await played.standard_form("SDN-2013-4", **year)


async def test_coordinated_plans_are_counted_in_the_register(played, tmp_path):
    await publish(played.coordinator, "003-2021", {"": REVIEWER})
    kinds = ["genomförd"] * 10 + ["påbörjad"] * 5 + [""] * (4243 - 15)
    lines = ["Id;Plan", *(f"{number};{kind}" for number, kind in enumerate(kinds))]
    await _frame(played, tmp_path, "AMF-2021-2", "SIP", lines, ["Plan"], period="2020-09-01/2021-09-01")
    await played.coordinator.sampler.measure(
        MakeMeasure(
            frame="SIP",
            title="Genomförda eller påbörjade",
            rule="Plan in ('genomförd', 'påbörjad')",
            category_column="Plan",
        )
    )

    async def heard() -> bool:
        return bool(await played.coordinator.reporting.register_measures("AMF-2021-2"))

    await eventually(heard, bound=60, what="reporting's hearing of the measure")
    said = await played.standard_form("AMF-2021-2", **days("2020-09-01", "2021-09-01"))
    for figure in ("15 av 4 243", "0,4 %", "genomförd", "påbörjad"):
        assert figure in said, (figure, said)


async def test_the_plan_of_2022_stands_with_its_24_rows_in_10_risks_and_their_tertials(played):
    plan = read_plan(SEEDS / "plans" / "004-2022.yaml")
    await played.coordinator.plans.adopt(plan.plan, plan.content)
    for tertial, status in (("2022-T1", "under-way"), ("2022-T2", "done")):
        told = ReportPlanStatus(plan="AFN-2022", control_point="AFN-2022-1", period=tertial, status=status)
        await eventually(lambda told=told: _is_told(played, told), bound=60, what="findings' hearing of the plan")

    wanted = ReportRequest(kind="plan-status", plan="AFN-2022", format="json")

    async def heard() -> bool:
        return "Genomfört" in await played.report(wanted)

    await eventually(heard, bound=60, what="reporting's hearing of the statuses")
    said = await played.report(wanted)
    for text in ("AFN 2021/232", "Stickprov", "Omoderna verksamhetssystem", "sannolik risk, allvarliga konsekvenser"):
        assert text in said, (text, said)
    assert len(plan.content.control_points) == 24
    assert all(point.measure in said for point in plan.content.control_points)


async def _is_told(played: Played, told: ReportPlanStatus) -> bool:
    try:
        await played.coordinator.follow_ups.report_plan_status(told)
    except ApiProblem:  # a plan that findings has not heard of yet
        return False
    return True


async def _frame(
    played: Played, folder: Path, point: str, name: str, lines: list[str], kept: list[str], period: str = "2014"
) -> None:
    register = folder / f"{name}.csv"
    register.write_text("\n".join(lines), encoding="utf-8")
    unit = "Enhet" if "Enhet" in lines[0] else None
    options = FrameOptions(frame_name=name, control_point=point, period=period, kept_columns=kept, unit_column=unit)
    await played.coordinator.sampler.freeze(upload_of(register, options))

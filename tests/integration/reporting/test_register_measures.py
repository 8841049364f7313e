"""Register measures over HTTP: numerator and denominator by month, year and unit, beside the goal."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from stickprov_contracts.events.measures import MeasuredCell, RegisterMeasured
from stickprov_contracts.http.audit import Replay
from stickprov_contracts.http.register import RegisterMeasure
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.domain.statistics.statistic import DateRange
from support.reporting import POINT, defined, measured, month_period
from support.reporting_service import ReportingService, running_reporting

STAFF = [("2013-01", "Ekorren", 9, 30), ("2013-01", "Lärkan", 14, 40), ("2013-01", "Vinkel", 15, 30)]
JANUARY = month_period("2013-01")


@pytest.fixture
async def service(new_database, tmp_path, free_port) -> AsyncIterator[ReportingService]:
    async with running_reporting(await new_database(*FOLDERS), tmp_path, f"127.0.0.1:{free_port()}") as running:
        yield running


async def read(service: ReportingService, **dates: str) -> list[RegisterMeasure]:
    answer = await service.get(f"/v1/register-measures/{POINT}", **dates)
    assert answer.status_code == 200, answer.text
    return [RegisterMeasure.model_validate(one) for one in answer.json()]


async def test_38_percent_of_the_staff_against_a_goal_of_half_with_units_from_30_to_50(service):
    await service.hear(defined(), measured("degrees", STAFF, JANUARY, goal="0.5"))
    (found,) = await read(service)
    assert (found.total.numerator, found.total.denominator, found.total.value) == (38, 100, 0.38)
    assert found.total.meets_goal is False
    assert [(unit.name, unit.value, unit.meets_goal) for unit in found.units] == [
        ("Ekorren", 0.3, False),
        ("Lärkan", 0.35, False),
        ("Vinkel", 0.5, True),
    ]


async def test_months_and_years_are_counted_apart(service):
    cells = [("2016-12", "", 3, 10), ("2017-01", "", 2, 10), ("2017-02", "", 4, 12)]
    await service.hear(defined(), measured("updated", cells, JANUARY))
    (found,) = await read(service)
    assert [(month.name, month.numerator, month.denominator) for month in found.months] == [
        ("2016-12", 3, 10),
        ("2017-01", 2, 10),
        ("2017-02", 4, 12),
    ]
    assert [(year.name, year.numerator, year.denominator) for year in found.years] == [("2016", 3, 10), ("2017", 6, 22)]
    assert found.total.meets_goal is None


async def test_categories_share_the_denominator_of_the_whole(service):
    base = measured("meetings", [("2020-09", "", 15, 4243)], JANUARY)
    assert isinstance(base, RegisterMeasured)
    kinds = {"deltagit": 7, "initierat": 5, "uppföljning": 3}
    cells = [
        MeasuredCell(month="2020-09", unit="", category=kind, numerator=count, denominator=4243)
        for kind, count in kinds.items()
    ]
    event = base.model_copy(update={"kind": "sum", "sum_column": "Möten", "category_column": "Slag", "cells": cells})
    await service.hear(defined(), event)
    (found,) = await read(service)
    assert (found.total.numerator, found.total.denominator) == (15, 4243)
    assert [(part.name, part.numerator, part.denominator) for part in found.categories] == [
        ("deltagit", 7, 4243),
        ("initierat", 5, 4243),
        ("uppföljning", 3, 4243),
    ]
    assert [(month.numerator, month.denominator) for month in found.months] == [(15, 4243)]


async def test_only_measures_whose_period_lies_within_the_dates_are_told(service):
    await service.hear(
        defined(),
        measured("january", STAFF, JANUARY),
        measured("february", STAFF, month_period("2013-02")),
        measured("another's", STAFF, JANUARY, points=["OTHER-1"]),
    )
    found = await read(service, **{"from": "2013-02-01", "to": "2013-03-01"})
    assert [one.title for one in found] == ["february"]
    assert [one.title for one in await read(service)] == ["january", "february"]


async def test_a_control_point_nobody_knows_is_not_found(service):
    assert (await service.get("/v1/register-measures/NONE-1")).status_code == 404


async def test_a_replay_gives_the_same_measures_and_finds_one_that_was_changed(reporting):
    await reporting.hear(defined(), measured("degrees", STAFF, JANUARY, goal="0.5"))

    async def replayed() -> Replay:
        return await reporting.replayer.replay(POINT, DateRange(date(2013, 1, 1), date(2014, 1, 1)))

    assert (await replayed()).verdict == "verified"
    await reporting.tamper("UPDATE register_measure SET measured = jsonb_set(measured, '{numerator}', '\"50\"')")
    found = await replayed()
    assert found.verdict == "different"
    assert found.differences[0].figure.startswith("register_measure ")

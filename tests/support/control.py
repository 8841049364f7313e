"""A small control to play in a test: made-up households, two months, every fifth drawn case with a remark."""

from datetime import date
from pathlib import Path
from uuid import UUID

from stickprov_client.api import Services
from stickprov_client.api.findings import ReviewKey
from stickprov_client.api.sampler import upload_of
from stickprov_contracts.events.sampler import Category
from stickprov_contracts.http.findings import QueueItem, RecordFinding
from stickprov_contracts.http.sampler import DefineControlPoint, Draw, FrameOptions, MakeDraw
from stickprov_contracts.http.statistics import Statistics
from support.waiting import eventually

CONTROL_POINT = "AMF-TEST-1"
START, END = date(2021, 1, 1), date(2021, 3, 1)
MONTHS = ("2021-01", "2021-02")


async def prepare(services: Services, folder: Path, *, size: int, drawn: int) -> list[Draw]:
    """Define the control point, freeze a frame of ``size`` households for each month, and draw ``drawn`` from each."""
    await services.sampler.define(
        CONTROL_POINT,
        DefineControlPoint(
            number="1",
            year=2021,
            board="Socialnämnden",
            area="AMF",
            measure="Klienter anger korrekta uppgifter",
            unit_name="hushåll",
            categories=[Category(id="deposits", sv="Insättningar på konto", en="Deposits on account")],
        ),
    )
    return [await _draw(services, folder, month, size=size, drawn=drawn) for month in MONTHS]


async def queue_of(services: Services, expected: int) -> list[QueueItem]:
    """Return every drawn case, when findings has heard of all of them."""

    async def heard() -> bool:
        return (await services.findings.queue(control_point=CONTROL_POINT, limit=1)).total == expected

    await eventually(heard, bound=60, what=f"findings' hearing of {expected} cases")
    items: list[QueueItem] = []
    while len(items) < expected:
        page = await services.findings.queue(control_point=CONTROL_POINT, limit=500, offset=len(items))
        items += page.items
    return items


async def review(reviewer: Services, item: QueueItem, command: UUID) -> None:
    """Record what this test's story says of a case: every fifth in the order of the draw has a remark."""
    remark = item.order % 5 == 0
    finding = RecordFinding(remark=remark, categories=["deposits"] if remark else [])
    await reviewer.findings.record(ReviewKey(item.draw, item.control_point, item.case), finding, command=command)


async def statistics_of(services: Services, reviewed: int) -> Statistics:
    """Return the statistic, when reporting has heard of so many findings."""

    async def heard() -> bool:
        logs = await services.reporting.logs()
        if any(log.head is None or log.applied < log.head for log in logs):
            return False
        return (await services.reporting.statistics(CONTROL_POINT, START, END)).total.reviewed >= reviewed

    await eventually(heard, bound=90, what=f"reporting's hearing of {reviewed} findings")
    return await services.reporting.statistics(CONTROL_POINT, START, END)


async def _draw(services: Services, folder: Path, month: str, *, size: int, drawn: int) -> Draw:
    register = folder / f"register-{month}.csv"
    rows = "\n".join(f"H{number:05};{number % 3 + 1} barn" for number in range(1, size + 1))
    register.write_text(f"Hushåll;Anteckning\n{rows}\n", encoding="windows-1252")
    options = FrameOptions(frame_name=f"households {month}", control_point=CONTROL_POINT, period=month)
    frozen = await services.sampler.freeze(upload_of(register, options))
    return await services.sampler.make_draw(MakeDraw(frame=frozen.frame.frame, n=drawn))

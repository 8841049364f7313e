"""The demonstration's steps, each through the public interface, with deterministic command ids."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from pathlib import Path
from typing import Final, TypeVar

from stickprov_client.api import Services
from stickprov_client.api.findings import ReviewKey
from stickprov_client.api.reporting import ReportRequest
from stickprov_client.api.sampler import upload_of
from stickprov_client.demo.register import HOUSEHOLDS, IDENTITY_COLUMNS, register_file
from stickprov_client.demo.story import (
    CONCLUSION,
    CONTROL_POINT,
    DEFINITION,
    DRAWN,
    END,
    MONTHS,
    REVIEWERS,
    START,
    Month,
    command_id,
    month_named,
)
from stickprov_contracts.http.audit import Replay
from stickprov_contracts.http.reports import ReportFormat, ReportLanguage
from stickprov_contracts.http.sampler import Draw, DrawVerification, Frame, FrameOptions, MakeDraw
from stickprov_contracts.http.statistics import Statistics

REPORTS: Final[tuple[ReportFormat, ...]] = ("pdf", "docx", "xlsx", "html")
QUARTER: Final = "2021-Q1"
_PATIENCE_SECONDS: Final = 60.0
_LOOK_AGAIN_SECONDS: Final = 0.1

Result = TypeVar("Result")
As = Callable[[str], Services]
"""Gives the services as somebody may use them: ``coordinator``, ``reviewer-01`` …"""


class DemoFailed(Exception):  # noqa: N818 - says the situation
    """Something did not come out as it must; the message says what."""


class Play:
    """The steps in their order. Doing any of them again changes nothing.

    Args:
        signed_in_as: gives the services as somebody may use them.
        folder: where the register files are written.
    """

    def __init__(self, signed_in_as: As, folder: Path) -> None:
        self._as = signed_in_as
        self._folder = folder

    def write_registers(self) -> list[Path]:
        """Write the three register files, in the order of the months."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = [self._register(month) for month in MONTHS]
        for number, (month, file) in enumerate(zip(MONTHS, files, strict=True)):
            file.write_bytes(register_file(number, month.paid))
        return files

    async def define(self) -> None:
        """Define the control point with its categories."""
        await self._as("coordinator").sampler.define(CONTROL_POINT, DEFINITION, command=command_id("define"))

    async def freeze(self) -> list[Frame]:
        """Preview each register file, and freeze it when every row is a household."""
        return await _together(self._freeze(month) for month in MONTHS)

    async def draw(self, frames: list[Frame]) -> list[Draw]:
        """Draw each month's households."""
        return await _together(self._draw(month, frame) for month, frame in zip(MONTHS, frames, strict=True))

    async def wait_for_queues(self) -> int:
        """Wait until findings has heard of every drawn case; return how many are reviewed already."""
        findings = self._as("coordinator").findings

        async def heard() -> int | None:
            queue = await findings.queue(control_point=CONTROL_POINT, limit=1)
            return queue.reviewed if queue.total >= DRAWN else None

        return await until(heard, f"findings has not heard of all {DRAWN} cases")

    async def review(self, submitted: Callable[[int], None]) -> None:
        """Let the twelve reviewers empty their queues, all at the same time; ``submitted`` hears of each finding."""
        await _together(self._empty_queue(name, submitted) for name in REVIEWERS)

    async def conclude(self) -> None:
        """Conclude the control for the quarter, in the terms of the standard form."""
        await self._as("coordinator").follow_ups.conclude(CONCLUSION, command=command_id("conclude"))

    async def wait_for_statistics(self) -> Statistics:
        """Wait until reporting has heard everything, and return the statistics.

        Raises:
            DemoFailed: it did not in a minute.
        """
        reporting = self._as("board").reporting

        async def told() -> Statistics | None:
            logs = await reporting.logs()
            if any(log.head is None or log.applied < log.head for log in logs):
                return None
            statistics = await reporting.statistics(CONTROL_POINT, START, END)
            # A finding may be acknowledged and not yet have its place in the log that the head speaks of.
            return statistics if statistics.total.reviewed >= DRAWN and statistics.conclusions else None

        return await until(told, f"reporting has not heard of all {DRAWN} findings")

    async def write_reports(self, language: ReportLanguage) -> list[Path]:
        """Write the quarter's standard form in the formats that people open, beside the register files."""
        return await _together(self._write_report(ending, language) for ending in REPORTS)

    async def verify_draws(self, draws: list[Draw]) -> list[DrawVerification]:
        """Have every draw computed again."""
        sampler = self._as("auditor").sampler
        return await _together(sampler.verify(draw.draw) for draw in draws)

    async def replay(self) -> Replay:
        """Have both logs read again from their first event, and the statistics folded again."""
        return await self._as("auditor").reporting.replay(CONTROL_POINT, START, END)

    async def _write_report(self, ending: ReportFormat, language: ReportLanguage) -> Path:
        asked = ReportRequest(
            kind="standard-form",
            control_points=[CONTROL_POINT],
            start=START,
            end=END,
            language=language,
            format=ending,
        )
        file = self._folder / f"{CONTROL_POINT}-{QUARTER}.{ending}"
        async with self._as("board").reporting.report(asked) as response:
            file.write_bytes(await response.aread())
        return file

    async def _freeze(self, month: Month) -> Frame:
        sampler = self._as("coordinator").sampler
        upload = upload_of(self._register(month), _options(month))
        report = await sampler.preview(upload)
        if report.accepted != HOUSEHOLDS or report.rejected_rows:
            first = report.rejected[0].message if report.rejected else "fewer units than rows"
            raise DemoFailed(f"{month.label}: {report.accepted} of {HOUSEHOLDS} households were accepted: {first}")
        return (await sampler.freeze(upload, command=command_id("freeze", month.label))).frame

    async def _draw(self, month: Month, frame: Frame) -> Draw:
        request = MakeDraw(frame=frame.frame, design="simple", n=month.drawn)
        return await self._as("coordinator").sampler.make_draw(request, command=command_id("draw", month.label))

    async def _empty_queue(self, name: str, submitted: Callable[[int], None]) -> None:
        findings = self._as(name).findings
        while (queue := await findings.queue(control_point=CONTROL_POINT, status="waiting", limit=1000)).items:
            for item in queue.items:
                review = ReviewKey(item.draw, item.control_point, item.case)
                command = command_id("finding", item.draw, item.case, item.version)
                await findings.record(review, month_named(item.month).finding(item.order), command=command)
                submitted(1)

    def _register(self, month: Month) -> Path:
        return self._folder / f"utbetalningshushåll-{month.paid:%Y-%m}.csv"


def _options(month: Month) -> FrameOptions:
    return FrameOptions(
        frame_name=month.frame_name,
        control_point=CONTROL_POINT,
        period=month.label,
        extract_date=month.extracted,
        unit_id_column="Hushållsnummer",
        unit_column="Enhet",
        handler_column="Handläggare",
        identity_columns=list(IDENTITY_COLUMNS),
    )


async def _together(work: Iterable[Coroutine[None, None, Result]]) -> list[Result]:
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


async def until(look: Callable[[], Awaitable[Result | None]], otherwise: str) -> Result:
    """Look until there is something, and return it.

    Raises:
        DemoFailed: there was nothing in a minute; ``otherwise`` says what.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE_SECONDS
    while (found := await look()) is None:
        if loop.time() > deadline:
            raise DemoFailed(f"After {_PATIENCE_SECONDS:.0f} s {otherwise}. Look at it with: stickprov doctor")
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    return found

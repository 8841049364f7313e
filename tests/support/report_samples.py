"""Reports of the board's own controls in every format, to be looked at: ``python -m support.report_samples FOLDER``."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

from stickprov_contracts.http.reports import Report, ReportFormat
from stickprov_reporting.adapters.reports.rendering import rendered
from support.report_documents import (
    CHILDREN,
    CORRECT,
    MEETING,
    PLANS,
    TEACHERS,
    children,
    correct_information,
    meetings_and_plans,
    teachers,
)
from support.report_making import made, wanted
from support.report_scenes import PLAN, actions, concluded, plan_of_the_document
from support.report_texts import Notes


def samples() -> Iterator[tuple[str, Report]]:
    """Yield reports under names for their files."""
    notes = Notes()
    quarter = [*correct_information(tolerance="0.1"), concluded(notes), *actions(notes)]
    autumn = wanted(points=[MEETING, PLANS], start=date(2021, 8, 1), end=date(2021, 11, 1))
    year = wanted(points=[CHILDREN], start=date(2020, 8, 1), end=date(2021, 8, 1))
    register = wanted(points=[TEACHERS], start=date(2013, 1, 1), end=date(2014, 1, 1))
    yield "form-2021-3", made(quarter, wanted(points=[CORRECT]), notes)
    yield "form-2021-3-en", made(quarter, wanted(points=[CORRECT], language="en"), notes)
    yield "form-2021-1", made(children(), year)
    yield "form-2021-4-5", made(meetings_and_plans(), autumn)
    yield "form-2013-5", made(teachers(), register)
    yield "plan-2022", made(plan_of_the_document(notes), wanted("plan-status", plan=PLAN), notes)
    yield "actions-2021", made(quarter, wanted("actions", year=2021), notes)


def write(folder: Path) -> list[Path]:
    """Write every sample in every format and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, report in samples():
        for ending in get_args(ReportFormat):
            file = folder / f"{name}.{ending}"
            file.write_bytes(rendered(report, ending).content)
            written.append(file)
    return written


if __name__ == "__main__":
    for path in write(Path(sys.argv[1])):
        sys.stdout.write(f"{path}\n")

"""`stickprov report`: the board's reports as files."""

import asyncio
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final, get_args
from urllib.parse import unquote

import typer
from rich.markup import escape

from stickprov_client.api.reporting import Known, Positions, ReportRequest
from stickprov_client.cli.as_of import At, On, known_at
from stickprov_client.cli.console import stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.options import From, PeriodLabel, To, chosen_range
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_contracts.http.reports import ReportFormat, ReportLanguage

report = typer.Typer(no_args_is_help=True, help="Reports for the board, as PDF, DOCX, HTML, XLSX, CSV or JSON.")

_NAME: Final = re.compile(r"filename\*=UTF-8''([^;\s]+)")
_FORMATS: Final[tuple[ReportFormat, ...]] = get_args(ReportFormat)

_Format = Annotated[
    ReportFormat | None, typer.Option("--format", help="Of the file; else what --out ends in, else pdf.")
]
_Out = Annotated[
    Path | None,
    typer.Option("--out", help="File to write, or a folder for it; else a file in this folder, named by its contents."),
]
_Language = Annotated[ReportLanguage | None, typer.Option("--language", help="Of the report; else that of --lang.")]
_AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="SAMPLER/FINDINGS: positions of both logs, to make an earlier report again."),
]
_Plan = Annotated[str | None, typer.Option("--plan", help="Id of a plan.")]
_Year = Annotated[int | None, typer.Option("--year", min=1, max=9998, help="Of this year.")]
_Small = Annotated[
    int | None,
    typer.Option(
        "--suppress-below",
        min=2,
        max=20,
        help="Leave out numbers below this, and what would give them away; for a report that is published.",
    ),
]


@dataclass(frozen=True)
class _Said:
    """What every kind of report is asked for with, as it was typed."""

    form: ReportFormat | None
    out: Path | None
    language: ReportLanguage | None
    known: Known | None


@report.command("standard-form", epilog="Example: stickprov report standard-form AMF-2021-3 --period 2021-Q1")
def standard_form(
    context: typer.Context,
    control_points: Annotated[
        list[str], typer.Argument(metavar="CONTROL_POINT...", help="One, or several that share a form.")
    ],
    start: From = None,
    end: To = None,
    period: PeriodLabel = None,
    suppress_below: _Small = None,
    form: _Format = None,
    out: _Out = None,
    language: _Language = None,
    as_of: _AsOf = None,
    at: At = None,
    on: On = None,
) -> None:
    """Write the standard form of a control: sample, result with its margins, conclusion, actions, every figure."""
    session = session_of(context)
    days = chosen_range(start, end, period)
    asked = ReportRequest(
        kind="standard-form",
        control_points=control_points,
        start=days.start,
        end=days.end,
        suppress_below=suppress_below,
    )
    _write(session, asked, _Said(form, out, language, known_at(at, on, _positions(as_of))))


@report.command("plan-status", epilog="Example: stickprov report plan-status --plan AFN-2022 --out plan.docx")
def plan_status(
    context: typer.Context,
    plan: Annotated[str, typer.Option("--plan", help="Id of a plan.")],
    year: _Year = None,
    form: _Format = None,
    out: _Out = None,
    language: _Language = None,
    as_of: _AsOf = None,
    at: At = None,
    on: On = None,
) -> None:
    """Write a plan's rows by score, with how each stands tertial by tertial."""
    session = session_of(context)
    asked = ReportRequest(
        kind="plan-status",
        plan=plan,
        year=year,
    )
    _write(session, asked, _Said(form, out, language, known_at(at, on, _positions(as_of))))


@report.command("actions", epilog="Example: stickprov report actions --year 2021 --format docx")
def actions(
    context: typer.Context,
    point: Annotated[list[str] | None, typer.Option("--point", help="Only of this control; repeatable.")] = None,
    plan: _Plan = None,
    year: _Year = None,
    form: _Format = None,
    out: _Out = None,
    language: _Language = None,
    as_of: _AsOf = None,
    at: At = None,
    on: On = None,
) -> None:
    """Write what was found, what was decided, and what the follow-up shows of it."""
    session = session_of(context)
    asked = ReportRequest(
        kind="actions",
        control_points=point or [],
        plan=plan,
        year=year,
    )
    _write(session, asked, _Said(form, out, language, known_at(at, on, _positions(as_of))))


def name_in(disposition: str) -> str:
    """Return the file name of a ``Content-Disposition`` (RFC 6266), without any folder it might name."""
    found = _NAME.search(disposition)
    return Path(unquote(found[1]).replace("\\", "/")).name if found else "report"


def _write(session: Session, asked: ReportRequest, said: _Said) -> None:
    whole = replace(
        asked,
        language=said.language or session.language,
        format=_format(said.form, said.out),
        positions=said.known,
    )
    name, content = asyncio.run(_fetched(session, whole))
    out = said.out
    file = out / name if out is not None and out.is_dir() else out or Path(name)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(file)
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}.", "--out") from None
    finally:
        unfinished.unlink(missing_ok=True)
    stdout().print(escape(session.say("The report is in {file}.").format(file=file)))
    if asked.suppress_below is not None:
        stdout().print(
            escape(
                session.say("Texts that people wrote are in it as they wrote them: read them before it is published.")
            )
        )
        stdout().print(
            escape(
                session.say(
                    "Two reports over periods that overlap can together tell a number that each of them leaves out: "
                    "publish only periods that do not overlap, with the same limit."
                )
            )
        )


async def _fetched(session: Session, asked: ReportRequest) -> tuple[str, bytes]:
    async with signed_in(session) as services, services.reporting.report(asked) as response:
        return name_in(response.headers.get("Content-Disposition", "")), await response.aread()


def _format(wanted: ReportFormat | None, out: Path | None) -> ReportFormat:
    """Return the file's format: what was said, else what the file's name ends in, else PDF."""
    if wanted is not None:
        return wanted
    ending = out.suffix.lower().removeprefix(".") if out is not None else ""
    return next((one for one in _FORMATS if one == ending), "pdf")


def _positions(text: str | None) -> Positions | None:
    if text is None:
        return None
    sampler, _, findings = text.partition("/")
    if not (sampler.isascii() and sampler.isdecimal() and findings.isascii() and findings.isdecimal()):
        raise BadInput(f"“{text}” is no pair of positions; write it as 519/509.", "--as-of")
    return Positions(int(sampler), int(findings))

"""`stickprov frame`: register files become frozen frames."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from stickprov_client.api import Services
from stickprov_client.api.sampler import upload_of
from stickprov_client.api.upload import Upload
from stickprov_client.cli.console import print_json
from stickprov_client.cli.failure import BadInput, Exit
from stickprov_client.cli.frame_progress import watching
from stickprov_client.cli.frame_tables import print_frame, print_frames, print_report, print_verdict, warn_of_protection
from stickprov_client.cli.option_values import checked
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.documents.faults import BadFile, FileFault
from stickprov_client.documents.yaml_document import read_document
from stickprov_contracts.http.sampler import Frame, FrameOptions

frame = typer.Typer(no_args_is_help=True, help="Register files, and the frozen frames made of them.")

Result = TypeVar("Result")

RegisterFile = Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet file from the register.")]
Point = Annotated[str | None, typer.Option("--point", help="Control point whose frame it is.")]
FramePeriod = Annotated[
    str | None, typer.Option("--period", help="2021-03, 2021-Q1, 2021-T1, 2021 or 2021-01-01/2021-04-01.")
]
Name = Annotated[str | None, typer.Option("--name", help="Name of the frame; else point and period.")]
ExtractDate = Annotated[str | None, typer.Option("--extract-date", help="The day the register was read, YYYY-MM-DD.")]
UnitId = Annotated[str | None, typer.Option("--unit-id", help="Column that names a unit; else the first.")]
Month = Annotated[str | None, typer.Option("--month", help="Column that tells a unit's month.")]
Stratum = Annotated[str | None, typer.Option("--stratum", help="Column with the stratum.")]
Unit = Annotated[str | None, typer.Option("--unit", help="Column with the organisational unit.")]
Handler = Annotated[str | None, typer.Option("--handler", help="Column with the handler's sign-in name.")]
Subunits = Annotated[str | None, typer.Option("--subunits", help="Column with the number of subunits.")]
Identity = Annotated[list[str] | None, typer.Option("--identity", help="Column that identifies a person; repeatable.")]
SubunitIds = Annotated[
    str | None, typer.Option("--subunit-ids", help="Column that lists the subunits by id, with , ; or | between.")
]
SubunitsFile = Annotated[Path | None, typer.Option("--subunits-file", help="File with a row for each subunit.")]
SubunitsParent = Annotated[
    str | None, typer.Option("--subunits-parent", help="Its column with the unit's id; else the first.")
]
SubunitsId = Annotated[
    str | None, typer.Option("--subunits-id", help="Its column with the subunit's id; else the second.")
]
SubunitNumbers = Annotated[
    bool | None,
    typer.Option("--subunit-personal-numbers", help="The subunits' ids are personal numbers: checked, normalised."),
]
PersonalNumber = Annotated[
    str | None,
    typer.Option("--personal-number", help="Column of personal numbers: checked, normalised, never in the frame."),
]
Protection = Annotated[
    str | None,
    typer.Option("--protection-column", help="Column that says whose identity is protected: for the vault alone."),
]
Keep = Annotated[list[str] | None, typer.Option("--keep", help="Further column that the frame keeps; repeatable.")]
Filter = Annotated[str | None, typer.Option("--filter", help="Which rows belong: 'age between 16 and 65 and active'.")]
Series = Annotated[str | None, typer.Option("--series", help="Series to join: its id, or a frame of it.")]
Sheet = Annotated[str | None, typer.Option("--sheet", help="Sheet of the workbook; else the first.")]
HeaderRow = Annotated[int | None, typer.Option("--header-row", min=1, help="Row with the column names of a workbook.")]
OptionsFile = Annotated[
    Path | None, typer.Option("--options", help="YAML file with options; those given here come before it.")
]
Encoding = Annotated[str | None, typer.Option("--encoding", help="utf-8, utf-8-sig, utf-16 or windows-1252.")]
Delimiter = Annotated[str | None, typer.Option("--delimiter", help="; or , or tab")]


@dataclass(frozen=True)
class _Files:
    """The register's file, and the subunits' own if they have one."""

    register: Path
    subunits: Path | None


def read_register(
    context: typer.Context,
    file: RegisterFile,
    point: Point = None,
    period: FramePeriod = None,
    name: Name = None,
    extract_date: ExtractDate = None,
    unit_id: UnitId = None,
    month: Month = None,
    stratum: Stratum = None,
    unit: Unit = None,
    handler: Handler = None,
    subunits: Subunits = None,
    subunit_ids: SubunitIds = None,
    subunits_file: SubunitsFile = None,
    subunits_parent: SubunitsParent = None,
    subunits_id: SubunitsId = None,
    subunit_personal_numbers: SubunitNumbers = None,
    identity: Identity = None,
    personal_number: PersonalNumber = None,
    protection: Protection = None,
    keep: Keep = None,
    filter_text: Filter = None,
    series: Series = None,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    options_file: OptionsFile = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    as_json: AsJson = False,
) -> None:
    """Send a register file: for a report as ``preview``, for good as ``import``."""
    session = session_of(context)
    given = {
        "frame_name": name,
        "control_point": point,
        "period": period,
        "extract_date": extract_date,
        "unit_id_column": unit_id,
        "month_column": month,
        "stratum_column": stratum,
        "unit_column": unit,
        "handler_column": handler,
        "subunits_column": subunits,
        "subunit_ids_column": subunit_ids,
        "subunits_parent_column": subunits_parent,
        "subunits_id_column": subunits_id,
        "subunit_personal_numbers": subunit_personal_numbers,
        "identity_columns": identity,
        "personal_number_column": personal_number,
        "protection_column": protection,
        "kept_columns": keep,
        "filter": filter_text,
        "series": series,
        "sheet": sheet,
        "header_row": header_row,
        "encoding": encoding,
        "delimiter": delimiter,
    }
    options = _options({option: value for option, value in given.items() if value is not None}, options_file)
    files = _Files(file, subunits_file)
    if context.info_name == "preview":
        report = _send(
            session, files, options, lambda services, upload: services.sampler.preview(upload), silent=as_json
        )
        if as_json:
            print_json(report)
        else:
            print_report(session, report, options)
            print_verdict(session, report)
        warn_of_protection(session, report)
        if report.rejected_rows or report.rejected_subunit_rows:
            raise typer.Exit(Exit.BAD_INPUT)
        return
    frozen = _send(session, files, options, lambda services, upload: services.sampler.freeze(upload), silent=as_json)
    if as_json:
        print_json(frozen)
    else:
        print_report(session, frozen.report, options)
        print_frame(session, frozen.frame)
    warn_of_protection(session, frozen.report)


_EXAMPLE = (
    "Example: stickprov frame {} hushåll.csv --point AMF-2021-3 --period 2021-03 "
    "--personal-number Personnummer --extract-date 2021-04-01"
)

frame.command(
    "preview", help="Have a register file read and judged. Nothing is stored.", epilog=_EXAMPLE.format("preview")
)(read_register)
frame.command(
    "import",
    help="Freeze a register file as the frame that samples are drawn from. It stays as it is from then on.",
    epilog=_EXAMPLE.format("import"),
)(read_register)


@frame.command("show", epilog='Example: stickprov frame show "AMF-2021-3 2021-03"')
def show_frame(
    context: typer.Context,
    frame_name: Annotated[str | None, typer.Argument(metavar="FRAME", help="Name or id; else all are listed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a frozen frame, or list them all."""
    session = session_of(context)
    frames = asyncio.run(_read(session, frame_name))
    if as_json:
        print_json(frames if frame_name is None else frames[0])
    elif frame_name is None:
        print_frames(session, frames)
    else:
        print_frame(session, frames[0])


def _options(given: dict[str, object], file: Path | None) -> FrameOptions:
    """Put what was typed before what a file says, and check the whole."""
    document = read_document(file) if file is not None else None
    if document is not None and not isinstance(document.content, dict):
        raise BadFile(str(file), [FileFault("write options here, such as month_column: Datum.", 1)])
    fields = {**(document.content if document is not None and isinstance(document.content, dict) else {}), **given}
    if fields.get("delimiter") in {"tab", "\\t"}:
        fields["delimiter"] = "\t"
    for option, name in (("control_point", "--point"), ("period", "--period")):
        if option not in fields:
            raise BadInput(f"Give {name}, or {option} in the file of --options.")
    fields.setdefault("frame_name", f"{fields['control_point']} {fields['period']}")
    if document is not None:
        return document.checked(FrameOptions, _as_json(fields))
    return checked(FrameOptions, _as_json(fields), {"control_point": "--point"})


def _as_json(fields: dict[str, object]) -> dict[str, object]:
    """Return the options with the extract's date as a date."""
    extract_date = fields.get("extract_date")
    if not isinstance(extract_date, str):
        return fields
    try:
        return fields | {"extract_date": date.fromisoformat(extract_date)}
    except ValueError:
        raise BadInput(f"“{extract_date}” is no date; write it as 2021-01-31.", "--extract-date") from None


def _send(
    session: Session,
    files: _Files,
    options: FrameOptions,
    call: Callable[[Services, Upload], Awaitable[Result]],
    *,
    silent: bool,
) -> Result:
    for file in (files.register, files.subunits):
        if file is not None and not file.is_file():
            raise BadInput(f"There is no file {file}.")

    async def send() -> Result:
        with watching(session, files.register, silent=silent) as watcher:
            upload = replace(
                upload_of(files.register, options, watcher.sent, files.subunits),
                told=watcher.told,
            )
            async with signed_in(session) as services:
                return await call(services, upload)

    return asyncio.run(send())


async def _read(session: Session, frame_name: str | None) -> list[Frame]:
    async with signed_in(session) as services:
        if frame_name is None:
            return await services.sampler.frames()
        return [await services.sampler.frame(frame_name)]

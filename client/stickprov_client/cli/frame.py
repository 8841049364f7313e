"""`stickprov frame`: register files become frozen frames."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import ValidationError

from stickprov_client.api import Services
from stickprov_client.api.sampler import upload_of
from stickprov_client.api.upload import Upload
from stickprov_client.cli.console import print_json
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.frame_tables import print_frame, print_frames, print_report
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.progress import sending
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_contracts.http.sampler import Frame, FrameOptions

frame = typer.Typer(no_args_is_help=True, help="Register files, and the frozen frames made of them.")

Result = TypeVar("Result")

RegisterFile = Annotated[Path, typer.Argument(help="CSV file from the register.")]
Point = Annotated[str, typer.Option("--point", help="Control point whose frame it is.")]
FramePeriod = Annotated[str, typer.Option("--period", help="2021-03, 2021-Q1, 2021-T1, 2021 or 2021-01-01/2021-04-01.")]
Name = Annotated[str | None, typer.Option("--name", help="Name of the frame; else point and period.")]
ExtractDate = Annotated[str | None, typer.Option("--extract-date", help="The day the register was read, YYYY-MM-DD.")]
UnitId = Annotated[str | None, typer.Option("--unit-id", help="Column that names a unit; else the first.")]
Month = Annotated[str | None, typer.Option("--month", help="Column that tells a unit's month.")]
Stratum = Annotated[str | None, typer.Option("--stratum", help="Column with the stratum.")]
Unit = Annotated[str | None, typer.Option("--unit", help="Column with the organisational unit.")]
Handler = Annotated[str | None, typer.Option("--handler", help="Column with the handler's sign-in name.")]
Subunits = Annotated[str | None, typer.Option("--subunits", help="Column with the number of subunits.")]
Identity = Annotated[list[str] | None, typer.Option("--identity", help="Column that identifies a person; repeatable.")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="utf-8, utf-8-sig, utf-16 or windows-1252.")]
Delimiter = Annotated[str | None, typer.Option("--delimiter", help="; or , or tab")]


def read_register(
    context: typer.Context,
    file: RegisterFile,
    point: Point,
    period: FramePeriod,
    name: Name = None,
    extract_date: ExtractDate = None,
    unit_id: UnitId = None,
    month: Month = None,
    stratum: Stratum = None,
    unit: Unit = None,
    handler: Handler = None,
    subunits: Subunits = None,
    identity: Identity = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    as_json: AsJson = False,
) -> None:
    """Send a register file: for a report as ``preview``, for good as ``import``."""
    session = session_of(context)
    options = _options(
        frame_name=name or f"{point} {period}",
        control_point=point,
        period=period,
        extract_date=extract_date,
        unit_id_column=unit_id,
        month_column=month,
        stratum_column=stratum,
        unit_column=unit,
        handler_column=handler,
        subunits_column=subunits,
        identity_columns=identity or [],
        encoding=encoding,
        delimiter=delimiter,
    )
    if context.info_name == "preview":
        report = _send(session, file, options, lambda services, upload: services.sampler.preview(upload))
        if as_json:
            print_json(report)
        else:
            print_report(session, report)
        return
    frozen = _send(session, file, options, lambda services, upload: services.sampler.freeze(upload))
    if as_json:
        print_json(frozen)
    else:
        print_report(session, frozen.report)
        print_frame(session, frozen.frame)


_EXAMPLE = "Example: stickprov frame {} hushåll.csv --point AMF-2021-3 --period 2021-03 --identity Personnummer"

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


def _options(**fields: object) -> FrameOptions:
    if fields["delimiter"] in {"tab", "\\t"}:
        fields["delimiter"] = "\t"
    try:
        if isinstance(fields["extract_date"], str):
            fields["extract_date"] = date.fromisoformat(fields["extract_date"])
        return FrameOptions.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"{first['loc'][0]}: {first['msg']}.") from None
    except ValueError:
        raise BadInput(f"--extract-date: {fields['extract_date']!r} is no date; write it as 2021-01-31.") from None


def _send(
    session: Session, file: Path, options: FrameOptions, call: Callable[[Services, Upload], Awaitable[Result]]
) -> Result:
    if not file.is_file():
        raise BadInput(f"There is no file {file}.")

    async def send() -> Result:
        with sending(file, file.name) as progress:
            upload = upload_of(file, options, progress)
            async with signed_in(session) as services:
                return await call(services, upload)

    return asyncio.run(send())


async def _read(session: Session, frame_name: str | None) -> list[Frame]:
    async with signed_in(session) as services:
        if frame_name is None:
            return await services.sampler.frames()
        return [await services.sampler.frame(frame_name)]

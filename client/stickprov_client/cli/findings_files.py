"""`stickprov import-findings` and `export-findings`: many findings at once, from a file and into one."""

import asyncio
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer
from rich.markup import escape

from stickprov_client.api import Services
from stickprov_client.api.findings import ReviewKey
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stderr, stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.progress import working
from stickprov_client.cli.review_options import FileReview, Second, purpose_of
from stickprov_client.cli.session import Session, session_of
from stickprov_client.documents.findings_import import Wanted
from stickprov_client.documents.findings_table import findings_table
from stickprov_client.documents.table_file import read_table
from stickprov_client.documents.table_writing import as_csv, as_xlsx
from stickprov_client.importing import import_table
from stickprov_client.language.numbers import whole
from stickprov_contracts.http.findings import Purpose, Review
from stickprov_contracts.http.imports import ImportedFindings, MyFinding

_PAGE: Final = 500
_AT_ONCE: Final = 8

_Point = Annotated[str, typer.Option("--point", help="The control point.")]
_Draw = Annotated[UUID | None, typer.Option("--draw", help="Only cases of this draw.")]


def import_findings(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX: a row for a case or subunit, questions as columns.")],
    point: _Point,
    draw: _Draw = None,
    second: Second = False,
    file_review: FileReview = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row and count; store nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Record many findings from a file: all of them, or none.

    A row's case stands in one of three columns: order (its number in the draw), case_number (looked up in the vault,
    which records that) or case (64 hex digits, or at least the first 8). Beside it: month, stratum, draw where a number
    stands for several; subunit, outcome, reason, remark, categories, comment; every other column is a question's id.
    Recording the same file again changes nothing.
    """
    session = session_of(context)
    table = read_table(file)
    wanted = Wanted(point, draw, purpose_of(second, file_review))
    with working(session.say("Recording {count} rows").format(count=len(table.rows))):
        done = call(session, lambda services: import_table(services, table, wanted, dry_run=dry_run))
    if as_json:
        print_json(done)
    else:
        _print_done(session, done, dry_run=dry_run)


def export_findings(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="File to write; its name ends in .csv or .xlsx.")],
    point: _Point,
    draw: _Draw = None,
    second: Second = False,
    file_review: FileReview = False,
) -> None:
    """Write your findings into a file, with the columns that import-findings reads."""
    session = session_of(context)
    writing = {".csv": as_csv, ".xlsx": as_xlsx}.get(out.suffix.lower())
    if writing is None:
        raise BadInput("End the file's name in .csv or .xlsx.", "--out")
    purpose = purpose_of(second, file_review)
    with working(session.say("Reading your findings")):
        reviews, left_out = call(session, lambda services: _found(services, point, draw, purpose))
    content = writing(*findings_table(reviews))
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}.", "--out") from None
    line = session.say("{count} findings are in {file}.").format(count=whole(len(reviews), session.language), file=out)
    stdout().print(escape(line))
    if left_out:
        message = session.say("Left out, because their identity is protected: {count}.")
        stderr().print(escape(message.format(count=whole(left_out, session.language))))


def _print_done(session: Session, done: ImportedFindings, *, dry_run: bool) -> None:
    say = session.say
    counts = {
        say("Reviewed"): done.recorded,
        say("with a remark"): done.remarks,
        say("Over-coverage"): done.over_coverage,
        say("Non-response"): done.non_response,
        say("as they were"): done.unchanged,
    }
    shown = [f"{name} {whole(count, session.language)}" for name, count in counts.items()]
    stdout().print(f"[bold]{escape(' · '.join(shown))}[/]")
    if dry_run:
        stderr().print(escape(say("Nothing has been stored.")))


async def _found(services: Services, point: str, draw: UUID | None, purpose: Purpose) -> tuple[list[Review], int]:
    """Return every review that the caller ended last and that may stand in a file, in the queue's order.

    The number is of those that may not, as far as the caller may know.
    """
    mine: list[MyFinding] = []
    while True:
        page = await services.findings.my_findings(
            control_point=point, draw=draw, purpose=purpose, export=True, limit=_PAGE, offset=len(mine)
        )
        mine += page.items
        if not page.items or len(mine) >= page.total:
            break
    turns = asyncio.Semaphore(_AT_ONCE)

    async def read(one: MyFinding) -> Review:
        async with turns:
            return await services.findings.review(ReviewKey(one.draw, one.control_point, one.case, one.purpose))

    return list(await asyncio.gather(*(read(one) for one in mine))), page.left_out

"""`stickprov audit export` and `stickprov audit verify`: a period in one file, checked without a server."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from stickprov_client.bundle.choosing import Wanted
from stickprov_client.bundle.exporting import Made, NothingToBundle, Stage, export_bundle
from stickprov_client.bundle.verifying.archive import NoBundle
from stickprov_client.bundle.verifying.command import (
    HELD,
    NOTED,
    WRONG,
    report_json,
    report_lines,
)
from stickprov_client.bundle.verifying.logs import KeptCheckpoint
from stickprov_client.bundle.verifying.verification import FromElsewhere, verify_bundle
from stickprov_client.bundle.writing import Occupied
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import stderr, stdout
from stickprov_client.cli.failure import BadInput, CheckFailed
from stickprov_client.cli.options import AsJson, From, PeriodLabel, To, chosen_range
from stickprov_client.cli.progress import working
from stickprov_client.cli.session import Session, session_of
from stickprov_client.cli.trusted_keys import GivenKeys, given_keys, note_in
from stickprov_client.language.numbers import whole


def export(
    context: typer.Context,
    start: From = None,
    end: To = None,
    period: PeriodLabel = None,
    points: Annotated[
        list[str] | None, typer.Option("--point", help="Only this control point; repeat for several. Else every one.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The file; else stickprov-PERIOD.zip here.")] = None,
    entire: Annotated[
        bool, typer.Option("--whole", help="Every event of both logs, so that none can be left out unseen.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Take the place of a file of that name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a period's events, proofs, frames and figures into one file that can be checked without a server.

    The file holds pseudonyms, no identities. The program that checks it lies in it.
    """
    session = session_of(context)
    days = chosen_range(start, end, period)
    label = period or f"{days.start}/{days.end}"
    wanted = Wanted(days.start, days.end, label, points or (), entire)
    target = out or Path(f"stickprov-{label.replace('/', '--')}.zip")
    try:
        with _progress(session) as told:
            made = call(session, lambda services: export_bundle(services, wanted, target, force=force, told=told))
    except Occupied:
        raise BadInput(
            "There is a file of that name. Choose another name, or replace it with --force.", "--out"
        ) from None
    except NothingToBundle as error:
        raise BadInput(str(error)) from None
    except OSError as error:
        raise BadInput(f"{target} cannot be written ({error.strerror}).", "--out") from None
    if as_json:
        told_of = {"file": str(made.file), "sha256": made.digest, "period": made.period, "control_points": made.points}
        counts = {"events": made.events, "logs": made.sizes, "frames": made.frames}
        sys.stdout.write(json.dumps(told_of | counts, ensure_ascii=False, indent=2) + "\n")
    else:
        _print_made(session, made)


def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The bundle.")],
    keys: GivenKeys = None,
    checkpoints: Annotated[
        list[Path] | None, typer.Option("--checkpoint", help="A checkpoint that you kept and that must still hold.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a bundle: events, chain, tree, signatures, frames, draws and figures. No server is asked.

    The first thing that is wrong is named. What is not recomputed, or is believed on somebody's word, is named too.
    """
    session = session_of(context)
    kept = []
    for path in checkpoints or ():
        note, head = note_in(path)
        kept.append(KeptCheckpoint(str(path), head, note))
    try:
        with working(session.say("Checking the bundle …")):
            report = verify_bundle(file, FromElsewhere(given_keys(keys), kept))
    except NoBundle as refused:
        raise BadInput(refused.said.text(session.language)) from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}).") from None
    if as_json:
        sys.stdout.write(json.dumps(report_json(report), ensure_ascii=False, indent=2) + "\n")
    else:
        colours = {HELD: "[green]✓[/] ", WRONG: "[bold red]✗[/] ", NOTED: "· "}
        for mark, text in report_lines(report, session.language):
            stdout().print(f"{colours.get(mark, '')}{escape(text)}")
    if report.difference is not None:
        raise CheckFailed


def _print_made(session: Session, made: Made) -> None:
    language = session.language
    line = session.say("{file}: {events} events of {points} control points, {frames} frames")
    counts = {"events": whole(sum(made.events.values()), language), "frames": whole(made.frames, language)}
    stdout().print(escape(line.format(file=made.file, points=whole(len(made.points), language), **counts)))
    stdout().print(f"SHA-256 {made.digest}")
    stdout().print(escape(session.say("Check it with: stickprov audit verify {file}").format(file=made.file)))


@contextmanager
def _progress(session: Session) -> Iterator[Callable[[Stage], None]]:
    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        shown: dict[str, TaskID] = {}

        def told(stage: Stage) -> None:
            text = stage_in_words(session, stage)
            if text not in shown:
                shown[text] = bars.add_task(text, total=stage.of or None)
            bars.update(shown[text], completed=stage.done, total=stage.of or None)

        yield told


def stage_in_words(session: Session, stage: Stage) -> str:
    """Say what is being done."""
    say = session.say
    words = {
        "signing": say("Waiting for reporting to know what the sources know"),
        "counting": say("Asking for the figures"),
        "reading": say("Reading the log of {source}"),
        "leaves": say("Reading the leaves of {source}"),
        "frames": say("Reading the frames"),
        "writing": say("Writing the bundle"),
    }
    return words[stage.name].format(source=stage.source or "")

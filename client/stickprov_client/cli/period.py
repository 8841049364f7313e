"""`stickprov period`: close what has been counted."""

from typing import Annotated

import typer
from rich.markup import escape

from stickprov_client.api import Services
from stickprov_client.api.open_work import OpenWork, open_work_in
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stderr, stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of
from stickprov_client.language.numbers import whole
from stickprov_client.language.periods import range_of

period = typer.Typer(no_args_is_help=True, help="Periods of a plan.")


@period.callback()
def periods() -> None:
    """Periods of a plan."""


@period.command("close", epilog="Example: stickprov period close 2021-T1 --plan AMF-2021")
def close(
    context: typer.Context,
    label: Annotated[str, typer.Argument(metavar="PERIOD", help="2021, 2021-Q1, 2021-T1, 2021-03 or two dates.")],
    plan: Annotated[str, typer.Option("--plan", help="The plan whose points are closed in it.")],
    leave_undone: Annotated[
        bool, typer.Option("--leave-undone", help="Close it although cases in it are not reviewed or settled.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Close a period: nothing more is frozen, drawn, reviewed, corrected or settled in it. It cannot be opened.

    What is still open in it is told first, and then it is closed only with --leave-undone.
    """
    session = session_of(context)
    work = call(session, lambda services: _open_work(services, plan, label))
    if work is not None and not work.is_nothing:
        _print_open(session, work)
        if not leave_undone:
            raise BadInput("Nothing has been closed. Close it all the same with --leave-undone.")
    closed = call(session, lambda services: services.plans.close_period(plan, label))
    if as_json:
        print_json(closed)
        return
    line = session.say("Period {period} is closed for {count} control points of plan {plan}.")
    stdout().print(line.format(period=closed.period.label, count=len(closed.control_points), plan=plan))


async def _open_work(services: Services, plan: str, label: str) -> OpenWork | None:
    """Ask what is open in it; None where the label is no period, which the service says better."""
    try:
        days = range_of(label)
    except ValueError:
        return None
    points = {point.control_point for point in (await services.plans.plan(plan)).control_points}
    return await open_work_in(services, points, (days.start, days.end))


def _print_open(session: Session, work: OpenWork) -> None:
    say = session.say
    stderr().print(escape(say("Still open, and cannot be done afterwards:")))
    for told, count in (
        (say("Cases that are not reviewed"), work.reviews),
        (say("Second reviews"), work.second_reviews),
        (say("File reviews"), work.file_reviews),
        (say("Of these begun"), work.begun),
        (say("Disagreements that are not settled"), work.disagreements),
    ):
        if count:
            stderr().print(escape(f"  {told}: {whole(count, session.language)}"))

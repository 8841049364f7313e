"""`stickprov period`: close what has been counted."""

from typing import Annotated

import typer

from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import session_of

period = typer.Typer(no_args_is_help=True, help="Periods of a plan.")


@period.callback()
def periods() -> None:
    """Periods of a plan."""


@period.command("close", epilog="Example: stickprov period close 2021-T1 --plan AMF-2021")
def close(
    context: typer.Context,
    label: Annotated[str, typer.Argument(metavar="PERIOD", help="2021, 2021-Q1, 2021-T1, 2021-03 or two dates.")],
    plan: Annotated[str, typer.Option("--plan", help="The plan whose points are closed in it.")],
    as_json: AsJson = False,
) -> None:
    """Close a period: nothing more is frozen or drawn in it for the plan's control points. It cannot be opened."""
    session = session_of(context)
    closed = call(session, lambda services: services.plans.close_period(plan, label))
    if as_json:
        print_json(closed)
        return
    line = session.say("Period {period} is closed for {count} control points of plan {plan}.")
    stdout().print(line.format(period=closed.period.label, count=len(closed.control_points), plan=plan))

"""`stickprov plan report` and `plan status`: how the rows of a plan stand, tertial by tertial."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.option_values import checked
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import session_of
from stickprov_client.language.follow_ups import ROW_STATUSES, named
from stickprov_client.language.numbers import NOTHING
from stickprov_contracts.http.follow_ups import ReportPlanStatus


def report_status(
    context: typer.Context,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id.")],
    control_point: Annotated[str, typer.Argument(metavar="CONTROL_POINT", help="The row.")],
    period: Annotated[str, typer.Option("--period", help="What it is told for, such as 2022-T1.")],
    status: Annotated[str, typer.Option("--status", help="not-started, under-way, done, deviation or not-applicable.")],
    text: Annotated[str | None, typer.Option("--text", help="What there is to say.")] = None,
    as_json: AsJson = False,
) -> None:
    """Report how a row of a plan stands. A later report for the same period replaces the earlier one."""
    session = session_of(context)
    asked = checked(
        ReportPlanStatus,
        {"plan": plan, "control_point": control_point, "period": period, "status": status, "text": text},
    )
    kept = call(session, lambda services: services.follow_ups.report_plan_status(asked))
    if as_json:
        print_json(kept)
        return
    line = session.say("{point} is reported for {period}: {status}.")
    said = named(asked.status, session.language, ROW_STATUSES)
    stdout().print(line.format(point=control_point, period=period, status=said))


def show_status(
    context: typer.Context,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id.")],
    as_json: AsJson = False,
) -> None:
    """Show how the rows of a plan stand."""
    session = session_of(context)
    rows = call(session, lambda services: services.follow_ups.plan_statuses(plan))
    if as_json:
        print_json(rows)
        return
    say = session.say
    if not rows:
        stdout().print(say("Nothing has been reported yet."))
        return
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name in (say("Period"), say("Control point"), say("Status"), say("What there is to say")):
        table.add_column(name, overflow="fold")
    for row in rows:
        status = named(row.status, session.language, ROW_STATUSES)
        table.add_row(row.period.label, escape(row.control_point), status, escape(row.text or NOTHING))
    stdout().print(table)

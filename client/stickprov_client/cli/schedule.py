"""`stickprov schedule`: each month a frame of the month before and a draw from it, and what of that is missing."""

import asyncio
from datetime import date
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.option_values import checked, day, share
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.language.numbers import NOTHING, precise_percent, whole
from stickprov_client.language.schedules import reminder_text
from stickprov_contracts.http.schedules import DueSchedule, Schedule, SetSchedule

schedule = typer.Typer(no_args_is_help=True, help="Monthly frames and draws, and which are missing.")


@schedule.command("set", epilog="Example: stickprov schedule set AMF-2021-3 --first 2021-01 --rate 6%")
def set_schedule(
    context: typer.Context,
    control_point: Annotated[str, typer.Argument(metavar="CONTROL_POINT", help="Its id, such as AMF-2021-3.")],
    first: Annotated[str, typer.Option("--first", help="First month whose frame is due, such as 2021-01.")],
    last: Annotated[str | None, typer.Option("--last", help="Last one; else it goes on.")] = None,
    n: Annotated[int | None, typer.Option("--n", help="Cases of each month's draw.")] = None,
    rate: Annotated[str | None, typer.Option("--rate", help="Or their share of the frame: 6%.")] = None,
    as_json: AsJson = False,
) -> None:
    """Set a control point's schedule. Without --n and --rate a frame is due each month, and no draw."""
    session = session_of(context)
    asked = checked(SetSchedule, {"first": first, "last": last, "n": n, "rate": share("--rate", rate)})
    kept = asyncio.run(_set(session, control_point, asked))
    if as_json:
        print_json(kept)
    else:
        _print_schedules(session, [kept])


@schedule.command("show", epilog="Example: stickprov schedule show --on 2021-04-05")
def show_schedule(
    context: typer.Context,
    on: Annotated[str | None, typer.Option("--on", help="The day, YYYY-MM-DD; else today.")] = None,
    point: Annotated[str | None, typer.Option("--point", help="This control point only.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the schedules, and which frames and draws are missing on a day."""
    session = session_of(context)
    due = asyncio.run(_due(session, day("--on", on), point))
    if as_json:
        print_json(due)
        return
    _print_schedules(session, due.schedules)
    out = stdout()
    for reminder in due.reminders:
        out.print(escape(f"{reminder.control_point}: {reminder_text(reminder, session.language)}"))
    if due.schedules and not due.reminders:
        out.print(session.say("Nothing is missing."))


async def _set(session: Session, control_point: str, asked: SetSchedule) -> Schedule:
    async with signed_in(session) as services:
        return await services.sampler.set_schedule(control_point, asked)


async def _due(session: Session, on: date | None, point: str | None) -> DueSchedule:
    async with signed_in(session) as services:
        return await services.sampler.due_schedule(on, point)


def _print_schedules(session: Session, schedules: list[Schedule]) -> None:
    say = session.say
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name in (say("Control point"), say("First month"), say("Last month"), say("Cases a month")):
        table.add_column(name, overflow="fold")
    for one in schedules:
        share = None if one.rate is None else precise_percent(one.rate, session.language)
        wanted = share or whole(one.n, session.language)
        table.add_row(escape(one.control_point), one.first, one.last or NOTHING, wanted)
    stdout().print(table)

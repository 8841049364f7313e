"""`stickprov plan`: control points, from a YAML file and shown."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.facts import facts_table
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.plan_file import PlannedPoint, read_plan
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.language.numbers import NOTHING, percent
from stickprov_contracts.http.sampler import ControlPoint

plan = typer.Typer(no_args_is_help=True, help="Control points: what is controlled, by whom, with which categories.")


@plan.command("import", epilog="Example: stickprov plan import plan-2021.yaml")
def import_plan(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML file with the key control_points: a list.")],
    as_json: AsJson = False,
) -> None:
    """Define every control point of a plan file. Nothing is sent unless the whole file is right."""
    session = session_of(context)
    points = read_plan(file)
    defined = asyncio.run(_define(session, points))
    _print(session, defined, as_json=as_json)


@plan.command("show", epilog="Example: stickprov plan show AMF-2021-3")
def show_plan(
    context: typer.Context,
    control_point: Annotated[str | None, typer.Argument(help="Only this one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the control points, or one of them with its categories."""
    session = session_of(context)
    points = asyncio.run(_read(session, control_point))
    if control_point is None:
        _print(session, points, as_json=as_json)
    elif as_json:
        print_json(points[0])
    else:
        stdout().print(_card(session, points[0]))


async def _define(session: Session, points: list[PlannedPoint]) -> list[ControlPoint]:
    async with signed_in(session) as services:
        return [await services.sampler.define(point.control_point, point.definition) for point in points]


async def _read(session: Session, control_point: str | None) -> list[ControlPoint]:
    async with signed_in(session) as services:
        if control_point is None:
            return await services.sampler.control_points()
        return [await services.sampler.control_point(control_point)]


def _print(session: Session, points: list[ControlPoint], *, as_json: bool) -> None:
    if as_json:
        print_json(points)
        return
    say = session.say
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in (say("Id"), say("No."), say("Year"), say("Measure"), say("Area"), say("Version")):
        table.add_column(heading, overflow="fold")
    for point in points:
        row = (point.control_point, point.number, str(point.year), point.measure, point.area, str(point.version))
        table.add_row(*(escape(text) for text in row))
    stdout().print(table)


def _card(session: Session, point: ControlPoint) -> Table:
    say = session.say
    tolerance = NOTHING if point.tolerance is None else percent(point.tolerance, session.language)
    facts = [
        (say("Id"), point.control_point),
        (say("No."), point.number),
        (say("Year"), str(point.year)),
        (say("Board"), point.board),
        (say("Area"), point.area),
        (say("Measure"), point.measure),
        (say("One case is called"), point.unit_name),
        (say("Tolerance"), tolerance),
        (say("Version"), str(point.version)),
    ]
    for category in point.categories:
        text = category.sv if session.language == "sv" else category.en
        facts.append((say("Category"), f"{category.id}: {text}"))
    return facts_table(facts)

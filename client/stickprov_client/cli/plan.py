"""`stickprov plan`: plans as YAML files, as tables, and through the years."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from stickprov_client.api import ApiProblem, Services
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.file_warnings import print_warnings
from stickprov_client.cli.option_values import checked
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.plan_tables import (
    changes_table,
    history_table,
    lineage_table,
    plan_tables,
    plans_table,
    point_card,
)
from stickprov_client.cli.session import Session, session_of
from stickprov_client.documents.plan_file import PlanFile, as_yaml, content_of, read_plan
from stickprov_contracts.http.plans import AdoptedPlan, CarryOver, Lineage, Plan, PlanHistoryEntry
from stickprov_contracts.http.sampler import ControlPoint

plan = typer.Typer(no_args_is_help=True, help="Control plans: risks and control points, from year to year.")

_PlanOption = Annotated[str, typer.Option("--plan", help="The later plan, which has been imported.")]


@plan.command("import", epilog="Example: stickprov plan import plan-2022.yaml --dry-run")
def import_plan(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML file with plan, board, year, risks and control_points.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: AsJson = False,
) -> None:
    """Adopt a plan file, all of it or nothing. The same file again changes nothing."""
    session = session_of(context)
    read = read_plan(file)
    try:
        adopted = call(session, lambda services: _adopt(services, read, dry_run=dry_run))
    except ApiProblem as error:
        if error.problem.errors:
            raise read.document.refused(error.problem.errors) from None
        raise
    noted = [*read.warnings, *(read.document.warning(warning) for warning in adopted.warnings)]
    print_warnings(session, read.document.name, noted)
    if as_json:
        print_json(adopted)
    else:
        _tell(session, adopted, dry_run=dry_run)


@plan.command("export", epilog="Example: stickprov plan export AFN-2022 --to plan-2022.yaml")
def export_plan(
    context: typer.Context,
    plan_id: Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id.")],
    to: Annotated[Path | None, typer.Option("--to", help="File to write; printed when left out.")] = None,
) -> None:
    """Write a plan as YAML. Importing it again changes nothing; comments of the first file are not kept."""
    session = session_of(context)
    text = as_yaml(plan_id, content_of(call(session, lambda services: services.plans.plan(plan_id))))
    if to is None:
        typer.echo(text, nl=False)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{to} cannot be written: {error.strerror}.", "--to") from None


@plan.command("show", epilog="Example: stickprov plan show AFN-2022")
def show_plan(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="A plan or a control point.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show all plans, or one plan by score, or one control point with its lineage."""
    session = session_of(context)
    if name is None:
        plans = call(session, lambda services: services.plans.plans())
        if as_json:
            print_json(plans)
        else:
            stdout().print(plans_table(session, plans))
        return
    found, lineage = call(session, lambda services: _find(services, name))
    if as_json:
        print_json(found)
    elif isinstance(found, Plan):
        for part in plan_tables(session, found):
            stdout().print(part)
    else:
        stdout().print(point_card(session, found))
        if lineage is not None and (lineage.earlier or lineage.later):
            stdout().print(lineage_table(session, lineage))


@plan.command("lineage", epilog="Example: stickprov plan lineage AN-2018-1")
def show_lineage(
    context: typer.Context,
    point: Annotated[str, typer.Argument(help="A control point.")],
    as_json: AsJson = False,
) -> None:
    """Follow a control point back to where it comes from, and on to what became of it."""
    session = session_of(context)
    lineage = call(session, lambda services: services.plans.lineage(point))
    if as_json:
        print_json(lineage)
    else:
        stdout().print(lineage_table(session, lineage))


@plan.command("history", epilog="Example: stickprov plan history AFN-2022")
def show_history(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="A plan or a control point.")],
    as_json: AsJson = False,
) -> None:
    """Show what was changed, when and by whom."""
    session = session_of(context)
    entries = call(session, lambda services: _history(services, name))
    if as_json:
        print_json(entries)
    else:
        stdout().print(history_table(session, entries))


@plan.command(
    "carry-over",
    epilog="Example: stickprov plan carry-over AN-2017-1 --plan AN-2018 --how kept --to AN-2018-1",
)
def carry_over(
    context: typer.Context,
    point: Annotated[str, typer.Argument(help="The earlier year's control point.")],
    into: _PlanOption,
    how: Annotated[Literal["kept", "reformulated", "retired"], typer.Option("--how", help="What becomes of it.")],
    to: Annotated[str | None, typer.Option("--to", help="Id of the later point; not for a retired one.")] = None,
    number: Annotated[str | None, typer.Option("--number", help="Its number there; else the same.")] = None,
    measure: Annotated[str | None, typer.Option("--measure", help="The new wording of a reformulated point.")] = None,
    why: Annotated[str | None, typer.Option("--why", help="The reason; it can be erased later.")] = None,
    as_json: AsJson = False,
) -> None:
    """Carry a control point over into a later plan, or retire it there."""
    session = session_of(context)
    fields = {"plan": into, "how": how, "to": to, "number": number, "measure": measure, "why": why}
    request = checked(CarryOver, fields)
    adopted = call(session, lambda services: services.plans.carry_over(point, request))
    if as_json:
        print_json(adopted)
    else:
        _tell(session, adopted, dry_run=False)


def _tell(session: Session, adopted: AdoptedPlan, *, dry_run: bool) -> None:
    if not adopted.changes:
        stdout().print(session.say("Nothing changes: plan {plan} is like this already.").format(plan=adopted.plan))
        return
    stdout().print(changes_table(session, adopted))
    if dry_run:
        stdout().print(session.say("Nothing has been stored."))


async def _adopt(services: Services, read: PlanFile, *, dry_run: bool) -> AdoptedPlan:
    if dry_run:
        return await services.plans.preview(read.plan, read.content)
    return await services.plans.adopt(read.plan, read.content)


async def _find(services: Services, name: str) -> tuple[Plan | ControlPoint, Lineage | None]:
    try:
        return await services.plans.plan(name), None
    except ApiProblem as error:
        if error.problem.code != "plan-unknown":
            raise
    return await services.sampler.control_point(name), await _lineage(services, name)


async def _lineage(services: Services, point: str) -> Lineage | None:
    """Return the lineage; None for callers who may see the point and no more."""
    try:
        return await services.plans.lineage(point)
    except ApiProblem:
        return None


async def _history(services: Services, name: str) -> list[PlanHistoryEntry]:
    try:
        return await services.plans.plan_history(name)
    except ApiProblem as error:
        if error.problem.code != "plan-unknown":
            raise
    return await services.plans.point_history(name)

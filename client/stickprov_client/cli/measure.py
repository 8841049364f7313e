"""`stickprov measure`: a rule counted over every unit of a frozen frame."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from uuid import UUID

import typer

from stickprov_client.api import Services
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.facts import facts_table
from stickprov_client.cli.failure import BadInput, CheckFailed
from stickprov_client.cli.measure_tables import print_measure, print_measures
from stickprov_client.cli.option_values import checked, share
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_contracts.events.measures import Goal
from stickprov_contracts.http.measures import MakeMeasure

measure = typer.Typer(no_args_is_help=True, help="Rules that count every unit of a frozen frame; nobody reviews.")

Result = TypeVar("Result")


@measure.command(
    "make",
    epilog="Example: stickprov measure make \"Planer 2014\" --title 'Äldre än ett år' --kind share "
    "--rule \"Plan < date('2013-06-30')\"",
)
def make_measure(
    context: typer.Context,
    frame: Annotated[str, typer.Argument(metavar="FRAME", help="Name or id of a frozen frame.")],
    title: Annotated[str, typer.Option("--title", help="What is counted, in words.")],
    rule: Annotated[str | None, typer.Option("--rule", help="Which units count, as a filter over the columns.")] = None,
    among: Annotated[str | None, typer.Option("--among", help="Which units are looked at at all.")] = None,
    kind: Annotated[str, typer.Option("--kind", help="count, share or sum.")] = "count",
    sum_column: Annotated[str | None, typer.Option("--sum", help="Column whose values are added, for a sum.")] = None,
    category: Annotated[str | None, typer.Option("--category", help="Column that tells what counts apart.")] = None,
    goal: Annotated[str | None, typer.Option("--goal", help="What the share should be at least: 50%.")] = None,
    at_most: Annotated[bool, typer.Option("--at-most", help="The goal is what the share should be at most.")] = False,
    point: Annotated[list[str] | None, typer.Option("--point", help="Control point it serves; repeatable.")] = None,
    as_json: AsJson = False,
) -> None:
    """Count a rule over a frozen frame, once and for all. It can be counted again with: stickprov measure verify."""
    session = session_of(context)
    wanted = share("--goal", goal)
    asked = checked(
        MakeMeasure,
        {
            "frame": frame,
            "title": title,
            "kind": kind,
            "rule": rule,
            "among": among,
            "sum_column": sum_column,
            "category_column": category,
            "goal": None if wanted is None else Goal(share=wanted, direction="at-most" if at_most else "at-least"),
            "control_points": point or [],
        },
        {"frame": "FRAME", "sum_column": "--sum", "category_column": "--category", "control_points": "--point"},
    )
    made = _call(session, lambda services: services.sampler.measure(asked))
    if as_json:
        print_json(made)
    else:
        print_measure(made, session.language)


@measure.command("show", epilog="Example: stickprov measure show 0198c0de-0000-7000-8000-000000000001")
def show_measure(
    context: typer.Context,
    measure_id: Annotated[str | None, typer.Argument(metavar="MEASURE", help="Its id; else all are listed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a register measure, or list them all."""
    session = session_of(context)
    if measure_id is None:
        measures = _call(session, lambda services: services.sampler.measures())
        if as_json:
            print_json(measures)
        else:
            print_measures(measures, session.language)
        return
    wanted = _id(measure_id)
    found = _call(session, lambda services: services.sampler.shown_measure(wanted))
    if as_json:
        print_json(found)
    else:
        print_measure(found, session.language)


@measure.command("verify", epilog="Example: stickprov measure verify 0198c0de-0000-7000-8000-000000000001")
def verify_measure(
    context: typer.Context,
    measure_id: Annotated[str, typer.Argument(metavar="MEASURE", help="Its id.")],
    as_json: AsJson = False,
) -> None:
    """Count a measure again from the frame file and say whether the log is right. Exit code 1 when it is not."""
    session = session_of(context)
    wanted = _id(measure_id)
    found = _call(session, lambda services: services.sampler.verify_measure(wanted))
    if as_json:
        print_json(found)
    else:
        say = session.say
        verdict = say("Verified") if found.verdict == "verified" else say("Different")
        facts = [
            (say("Verdict"), verdict),
            *([(say("First difference"), found.first_difference)] if found.first_difference else []),
        ]
        stdout().print(facts_table(facts))
    if found.verdict != "verified":
        raise CheckFailed


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(f"“{text}” is no measure's id. List them with: stickprov measure show") from None


def _call(session: Session, call: Callable[[Services], Awaitable[Result]]) -> Result:
    async def signed() -> Result:
        async with signed_in(session) as services:
            return await call(services)

    return asyncio.run(signed())

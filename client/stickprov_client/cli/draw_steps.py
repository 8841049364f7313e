"""`stickprov draw extend | replace | protect | reveal | sql`: what comes after a draw."""

import re
import sys
from typing import Annotated, Final

import typer
from rich.markup import escape

from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.draw import DrawId, draw
from stickprov_client.cli.draw_options import extension_parts
from stickprov_client.cli.draw_tables import print_draw
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.option_values import checked
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import session_of
from stickprov_contracts.http.draws import ExtendDraw, GivenReason, ReplaceCase
from stickprov_contracts.http.protections import SetProtection

__all__ = ["draw"]

_CASE: Final = re.compile(r"[0-9a-f]{6,64}")


@draw.command("extend", epilog="Example: stickprov draw extend 0198c0de-0000-7000-8000-000000000001 --n 34")
def extend_draw(
    context: typer.Context,
    draw_id: DrawId,
    n: Annotated[int | None, typer.Option("--n", help="How many more, for a draw that is not stratified.")] = None,
    per_stratum: Annotated[int | None, typer.Option("--per-stratum", help="How many more from every stratum.")] = None,
    allocate: Annotated[
        list[str] | None, typer.Option("--allocate", help="STRATUM=N: how many more from some. Repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw the next tickets too: the sample so far is the start of the larger one."""
    session = session_of(context)
    fields = {"n": n, "per_stratum": per_stratum, "allocation": extension_parts(allocate)}
    request = checked(ExtendDraw, fields, {"allocation": "--allocate"})
    extended = call(session, lambda services: services.sampler.extend_draw(draw_id, request))
    if as_json:
        print_json(extended)
    else:
        print_draw(session, extended)


@draw.command(
    "replace", epilog="Example: stickprov draw replace 0198c0de-0000-7000-8000-000000000001 3fa9c1 --reason closed"
)
def replace_case(
    context: typer.Context,
    draw_id: DrawId,
    case: Annotated[str, typer.Argument(help="The case's pseudonym, or its first six digits or more.")],
    reason: Annotated[GivenReason, typer.Option("--reason", help="Why the case is out.")],
    note: Annotated[str | None, typer.Option("--note", help="More about why; it can be erased later.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take a case out; the next ticket of its stratum comes instead."""
    session = session_of(context)
    if not _CASE.fullmatch(case):
        raise BadInput(f"“{case}” is no pseudonym; give at least six of its digits 0-9 and a-f.", "CASE")
    request = checked(ReplaceCase, {"case": case, "reason": reason, "note": note})
    answer = call(session, lambda services: services.sampler.replace_case(draw_id, request))
    if as_json:
        print_json(answer)
    else:
        say = session.say
        stdout().print(f"{escape(say('Out'))}: {answer.case}\n{escape(say('Instead'))}: {answer.replacement}")


@draw.command(
    "protect", epilog="Example: stickprov draw protect 0198c0de-0000-7000-8000-000000000001 3fa9…, all 64 digits"
)
def protect_case(
    context: typer.Context,
    draw_id: DrawId,
    case: Annotated[str, typer.Argument(help="The case's pseudonym, all 64 digits.")],
    lift: Annotated[bool, typer.Option("--lift", help="The identity is not protected any more.")] = False,
) -> None:
    """Keep a drawn case for those who are cleared for protected identities; only they can say so. The log does not."""
    session = session_of(context)
    fields = {"draw": draw_id, "case": case, "protected": not lift}
    request = checked(SetProtection, fields, {"case": "CASE"})
    call(session, lambda services: services.sampler.set_protection(request))
    say = session.say
    told = say("The identity is not protected any more.") if lift else say("The identity is protected from now on.")
    stdout().print(escape(told))


@draw.command("reveal", epilog="Example: stickprov draw reveal 0198c0de-0000-7000-8000-000000000001")
def reveal_seed(context: typer.Context, draw_id: DrawId, as_json: AsJson = False) -> None:
    """Show the secret seed of a draw, and of every draw of its series that it served, to everybody."""
    session = session_of(context)
    revealed = call(session, lambda services: services.sampler.reveal_seed(draw_id))
    if as_json:
        print_json(revealed)
    else:
        stdout().print(f"{escape(session.say('Seed'))}: {revealed.seed}")


@draw.command("sql", epilog="Example: stickprov draw sql 0198c0de-0000-7000-8000-000000000001 | duckdb")
def draw_sql(context: typer.Context, draw_id: DrawId, as_json: AsJson = False) -> None:
    """Print the SQL that repeats a draw in DuckDB, beside the frame file."""
    answer = call(session_of(context), lambda services: services.sampler.draw_sql(draw_id))
    if as_json:
        print_json(answer)
    else:
        sys.stdout.write(answer.sql.rstrip() + ";\n")

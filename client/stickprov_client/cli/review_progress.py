"""`stickprov progress`: how far the reviewing has come."""

from typing import Annotated, Literal
from uuid import UUID

import typer

from stickprov_client.api import Services
from stickprov_client.cli.assign_tables import progress_table
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.review_options import FileReview, Second, purpose_of
from stickprov_client.cli.session import session_of
from stickprov_client.language.assigning import names_of
from stickprov_contracts.http.findings import Progress
from stickprov_contracts.http.plans import Person

By = Literal["point", "unit", "reviewer", "period"]


def progress(
    context: typer.Context,
    by: Annotated[By, typer.Option("--by", help="What the rows are.")] = "point",
    point: Annotated[str | None, typer.Option("--point", help="Only this control point.")] = None,
    draw: Annotated[UUID | None, typer.Option("--draw", help="Only this draw.")] = None,
    period: Annotated[str | None, typer.Option("--period", help="Only this period, such as 2021-Q1.")] = None,
    overdue_days: Annotated[
        int, typer.Option("--overdue-days", min=0, help="Days after its period when a case that waits is overdue.")
    ] = 0,
    second: Second = False,
    file_review: FileReview = False,
    as_json: AsJson = False,
) -> None:
    """Show how many cases wait, are reviewed and could not be, by control point, unit, reviewer or period."""
    session = session_of(context)
    purpose = purpose_of(second, file_review)

    async def read(services: Services) -> tuple[Progress, list[Person]]:
        found = await services.findings.progress(
            control_point=point, draw=draw, period=period, purpose=purpose, overdue_days=overdue_days
        )
        return found, await services.plans.staff() if by == "reviewer" else []

    found, people = call(session, read)
    if as_json:
        print_json(found)
        return
    say = session.say
    kinds = {
        "point": (say("Control point"), found.control_points),
        "unit": (say("Unit"), found.units),
        "reviewer": (say("Reviewer"), found.reviewers),
        "period": (say("Period"), found.periods),
    }
    kind, rows = kinds[by]
    whole = found.total.model_copy(update={"name": say("All of them")})
    stdout().print(progress_table(session, kind, [*rows, whole] if len(rows) > 1 else rows, names_of(people)))

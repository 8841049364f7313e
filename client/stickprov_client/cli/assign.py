"""`stickprov assign`: who reviews what."""

import asyncio
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape

from stickprov_client.api import Services
from stickprov_client.cli.assign_tables import assigned_tables, notices_told, print_list
from stickprov_client.cli.calling import call
from stickprov_client.cli.case_list import case_list, case_numbers_of
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.named_review import named_review
from stickprov_client.cli.option_values import checked
from stickprov_client.cli.option_values import share as share_typed
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.people import pseudonym_typed
from stickprov_client.cli.review_options import (
    FileReview,
    ReviewAddress,
    Second,
    purpose_of,
)
from stickprov_client.cli.review_tables import print_recorded
from stickprov_client.cli.session import session_of
from stickprov_client.language.assigning import PROTECTED_TAKES_BOTH, anybody_cleared, names_of, whose_case
from stickprov_contracts.http.findings import AssignCases, Assigned, QueueItem, Reassign, Recorded
from stickprov_contracts.http.notices import NoticesSent, SendNotices
from stickprov_contracts.http.plans import Person
from stickprov_contracts.http.sampler import ControlPoint

assign = typer.Typer(no_args_is_help=True, help="Who reviews what: by rule, evenly, or moved by hand.")

_DRAW = "0198c0de-0000-7000-8000-000000000001"
_PAGE = 1000

Draw = Annotated[UUID, typer.Option("--draw", help="Id of the draw.")]
Point = Annotated[str, typer.Option("--point", help="Control point that its cases serve.")]


@assign.command("make", epilog=f"Example: stickprov assign make --draw {_DRAW} --point AMF-2021-3 --dry-run")
def make(
    context: typer.Context,
    draw: Draw,
    point: Point,
    second: Second = False,
    file_review: FileReview = False,
    rule: Annotated[
        str | None, typer.Option("--rule", help="handler, colleague, group or round_robin; else the control point's.")
    ] = None,
    group: Annotated[str | None, typer.Option("--group", help="Group of the staff list, for that rule.")] = None,
    share: Annotated[
        str | None, typer.Option("--share", help="Of the reviewed cases, for --second: 10% or 0.1.")
    ] = None,
    capacity: Annotated[
        int | None, typer.Option("--capacity", help="The most cases that anybody is to have waiting in all.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say who would be given how much.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give the cases that wait for a reviewer to one. Whoever has a case keeps it."""
    session = session_of(context)
    asked = checked(
        AssignCases,
        {
            "draw": draw,
            "control_point": point,
            "purpose": purpose_of(second, file_review),
            "rule": rule,
            "group": group,
            "share": share_typed("--share", share),
            "capacity": capacity,
            "dry_run": dry_run,
        },
    )
    done, people = call(session, lambda services: _assign(services, asked))
    if as_json:
        print_json(done)
        return
    for part in assigned_tables(session, done, names_of(people), dry_run=dry_run):
        stdout().print(part)
    if anybody_cleared(people):
        stdout().print(escape(session.say(PROTECTED_TAKES_BOTH)))
    if dry_run:
        stdout().print(escape(session.say("Nothing has been stored.")))


@assign.command("show", epilog="Example: stickprov assign show --point AMF-2021-3 --csv > att-granska.csv")
def show(
    context: typer.Context,
    draw: Annotated[UUID | None, typer.Option("--draw", help="Only this draw.")] = None,
    point: Annotated[str | None, typer.Option("--point", help="Only this control point.")] = None,
    reviewer: Annotated[str | None, typer.Option("--reviewer", help="Only theirs: name or pseudonym.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Only cases of this unit.")] = None,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what nobody has begun.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, to print, or to fill in and import.")] = False,
    case_numbers: Annotated[
        bool, typer.Option("--case-numbers", help="With --csv: case numbers too; each is recorded as read.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List drawn cases by reviewer."""
    session = session_of(context)

    async def read(services: Services) -> tuple[list[QueueItem], list[Person], list[ControlPoint], list[str] | None]:
        people, points = await asyncio.gather(services.plans.staff(), services.sampler.control_points())
        whose = None if reviewer is None else pseudonym_typed("--reviewer", reviewer, people)
        items = await _cases(services, draw=draw, point=point, unit=unit, whose=whose, waiting=waiting)
        numbers = await case_numbers_of(services, items) if csv and case_numbers else None
        return items, people, points, numbers

    items, people, points, numbers = call(session, read)
    if as_json:
        print_json(items)
        return
    names = names_of(people)
    rules = {one.control_point: one.reviewer_rule for one in points}
    items = [item.model_copy(update={"reviewer": whose_case(item, rules.get(item.control_point))}) for item in items]
    order = sorted(range(len(items)), key=lambda at: _by_reviewer(items[at], names))
    items = [items[at] for at in order]
    if csv:
        numbers = None if numbers is None else [numbers[at] for at in order]
        typer.echo(case_list(session, items, names, numbers), nl=False)
    else:
        print_list(session, items, names)


@assign.command("move", epilog="Example: stickprov assign move AMF-2021-3/3fa9c2d1 --to p0123… --reason sjukdom")
def move(
    context: typer.Context,
    review: ReviewAddress,
    to: Annotated[str, typer.Option("--to", help="Who is to have it: name, sign-in name or pseudonym.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it can be erased later.")],
    second: Second = False,
    file_review: FileReview = False,
    as_json: AsJson = False,
) -> None:
    """Give one case to another reviewer."""
    session = session_of(context)
    key = named_review(session, review, purpose_of(second, file_review))

    async def send(services: Services) -> Recorded:
        reviewer = pseudonym_typed("--to", to, await services.plans.staff())
        asked = checked(Reassign, {"reviewer": reviewer, "reason": reason})
        return await services.findings.reassign(key, asked)

    print_recorded(session, call(session, send), as_json=as_json)


@assign.command("notify", epilog=f"Example: stickprov assign notify --draw {_DRAW} --point AMF-2021-3")
def notify(
    context: typer.Context,
    draw: Draw,
    point: Point,
    second: Second = False,
    file_review: FileReview = False,
    as_json: AsJson = False,
) -> None:
    """Tell each reviewer by e-mail how many of a draw's cases wait for them. Nothing is said of the cases."""
    session = session_of(context)
    purpose = purpose_of(second, file_review)

    async def send(services: Services) -> tuple[NoticesSent | None, list[Person]]:
        found = await services.findings.progress(control_point=point, draw=draw, purpose=purpose)
        waiting = [{"reviewer": row.name, "cases": row.waiting} for row in found.reviewers if row.name and row.waiting]
        if not waiting:
            return None, []
        asked = {"control_point": point, "purpose": purpose, "notices": waiting}
        sent = await services.plans.send_notices(SendNotices.model_validate(asked))
        return sent, await services.plans.staff()

    sent, people = call(session, send)
    if sent is None:
        stdout().print(escape(session.say("No case waits for anybody.")))
    elif as_json:
        print_json(sent)
    else:
        for line in notices_told(session, sent, names_of(people)):
            stdout().print(escape(line))


def _by_reviewer(item: QueueItem, names: Mapping[str, str]) -> tuple[bool, str]:
    return not item.reviewer, names.get(item.reviewer or "", item.reviewer or "")


async def _assign(services: Services, asked: AssignCases) -> tuple[Assigned, list[Person]]:
    return await services.findings.assign(asked), await services.plans.staff()


async def _cases(
    services: Services, *, draw: UUID | None, point: str | None, unit: str | None, whose: str | None, waiting: bool
) -> list[QueueItem]:
    items: list[QueueItem] = []
    while True:
        page = await services.findings.queue(
            control_point=point,
            draw=draw,
            unit=unit,
            reviewer=whose,
            status="waiting" if waiting else None,
            limit=_PAGE,
            offset=len(items),
        )
        items += page.items
        if len(page.items) < _PAGE:
            return items

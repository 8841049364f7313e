"""`stickprov audit trail`: who did what, when."""

import asyncio
import sys
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final, Literal
from uuid import UUID

import typer
from rich.markup import escape

from stickprov_client.api import ApiProblem, Services
from stickprov_client.api.named_case import NamedCase, UnclearCase, case_meant
from stickprov_client.api.reporting import TrailFilter
from stickprov_client.cli.columns import print_columns
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.option_values import day
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.people import pseudonym_typed
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.cli.trusted_keys import Replace, must_be_free
from stickprov_client.language.moments import moment
from stickprov_client.language.numbers import whole
from stickprov_client.language.trail import TYPE_NAMES, told_event, who
from stickprov_contracts.http.audit import Trail
from stickprov_contracts.http.plans import Person
from stickprov_contracts.topics import Source

_PAGE: Final = 500
_ANYBODYS: Final = {"me", "system"}

_Point = Annotated[str | None, typer.Option("--point", help="Events about this control point.")]
_Draw = Annotated[str | None, typer.Option("--draw", help="Events of this draw and its cases, by its id.")]
_Case = Annotated[
    str | None,
    typer.Option("--case", help="POINT/PERIOD/NUMBER in the draw, POINT/CASE or CASE, eight digits or more."),
]
_Plan = Annotated[str | None, typer.Option("--plan", help="Events that name this plan.")]
_Period = Annotated[
    str | None, typer.Option("--period", help="What it is about lies within 2021, 2021-Q1, 2021-T1 or 2021-03.")
]
_Actor = Annotated[
    str | None, typer.Option("--actor", help="Whose: a pseudonym, a name or sign-in name on the staff list, or me.")
]
_Type = Annotated[
    list[str] | None, typer.Option("--type", help="Only such events, for instance finding-corrected; repeatable.")
]
_Source = Annotated[Source | None, typer.Option("--source", help="Only of this log.")]
_Since = Annotated[str | None, typer.Option("--since", help="First day on which it happened, YYYY-MM-DD.")]
_Until = Annotated[str | None, typer.Option("--until", help="Last day on which it happened, YYYY-MM-DD.")]
_Format = Annotated[
    Literal["table", "csv", "jsonl"], typer.Option("--format", help="csv and jsonl: every event, as a file.")
]
_Out = Annotated[Path | None, typer.Option("--out", help="File to write csv or jsonl to.")]
_Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many events a table has at most.")]
_Newest = Annotated[bool, typer.Option("--newest", help="The newest first.")]


def trail(
    context: typer.Context,
    point: _Point = None,
    draw: _Draw = None,
    case: _Case = None,
    plan: _Plan = None,
    period: _Period = None,
    actor: _Actor = None,
    types: _Type = None,
    source: _Source = None,
    since: _Since = None,
    until: _Until = None,
    form: _Format = "table",
    out: _Out = None,
    limit: _Limit = 100,
    newest: _Newest = False,
    force: Replace = False,
    as_json: AsJson = False,
) -> None:
    """Show what happened to a case, a draw, a control point, a plan or a period, or what somebody did.

    What is asked for with several options must all hold. Every event has its place in its log: stickprov audit proof
    proves that it stands there.
    """
    session = session_of(context)
    if out is not None and form == "table":
        raise BadInput("--out goes with --format csv or jsonl.", "--out")
    must_be_free(out, force=force, option="--out")
    first, last = day("--since", since), day("--until", until)
    if first is not None and last is not None and last < first:
        raise BadInput("The last day is before the first.", "--until")
    asked = TrailFilter(
        control_point=point,
        draw=_draw(draw),
        plan=plan,
        actor=actor,
        types=_types(types or []),
        source=source,
        start=first,
        end=last + timedelta(days=1) if last else None,
        period=period,
    )
    wanted = _Wanted(session, asked, case, limit, newest=newest)
    if form != "table":
        asyncio.run(wanted.write(form, out))
        return
    found, people = asyncio.run(wanted.read())
    print_json(found) if as_json else print_trail(found, people, session)


def print_trail(found: Trail, people: list[Person], session: Session) -> None:
    """Print a line for each event, and how many there are beside them."""
    say, language = session.say, session.language
    if not found.entries:
        stdout().print(escape(say("Nothing of the kind has happened.")))
        return
    headings = [say("When"), say("Who"), say("What"), say("Place in the log")]
    rows = [
        [
            moment(entry.time, language),
            who(entry.actor, language, people),
            told_event(entry, language, people),
            f"{entry.source} {entry.position}",
        ]
        for entry in found.entries
    ]
    print_columns(headings, rows)
    if found.more or found.total > len(found.entries):
        line = say("{count} of {total} events; --limit shows more, --format csv has all of them.")
        total = f"{whole(found.total, language)}{'+' if found.more else ''}"
        stdout().print(escape(line.format(count=whole(len(found.entries), language), total=total)))


class _Wanted:
    """What of the trail is asked for."""

    def __init__(self, session: Session, asked: TrailFilter, case: str | None, limit: int, *, newest: bool) -> None:
        self._session = session
        self._asked = asked
        self._case = case
        self._limit = limit
        self._newest = newest

    async def read(self) -> tuple[Trail, list[Person]]:
        """Return as many events as are to be shown, with the staff list where the caller may read it."""
        async with signed_in(self._session) as services:
            people = await staff_list(services)
            asked = await self._settled(services, people)
            found = await services.reporting.trail(asked, limit=min(self._limit, _PAGE), newest=self._newest)
            if not found.entries:
                await self._see_that_it_is(services)
            entries, following = list(found.entries), found.next
            while following is not None and len(entries) < self._limit:
                left = min(self._limit - len(entries), _PAGE)
                page = await services.reporting.trail(asked, after=following, limit=left, newest=self._newest)
                entries, following = [*entries, *page.entries], page.next
            return found.model_copy(update={"entries": entries, "next": following}), people

    async def write(self, form: Literal["csv", "jsonl"], out: Path | None) -> None:
        """Write every event to a file, or to where answers go."""
        async with signed_in(self._session) as services:
            asked = await self._settled(services, await staff_list(services))
            await self._see_that_it_is(services)
            async with services.reporting.trail_file(asked, form) as response:
                if out is None:
                    async for piece in response.aiter_bytes():
                        sys.stdout.buffer.write(piece)
                    sys.stdout.buffer.flush()
                    return
                try:
                    with out.open("wb") as file:
                        async for piece in response.aiter_bytes():
                            file.write(piece)
                except OSError as error:
                    raise BadInput(f"{out} cannot be written: {error.strerror}.", "--out") from None
        stdout().print(escape(self._session.say("The trail is in {file}.").format(file=out)))

    async def _settled(self, services: Services, people: list[Person]) -> TrailFilter:
        """Return the filter with the case and the person that were meant."""
        named = await self._named(services)
        asked = self._asked
        return TrailFilter(
            control_point=named.control_point or asked.control_point,
            draw=named.draw or asked.draw,
            case=named.case,
            plan=asked.plan,
            actor=_actor(asked.actor, people),
            types=asked.types,
            source=asked.source,
            start=asked.start,
            end=asked.end,
            period=asked.period,
        )

    async def _named(self, services: Services) -> NamedCase:
        if self._case is None:
            return NamedCase()
        try:
            return await case_meant(services, self._case)
        except UnclearCase as error:
            raise BadInput(str(error), "--case") from None

    async def _see_that_it_is(self, services: Services) -> None:
        """Refuse a control point or a plan that no event is about: it is misspelt."""
        point, plan = self._asked.control_point, self._asked.plan
        if point is not None and not await _anything(services, TrailFilter(control_point=point)):
            raise BadInput(f"There is no control point {point}.", "--point")
        if plan is not None and not await _anything(services, TrailFilter(plan=plan)):
            raise BadInput(f"There is no plan {plan}.", "--plan")


async def _anything(services: Services, asked: TrailFilter) -> bool:
    return bool((await services.reporting.trail(asked, limit=1)).entries)


async def staff_list(services: Services) -> list[Person]:
    """Return the staff list; nobody where the caller may not read it."""
    try:
        return await services.plans.staff()
    except ApiProblem as error:
        if error.problem.status == HTTPStatus.FORBIDDEN:
            return []
        raise


def _actor(text: str | None, people: list[Person]) -> str | None:
    if text is None or text in _ANYBODYS or not people:
        return text
    known = {person.pseudonym for person in people}
    return text if text in known or _is_pseudonym(text) else pseudonym_typed("--actor", text, people)


def _is_pseudonym(text: str) -> bool:
    return text[:1] == "p" and len(text) == 25 and all(sign in "0123456789abcdef" for sign in text[1:])  # noqa: PLR2004


def _types(wanted: list[str]) -> list[str]:
    unknown = next((type_ for type_ in wanted if type_ not in TYPE_NAMES), None)
    if unknown is not None:
        raise BadInput(f"There is no event of type {unknown}; there are {', '.join(sorted(TYPE_NAMES))}.", "--type")
    return wanted


def _draw(text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise BadInput(f"“{text}” is no draw's id. List them with: stickprov draw show", "--draw") from None

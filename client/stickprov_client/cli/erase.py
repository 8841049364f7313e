"""`stickprov erase`: what is due, what holds it, erasing it, and what was erased."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape

from stickprov_client.api import ApiProblem, Services, Unreachable
from stickprov_client.cli.calling import call
from stickprov_client.cli.case_prefix import case_of
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.erase_tables import print_due, print_erasure, print_erasures, print_retentions
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.option_values import checked, day
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of
from stickprov_client.cli.sure import sure
from stickprov_client.language.erasing import carried_out_told, due_at_once, person_told, would_be_due_told
from stickprov_client.language.translations import marked
from stickprov_contracts.http.erasure import CarriedOut, ErasedText, Erasure, SetRetention

erase = typer.Typer(no_args_is_help=True, help="Erase who drawn cases are (gallring): what is due, held and gone.")

BEYOND_RESEARCH = marked("Cases that are kept for research go, too.")

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first. What is erased cannot come back.")]
Draw = Annotated[UUID, typer.Argument(metavar="DRAW", help="Id of a draw.")]


@erase.command("due", epilog="Example: stickprov erase due --dry-run --on 2026-01-01")
def erase_due(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show how everything stands.")] = False,
    on: Annotated[str | None, typer.Option("--on", help="With --dry-run: on this day, YYYY-MM-DD.")] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Erase whatever is due, as the service does by itself every hour."""
    session = session_of(context)
    if on is not None and not dry_run:
        raise BadInput("--on says how everything would stand on a day; it goes with --dry-run.")
    wanted: date | None = day("--on", on)
    if dry_run:
        due = call(session, lambda services: services.erasing.due(wanted))
        if as_json:
            print_json(due)
        else:
            print_due(due, session)
        return
    _carry_out(session, lambda services: services.erasing.erase_due(), yes=yes, as_json=as_json)


@erase.command("draw", epilog="Example: stickprov erase draw 0190a000-0000-7000-8000-0000000000d1")
def erase_draw(context: typer.Context, draw: Draw, yes: Yes = False, as_json: AsJson = False) -> None:
    """Erase who the cases of a draw are, before their time. Another draw's cases stay."""
    session = session_of(context)
    _carry_out(session, lambda services: services.erasing.erase_draw(draw), yes=yes, as_json=as_json)


@erase.command("case", epilog="Example: stickprov erase case 0190a000-0000-7000-8000-0000000000d1 3fa9c2d1")
def erase_case(
    context: typer.Context,
    draw: Draw,
    case: Annotated[str, typer.Argument(metavar="CASE", help="Its pseudonym, or the first digits of it.")],
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Erase who a case is, in every draw that has it."""
    session = session_of(context)
    whole = call(session, lambda services: case_of(services, draw, case))
    _carry_out(
        session,
        lambda services: services.erasing.erase_case(draw, whole),
        yes=yes,
        as_json=as_json,
        warning=session.say(BEYOND_RESEARCH),
    )


@erase.command("person", epilog="Example: stickprov erase person --file nummer.txt")
def erase_person(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Option("--file", help="File whose first line is the number; else it is asked for, unseen.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be found.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Erase every case of a person, by personal number or the register's own id. The number is not stored."""
    session = session_of(context)
    number = _number(session, file)
    found = call(session, lambda services: services.erasing.preview_person(number))
    if found.searched == "neither" and not (found.cases or found.frames):
        raise BadInput(
            "What was written is no valid personal number (its check digit, date or signs are wrong), and no case "
            "number. Nothing was found and nothing was erased. Check the number."
        )
    if dry_run and as_json:
        print_json(found)
        return
    if not as_json:
        stdout().print(escape(person_told(found, session.language)))
    if dry_run or not (found.cases or found.frames or as_json):
        return
    _carry_out(
        session,
        lambda services: services.erasing.erase_person(number),
        yes=yes,
        as_json=as_json,
        warning=session.say(BEYOND_RESEARCH),
    )


@erase.command("staff", epilog="Example: stickprov erase staff p0123456789abcdef01234567")
def erase_staff(
    context: typer.Context,
    pseudonyms: Annotated[
        list[str] | None, typer.Argument(metavar="[PSEUDONYM]...", help="Whose names; else of all who left the list.")
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Erase names and addresses of people who left the staff list; their pseudonyms stay."""
    session = session_of(context)
    wanted = pseudonyms or None
    _carry_out(session, lambda services: services.erasing.erase_staff(wanted), yes=yes, as_json=as_json)


@erase.command("retention", epilog="Example: stickprov erase retention AMF-2021-3 --months 24 --keep-for-research")
def retention(
    context: typer.Context,
    control_point: Annotated[str | None, typer.Argument(metavar="[CONTROL_POINT]", help="Its id; else all.")] = None,
    months: Annotated[int | None, typer.Option("--months", help="Months after the period, or after the draw.")] = None,
    keep_for_research: Annotated[
        bool, typer.Option("--keep-for-research", help="Leave people born on day 5, 15 or 25.")
    ] = False,
    undecided: Annotated[
        bool, typer.Option("--undecided", help="Take the decision back; nothing is due then.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, even if something is due at once.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show how long identities are kept, or decide it for a control point."""
    session = session_of(context)
    if control_point is None or (months is None and not undecided):
        if months is not None or undecided or keep_for_research:
            raise BadInput("Name the control point, and with it --months or --undecided.")
        known = call(session, lambda services: services.erasing.retentions())
        shown = [one for one in known if control_point in {None, one.control_point}]
    elif months is not None and undecided:
        raise BadInput("Give --months or --undecided, not both.")
    else:
        point = control_point
        asked = checked(SetRetention, {"months": months, "keep_for_research": keep_for_research})
        if not yes and months is not None:
            would = call(session, lambda services: services.erasing.would_be_due(point, asked))
            at_once = due_at_once(would, point)
            if any(at_once):
                sure(session, session.say("Decide it all the same?"), would_be_due_told(at_once, session.language))
        shown = [call(session, lambda services: services.erasing.set_retention(point, asked))]
    if as_json:
        print_json(shown)
    else:
        print_retentions(shown, session)


@erase.command("show", epilog="Example: stickprov erase show 0190a000-0000-7000-8000-0000000000e7")
def show(
    context: typer.Context,
    erasure: Annotated[UUID | None, typer.Argument(metavar="[ERASURE]", help="Its id; else all of them.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what was erased."""
    session = session_of(context)
    if erasure is None:
        erasures = call(session, lambda services: services.erasing.erasures())
        if as_json:
            print_json(erasures)
        else:
            print_erasures(erasures, session)
        return
    found, told = call(session, lambda services: _report(services, erasure))
    if as_json:
        print_json(found)
    else:
        print_erasure(found, told, session)


async def _report(services: Services, erasure: UUID) -> tuple[Erasure, list[ErasedText] | None]:
    found = await services.erasing.erasure(erasure)
    try:
        return found, await services.erasing.erased_texts(erasure)
    except (ApiProblem, Unreachable):
        return found, None


def _number(session: Session, file: Path | None) -> str:
    """Read the number from a file, or ask for it; it is never an argument, which others could see."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            raise BadInput("The file with the number cannot be read. Check its name, and that it is text.") from None
        typed = lines[0].strip() if lines else ""
    else:
        typed = typer.prompt(session.say("Number (it is not shown)"), hide_input=True, err=True).strip()
    if not typed:
        raise BadInput("There is no number; nothing was erased.")
    return typed


def _carry_out(
    session: Session,
    work: Callable[[Services], Awaitable[CarriedOut]],
    *,
    yes: bool,
    as_json: bool,
    warning: str | None = None,
) -> None:
    if not yes:
        sure(session, session.say("What is erased cannot come back. Erase it?"), warning)
    done = call(session, work)
    if as_json:
        print_json(done)
        return
    for line in carried_out_told(done, session.language):
        stdout().print(escape(line))
    if done.erasure is not None:
        stdout().print(escape(session.say("Report: stickprov erase show {erasure}").format(erasure=done.erasure)))

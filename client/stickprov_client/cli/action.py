"""`stickprov action`: what will be done about a control's outcome, and how it goes."""

from datetime import date
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from stickprov_client.api import Services
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.facts import facts_table
from stickprov_client.cli.option_values import action_id as action_id_typed
from stickprov_client.cli.option_values import checked
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.people import owner_typed
from stickprov_client.cli.session import Session, session_of
from stickprov_client.language.follow_ups import ACTION_STATUSES, EFFECTS, named
from stickprov_client.language.numbers import NOTHING
from stickprov_contracts.http.follow_ups import Action, FollowUpAction, FollowUpKept, ProposeAction, UpdateAction

action = typer.Typer(no_args_is_help=True, help="Actions: proposed, changed, followed up.")

_ID = "0198c0de-0000-7000-8000-000000000001"

_NAMES = {"control_point": "--point", "description": "--text"}

Point = Annotated[str | None, typer.Option("--point", help="Control point it comes of.")]
Plan = Annotated[str | None, typer.Option("--plan", help="Plan it belongs to.")]
Number = Annotated[str | None, typer.Option("--number", help="What the board's document calls it.")]
Responsible = Annotated[str | None, typer.Option("--responsible", help="A function, such as Enhetschef.")]
Owner = Annotated[str | None, typer.Option("--owner", help="Name, sign-in name or pseudonym of somebody.")]
Due = Annotated[str | None, typer.Option("--due", help="Day by which it shall be done, YYYY-MM-DD.")]
ActionId = Annotated[str, typer.Argument(metavar="ACTION", help="Its id.")]
_STATUS = "proposed, decided, under-way, done or dropped."


@action.command(
    "propose",
    epilog="Example: stickprov action propose --point AMF-2021-3 --text 'Stöd för handläggare' --due 2021-12-31",
)
def propose(
    context: typer.Context,
    text: Annotated[str, typer.Option("--text", help="What will be done.")],
    point: Point = None,
    plan: Plan = None,
    number: Number = None,
    responsible: Responsible = None,
    owner: Owner = None,
    due: Due = None,
    status: Annotated[str, typer.Option("--status", help=_STATUS)] = "proposed",
    as_json: AsJson = False,
) -> None:
    """Propose an action of a control point or a plan."""
    session = session_of(context)
    fields = {
        "control_point": point,
        "plan": plan,
        "number": number,
        "description": text,
        "responsible": responsible,
        "owner": owner,
        "due": due,
        "status": status,
    }
    asked = checked(ProposeAction, fields, _NAMES)

    async def propose_it(services: Services) -> FollowUpKept:
        whose = await owner_typed(services, "--owner", owner)
        return await services.follow_ups.propose_action(asked.model_copy(update={"owner": whose}))

    _print_kept(session, call(session, propose_it), as_json)


@action.command("show", epilog=f"Example: stickprov action show {_ID}")
def show(
    context: typer.Context,
    action_id: Annotated[str | None, typer.Argument(metavar="ACTION", help="Its id; else they are listed.")] = None,
    point: Annotated[str | None, typer.Option("--point", help="This control point only.")] = None,
    plan: Annotated[str | None, typer.Option("--plan", help="This plan only.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only those neither done nor dropped.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose day has passed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show an action with its follow-ups, or list them."""
    session = session_of(context)
    if action_id is not None:
        wanted = action_id_typed(action_id)
        found = call(session, lambda services: services.follow_ups.action(wanted))
        if as_json:
            print_json(found)
        else:
            _print_action(session, found)
        return
    listed = call(
        session,
        lambda services: services.follow_ups.actions(
            control_point=point, plan=plan, open_only=open_only, overdue=overdue
        ),
    )
    if as_json:
        print_json(listed)
    else:
        _print_actions(session, listed)


@action.command("update", epilog=f"Example: stickprov action update {_ID} --due 2022-03-31 --reason Försenat")
def update(
    context: typer.Context,
    action_id: ActionId,
    text: Annotated[str | None, typer.Option("--text", help="What will be done.")] = None,
    number: Number = None,
    responsible: Responsible = None,
    owner: Owner = None,
    due: Due = None,
    status: Annotated[str | None, typer.Option("--status", help=_STATUS)] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why it is changed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change what is given; the rest stays. Somebody else's change in between is not overwritten."""
    session = session_of(context)
    wanted = action_id_typed(action_id)
    held = call(session, lambda services: services.follow_ups.action(wanted))
    changed = {
        "description": text,
        "number": number,
        "responsible": responsible,
        "owner": owner,
        "due": due,
        "status": status,
    }
    stays = held.model_dump(include={"control_point", "plan", *changed})
    given = {name: value for name, value in changed.items() if value is not None}
    asked = checked(UpdateAction, stays | given | {"reason": reason}, _NAMES)

    async def update_it(services: Services) -> FollowUpKept:
        whose = await owner_typed(services, "--owner", owner) if owner else asked.owner
        changed = asked.model_copy(update={"owner": whose})
        return await services.follow_ups.update_action(wanted, changed, version=held.version)

    _print_kept(session, call(session, update_it), as_json)


@action.command(
    "follow-up",
    epilog=f"Example: stickprov action follow-up {_ID} --period 2014-T3 --status done --effect yes",
)
def follow_up(
    context: typer.Context,
    action_id: ActionId,
    period: Annotated[str, typer.Option("--period", help="What it is told for: 2014-T3, 2014-Q4, 2014-12.")],
    status: Annotated[str, typer.Option("--status", help=_STATUS)],
    effect: Annotated[str | None, typer.Option("--effect", help="yes, partly or no.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="What was found.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what was found of an action."""
    session = session_of(context)
    wanted = action_id_typed(action_id)
    fields = {"period": period, "status": status, "effect": effect, "finding": text}
    asked = checked(FollowUpAction, fields, {"finding": "--text"})
    kept = call(session, lambda services: services.follow_ups.follow_up_action(wanted, asked))
    _print_kept(session, kept, as_json)


def _print_kept(session: Session, kept: FollowUpKept, as_json: bool) -> None:
    if as_json:
        print_json(kept)
        return
    line = session.say("Action {id} is at version {version}.")
    stdout().print(line.format(id=kept.action, version=kept.version))


def _print_actions(session: Session, actions: list[Action]) -> None:
    say = session.say
    if not actions:
        stdout().print(say("There are no actions."))
        return
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name in (say("Action"), say("No."), say("Belongs to"), say("Status"), say("Due"), say("What will be done")):
        table.add_column(name, overflow="fold")
    for one in actions:
        table.add_row(
            str(one.action),
            escape(one.number or NOTHING),
            escape(one.control_point or one.plan or NOTHING),
            named(one.status, session.language, ACTION_STATUSES),
            _due_text(session, one.due, overdue=one.overdue),
            escape(one.description or NOTHING),
        )
    stdout().print(table)


def _print_action(session: Session, one: Action) -> None:
    say, language = session.say, session.language
    facts = [
        (say("What will be done"), one.description or NOTHING),
        (say("Belongs to"), " ".join(part for part in (one.control_point, one.plan) if part)),
        (say("Responsible"), one.responsible or one.owner or NOTHING),
        (say("Due"), _due_text(session, one.due, overdue=one.overdue)),
        (say("Status"), named(one.status, language, ACTION_STATUSES)),
    ]
    for found in one.follow_ups:
        parts = [
            named(found.status, language, ACTION_STATUSES),
            named(found.effect, language, EFFECTS) if found.effect else "",
            found.finding or "",
        ]
        facts.append((found.period.label, ". ".join(part.rstrip(".") for part in parts if part)))
    stdout().print(facts_table([*facts, (say("Version"), str(one.version))]))


def _due_text(session: Session, due: date | None, *, overdue: bool) -> str:
    if due is None:
        return NOTHING
    return f"{due} ({session.say('overdue')})" if overdue else str(due)

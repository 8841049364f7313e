"""What came of checking a log, as commands print it."""

from collections.abc import Awaitable
from typing import Literal

from pydantic import BaseModel
from rich.markup import escape

from stickprov_client.checking.proving import Grown
from stickprov_client.checking.trust import NotProvedError, Trust
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.failure import CheckFailed
from stickprov_client.cli.session import Session
from stickprov_client.language.numbers import whole
from stickprov_client.language.service_messages import told


class Checked(BaseModel):
    """What was checked, and how it came out.

    Attributes:
        size, root: what was looked at: a kept or older checkpoint, or the one that an event was proved against.
        later_size, later_root: what it was compared with. later_signed: whether that is a checkpoint too.
        position: of the event that was proved.
        keys: who vouches for the keys: the caller, or only the service.
        first_difference: what is wrong.
    """

    verdict: Literal["verified", "different"]
    origin: str | None = None
    size: int | None = None
    root: str | None = None
    later_size: int | None = None
    later_root: str | None = None
    later_signed: bool | None = None
    position: int | None = None
    keys: Literal["given", "service"] | None = None
    first_difference: str | None = None


def grown(found: Grown, trust: Trust) -> Checked:
    """Return what is told of a log that only grew."""
    return Checked(
        verdict="verified",
        origin=found.earlier.origin,
        size=found.earlier.size,
        root=found.earlier.root.hex(),
        later_size=found.later.size,
        later_root=found.later.root.hex(),
        later_signed=found.signed,
        keys=trust.vouched,
    )


async def outcome(checking: Awaitable[Checked]) -> Checked:
    """Return what a check gives, or why it does not hold."""
    try:
        return await checking
    except NotProvedError as error:
        return Checked(verdict="different", first_difference=str(error))


def end_with(checked: Checked, session: Session, *, as_json: bool) -> None:
    """Print what came of a check.

    Raises:
        CheckFailed: it did not hold.
    """
    if as_json:
        print_json(checked)
    else:
        for line in lines_of(checked, session):
            stdout().print(line)
    if checked.verdict == "different":
        raise CheckFailed


def lines_of(checked: Checked, session: Session) -> list[str]:
    """Return what came of a check, a line for each thing that held; then what nobody but the service vouches for."""
    say, language = session.say, session.language
    if checked.first_difference is not None:
        difference = escape(told(checked.first_difference, language))
        return [f"[bold red]✗[/] {difference}", f"[bold red]{escape(say('Different: see above.'))}[/]"]
    held = [
        say("Checkpoint of {origin}: {count} events, root {root}").format(
            origin=checked.origin, count=whole(checked.size, language), root=checked.root
        ),
    ]
    noted = [_vouched(checked, session)] if checked.keys == "service" else []
    held += [] if noted else [_vouched(checked, session)]
    if checked.position is not None:
        line = say("The event at position {position} is in the log as it was then.")
        held.append(line.format(position=whole(checked.position, language)))
    if checked.later_size is not None:
        held.append(_growth(checked, session))
        if not checked.later_signed:
            noted.append(say("What came after the newest checkpoint is not signed yet."))
    return [*(f"[green]✓[/] {escape(line)}" for line in held), *(f"· {escape(line)}" for line in noted)]


def _vouched(checked: Checked, session: Session) -> str:
    if checked.keys == "given":
        return session.say("It is signed by a key that you gave, or that such a key handed over to.")
    return session.say("It is signed by a key that only the service vouches for. Give one that you have with --key.")


def _growth(checked: Checked, session: Session) -> str:
    say, language = session.say, session.language
    then, now = whole(checked.size, language), whole(checked.later_size, language)
    return say("The log of {now} events begins with those {then}: nothing was changed, removed or put between.").format(
        now=now, then=then
    )

"""How everything stands to erasure, and what was erased, in a terminal."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from stickprov_client.cli.columns import print_columns
from stickprov_client.cli.console import stdout
from stickprov_client.cli.session import Session
from stickprov_client.language.erasing import retention_told, standing_told, why_told
from stickprov_client.language.moments import moment
from stickprov_client.language.numbers import NOTHING, whole
from stickprov_contracts.http.erasure import DueErasure, ErasedText, Erasure, Retention


def print_due(due: DueErasure, session: Session) -> None:
    """Print how every draw and frame stands, and what has no retention."""
    say, language = session.say, session.language
    out = stdout()
    out.print(escape(say("How everything stands on {day}:").format(day=due.on)))
    table = _table(
        say("Frame"),
        say("Period"),
        say("Stands"),
        say("To be erased from"),
        say("Cases"),
        say("To erase"),
        say("Held"),
        say("For research"),
    )
    for draw in due.draws:
        table.add_row(
            escape(draw.frame_name),
            escape(draw.period.label),
            standing_told(draw.standing, language),
            str(draw.due) if draw.due else NOTHING,
            whole(draw.cases, language),
            whole(draw.erasable, language),
            whole(draw.held, language),
            whole(draw.kept_for_research, language),
        )
    out.print(table)
    frames = [frame for frame in due.frames if frame.standing == "due"]
    if frames:
        names = ", ".join(frame.frame_name for frame in frames)
        out.print(escape(say("Frames whose identities are due: {frames}").format(frames=names)))
    if due.without_retention:
        points = ", ".join(due.without_retention)
        out.print(
            escape(
                say("Nobody has decided how long these are kept; nothing of them is due: {points}").format(
                    points=points
                )
            )
        )
    if due.staff:
        out.print(
            escape(say("People who left and whose names are kept: {count}").format(count=whole(due.staff, language)))
        )


def print_retentions(retentions: Sequence[Retention], session: Session) -> None:
    """Print how long the identities of each control point are kept."""
    say = session.say
    table = _table(say("Control point"), say("Identities are kept"))
    for one in retentions:
        table.add_row(escape(one.control_point), escape(retention_told(one, session.language)))
    stdout().print(table)


def print_erasures(erasures: Sequence[Erasure], session: Session) -> None:
    """Print every erasure in a line."""
    say, language = session.say, session.language
    rows = [
        (
            str(one.erasure),
            moment(one.began, language),
            why_told(one.why, language),
            whole(sum(draw.cases for draw in one.draws), language),
            whole(len(one.frames), language),
        )
        for one in erasures
    ]
    print_columns((say("Erasure"), say("When"), say("Why"), say("Cases"), say("Frames")), rows)


def print_erasure(one: Erasure, texts: Sequence[ErasedText] | None, session: Session) -> None:
    """Print the report of an erasure."""
    say, language = session.say, session.language
    out = stdout()
    out.print(f"[bold]{escape(say('Report of erasure {erasure}').format(erasure=one.erasure))}[/]")
    done = moment(one.completed, language) if one.completed else say("not completed; the next one takes the rest")
    facts = [
        (say("Began"), moment(one.began, language)),
        (say("Completed"), done),
        (say("By"), say("the system") if one.actor == "system" else one.actor),
        (say("Why"), why_told(one.why, language)),
        (say("People the vault knows nothing of any more"), whole(one.identities, language)),
        (say("Frames written anew without them"), whole(one.frames_rewritten, language)),
        (say("Kept for research"), whole(one.kept_for_research, language)),
        (say("Keys of pseudonyms"), whole(one.series, language)),
        (say("Names of staff"), whole(one.staff, language)),
        (say("Free texts of the sampler"), whole(one.notes, language)),
        (say("Free texts of findings"), _counted(texts, session)),
        (say("Position in the sampler's log"), NOTHING if one.position is None else whole(one.position, language)),
    ]
    for name, value in facts:
        out.print(escape(f"{name}: {value}"))
    table = _table(say("Frame"), say("Period"), say("Control points"), say("Cases"))
    for draw in one.draws:
        row = (draw.frame_name, draw.period.label, ", ".join(draw.control_points), whole(draw.cases, language))
        table.add_row(*map(escape, row))
    if one.draws:
        out.print(table)
    for frame in one.frames:
        out.print(escape(say("The identities of frame {frame} are gone.").format(frame=frame.frame_name)))


def _counted(texts: Sequence[ErasedText] | None, session: Session) -> str:
    if texts is None:
        return session.say("findings could not be asked")
    notes, drafts = sum(one.notes for one in texts), sum(one.drafts for one in texts)
    counts = {"notes": whole(notes, session.language), "drafts": whole(drafts, session.language)}
    return session.say("{notes}, and {drafts} drafts").format(**counts)


def _table(*names: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name in names:
        table.add_column(name, overflow="fold")
    return table

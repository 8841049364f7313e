"""`stickprov audit`: are the logs whole, and do they give the same numbers?"""

import asyncio
from typing import Annotated

import typer
from pydantic import RootModel
from rich.markup import escape

from stickprov_client.api.reporting import EVERY_YEAR
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.failure import BadInput, CheckFailed
from stickprov_client.cli.options import AsJson, From, PeriodLabel, To, chosen_range
from stickprov_client.cli.progress import working
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.language.numbers import NOTHING, whole
from stickprov_client.language.periods import DateRange
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.http.audit import LogVerdict, Replay

audit = typer.Typer(no_args_is_help=True, help="The history of a period, read again from its first event.")


@audit.command("replay", epilog="Example: stickprov audit replay --period 2021-Q1 --point AMF-2021-3")
def replay(
    context: typer.Context,
    start: From = None,
    end: To = None,
    period: PeriodLabel = None,
    point: Annotated[str | None, typer.Option("--point", help="Only this control point; else every one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read both logs from their first event, verify them, and compare every figure with the stored one."""
    session = session_of(context)
    days = chosen_range(start, end, period)
    with working(session.say("Reading the logs again …")):
        outcomes = asyncio.run(_replay(session, days, point))
    if as_json:
        print_json(outcomes[point] if point else RootModel(outcomes))
    else:
        for control_point, outcome in outcomes.items():
            stdout().print(f"[bold]{escape(control_point)}[/]")
            print_replay(outcome, session.language)
    if any(outcome.verdict != "verified" for outcome in outcomes.values()):
        raise CheckFailed


def print_replay(outcome: Replay, language: Language) -> None:
    """Print the verdict of each log, the figures that differ, and the verdict of the whole."""
    say = texts(language).gettext
    for log in outcome.logs:
        stdout().print(_log_line(log, language))
    compared = say("{count} figures folded again and compared").format(count=whole(outcome.figures_compared, language))
    if outcome.verdict != "unreachable":
        mark = "[bold red]✗[/]" if outcome.differences else "[green]✓[/]"
        stdout().print(f"  {mark} {escape(compared)}")
    for difference in outcome.differences:
        stored, replayed = escape(difference.stored), escape(difference.replayed)
        stdout().print(f"    {escape(difference.figure)}: {say('stored')} {stored}, {say('replayed')} {replayed}")
    verdicts = {
        "verified": f"[bold green]{escape(say('Verified: the logs are whole and give the same figures.'))}[/]",
        "different": f"[bold red]{escape(say('Different: see above.'))}[/]",
        "unreachable": f"[bold red]{escape(say('Not verified: a log cannot be reached.'))}[/]",
    }
    stdout().print(verdicts[outcome.verdict])


def _log_line(log: LogVerdict, language: Language) -> str:
    say = texts(language).gettext
    mark = "[green]✓[/]" if log.verdict == "verified" else "[bold red]✗[/]"
    counted = say("the log of {source}, {count} events").format(source=log.source, count=whole(log.events, language))
    root = f"{say('root')} {log.root[:16] or NOTHING}"
    difference = f": {escape(log.first_difference)}" if log.first_difference else ""
    return f"  {mark} {escape(counted)}, {escape(root)}{difference}"


async def _replay(session: Session, days: DateRange, point: str | None) -> dict[str, Replay]:
    """Replay one control point, or each that reporting knows; one after the other, because each reads both logs."""
    async with signed_in(session) as services:
        reporting = services.reporting
        points = [point] if point else [known.control_point for known in await reporting.control_points(EVERY_YEAR)]
        if not points:
            raise BadInput("Reporting knows no control point yet, so there is nothing to replay.")
        return {one: await reporting.replay(one, days.start, days.end) for one in points}

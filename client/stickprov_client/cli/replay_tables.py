"""What a replay found, as the command and the demonstration print it."""

from collections.abc import Sequence

from rich.markup import escape

from stickprov_client.cli.console import stdout
from stickprov_client.language.numbers import NOTHING, whole
from stickprov_client.language.replays import nothing_compared, verdict_told
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.http.audit import LogVerdict, PeriodReplay, Replay, StatisticDifference

_SHOWN = 10
_GOOD, _BAD = "[green]✓[/]", "[bold red]✗[/]"


def print_replay(outcome: Replay, language: Language) -> None:
    """Print the verdict of each log, the figures that differ, and the verdict of the whole."""
    _print_logs(outcome.logs, language)
    if outcome.verdict != "unreachable":
        _print_compared("", outcome.figures_compared, outcome.differences, language)
    _print_verdict(outcome.verdict, language)


def print_replays(outcome: PeriodReplay, language: Language) -> None:
    """Likewise of a period: each control point with the first figures that differ, then what else is stored."""
    say = texts(language).gettext
    _print_logs(outcome.logs, language)
    if not outcome.statistics:
        stdout().print(f"  {escape(say('No draw lies within these dates.'))}")
    for statistic in outcome.statistics:
        _print_compared(statistic.control_point, statistic.figures_compared, statistic.differences, language)
    if outcome.differences:
        stdout().print(f"  {_BAD} {escape(say('What is stored differs from what the events give:'))}")
        _print_differences(outcome.differences, language)
    else:
        stored = say("Everything that is stored is what the events give: {digest}")
        stdout().print(f"  {_GOOD} {escape(stored.format(digest=outcome.digest_stored[:16]))}")
    if nothing_compared(outcome):
        stdout().print(f"[bold yellow]{escape(verdict_told(outcome, language))}[/]")
    else:
        _print_verdict(outcome.verdict, language)


def _print_logs(logs: Sequence[LogVerdict], language: Language) -> None:
    for log in logs:
        stdout().print(_log_line(log, language))


def _log_line(log: LogVerdict, language: Language) -> str:
    say = texts(language).gettext
    mark = _GOOD if log.verdict == "verified" else _BAD
    parts = [
        say("the log of {source}, {count} events").format(source=log.source, count=whole(log.events, language)),
        f"{say('root')} {log.root[:16] or NOTHING}",
    ]
    if log.keys is not None:
        vouched = {
            "configured": say("by keys that reporting is configured to trust"),
            "source": say("by keys that only the source gives"),
        }
        signed = texts(language).ngettext("{count} signed checkpoint", "{count} signed checkpoints", log.checkpoints)
        signed = signed.format(count=whole(log.checkpoints, language))
        parts.append(f"{signed} {vouched[log.keys]}")
    if log.own is not None:
        own = {
            "verified": say("its own tables are whole"),
            "different": say("its own tables are not whole"),
            "unreachable": say("its own tables could not be asked for"),
        }
        parts.append(own[log.own])
    difference = f": {escape(told(log.first_difference, language))}" if log.first_difference else ""
    return f"  {mark} {escape(', '.join(parts))}{difference}"


def _print_compared(point: str, count: int, differences: Sequence[StatisticDifference], language: Language) -> None:
    say = texts(language).gettext
    compared = say("{count} figures folded again and compared").format(count=whole(count, language))
    line = f"{point}: {compared}" if point else compared
    stdout().print(f"  {_BAD if differences else _GOOD} {escape(line)}")
    _print_differences(differences, language)


def _print_differences(differences: Sequence[StatisticDifference], language: Language) -> None:
    say = texts(language).gettext
    for difference in differences[:_SHOWN]:
        stored, replayed = escape(difference.stored), escape(difference.replayed)
        stdout().print(f"    {escape(difference.figure)}: {say('stored')} {stored}, {say('replayed')} {replayed}")
    if len(differences) > _SHOWN:
        more = say("and {count} more; --json has them all.").format(count=len(differences) - _SHOWN)
        stdout().print(f"    {escape(more)}")


def _print_verdict(verdict: str, language: Language) -> None:
    say = texts(language).gettext
    verdicts = {
        "verified": f"[bold green]{escape(say('Verified: the logs are whole and give the same figures.'))}[/]",
        "different": f"[bold red]{escape(say('Different: see above.'))}[/]",
        "unreachable": f"[bold red]{escape(say('Not verified: a log cannot be reached.'))}[/]",
    }
    stdout().print(verdicts[verdict])

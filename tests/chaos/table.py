"""The tables that a run prints."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from chaos.killing import Kills
from chaos.points import ANY_MOMENT, AT_ONCE, INBOX_STEPS, LOG_STEPS, SERVICES
from chaos.reckoning import Count

_LONGEST = 5


def print_tables(title: str, kills: Kills, counts: Sequence[Count]) -> None:
    """Print kills by point and service, then everything counted, then what does not hold."""
    console = Console(width=None if sys.stdout.isatty() else 130)
    console.print(_kills(title, kills))
    table = Table(title=title)
    table.add_column("counted")
    table.add_column("found", justify="right")
    table.add_column("holds", justify="right")
    words = {True: "yes", False: "NO", None: ""}
    for count in counts:
        table.add_row(count.what, count.found, words[count.holds])
    console.print(table)
    for count in counts:
        if count.holds is False:
            for line in count.why[:_LONGEST]:
                console.print(f"{count.what}: {line}", markup=False)


def _kills(title: str, kills: Kills) -> Table:
    table = Table(title=f"kills, {title}")
    table.add_column("killed")
    for service in SERVICES:
        table.add_column(service, justify="right")
    points = [f"{when} {step}" for step in LOG_STEPS + INBOX_STEPS for when in ("before", "after")]
    for point in (*points, ANY_MOMENT, AT_ONCE):
        table.add_row(point, *(str(kills.by_point[service, point] or "") for service in SERVICES))
    table.add_row("ended by itself", *(str(kills.unasked[service] or "") for service in SERVICES))
    table.add_row("killed in all", *(str(kills.of(service)) for service in SERVICES))
    return table

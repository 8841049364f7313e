"""``make bench``: run every module here that has a ``run()``, one after another, and print one table.

``python -m bench draw log`` runs only those. Exits with 1 when a bar does not hold, after printing all of them.
"""

import importlib
import pkgutil
import platform
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

import bench
from bench.bars import holds
from bench.table import Row


def main(wanted: Sequence[str]) -> int:
    """Run the bench and return the exit code."""
    console = Console(width=None if sys.stdout.isatty() else 150)
    rows: list[Row] = []
    for name in _names(wanted):
        console.print(f"measuring: {name}", style="dim")
        rows += importlib.import_module(f"bench.{name}").run()
    console.print(_table(rows))
    return 0 if all(holds(row.ratio, row.bar) is not False for row in rows) else 1


def _names(wanted: Sequence[str]) -> list[str]:
    present = [
        module.name
        for module in pkgutil.iter_modules(bench.__path__)
        if not module.name.startswith("__") and hasattr(importlib.import_module(f"bench.{module.name}"), "run")
    ]
    if unknown := sorted(set(wanted) - set(present)):
        raise SystemExit(f"no bench named {', '.join(unknown)}; there are {', '.join(present)}")
    return [name for name in present if not wanted or name in wanted]


def _table(rows: Iterable[Row]) -> Table:
    table = Table(title=f"Python {platform.python_version()}, {platform.machine()}, medians of at least three rounds")
    table.add_column("work")
    for heading in ("ours", "peer or limit", "unit", "ratio", "bar", "holds"):
        table.add_column(heading, justify="right")
    words = {True: "yes", False: "NO", None: ""}
    for row in rows:
        table.add_row(
            *(row.work, _figure(row.ours), _figure(row.peer), row.unit),
            *(f"{row.ratio:.2f}", row.bar, words[holds(row.ratio, row.bar)]),
        )
    return table


def _figure(value: float) -> str:
    """Three significant digits below 100, whole numbers above."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""``make bench``: run every bench here, one after another, and print one table.

``python -m bench draw append`` runs only those; ``--page`` writes docs/reference/bench.md and its figures too, in which
a bench that is run alone takes its own place. Exits with 1 when a bar does not hold or something could not be measured,
after printing all of it. ``python -m bench capacity`` measures what one of each thing costs instead.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bench import capacity, machine, results
from bench.bars import PROMISES
from bench.page import PAGE, figure, page, said_of, spread, times, verdict
from bench.results import RESULTS, ROOT, Measured, Results
from bench.table import Row

BENCHES: Final = tuple(dict.fromkeys(promise.bench for promise in PROMISES.values()))
_LAST: Final = ROOT / ".cache" / "bench.json"
_MOST_SECONDS: Final = 480


def main(arguments: Sequence[str]) -> int:
    """Run the bench and return the exit code."""
    options = _options(arguments)
    console = Console(width=None if sys.stdout.isatty() else 170)
    found = Results(machine.described())
    wanted = [name for name in BENCHES if not options.benches or name in options.benches]
    started = time.perf_counter()
    for number, name in enumerate(wanted, start=1):
        console.print(f"{number} of {len(wanted)}: {name}", style="dim", end=" ", highlight=False)
        found.benches[name] = _measured(name)
        told = found.benches[name].failure or f"{found.benches[name].seconds:.0f} s"
        console.print(f"{told} (load before {found.benches[name].load:.1f})", style="dim", highlight=False)
        # At once: whoever stops a long run keeps what it has measured.
        _write(found, with_page=options.page)
    console.print(_table(found))
    console.print(
        f"{verdict(found, whole=not options.benches)}\n{(time.perf_counter() - started) / 60:.1f} minutes.",
        highlight=False,
    )
    failed = any(measured.failure for measured in found.benches.values())
    return int(failed or any(row.holds is False for row in found.rows()))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=f"Measure against peers and limits. There are: {', '.join(BENCHES)}.",
        epilog="Example: python -m bench draw append --page",
    )
    parser.add_argument("benches", nargs="*", metavar="BENCH", help="only these; all of them when none is named")
    parser.add_argument("--page", action="store_true", help="write docs/reference/bench.md and bench.json too")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.benches) - set(BENCHES)):
        parser.error(f"there is no bench named {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    return options


def _measured(name: str) -> Measured:
    """Run one bench in a process of its own; what it says goes with it unless it fails."""
    at, load, started = f"{datetime.now(UTC):%Y-%m-%d %H:%M}", os.getloadavg()[0], time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "rows.json"
        command = [sys.executable, "-m", "bench.one", name, str(target)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_MOST_SECONDS, check=False)
            failure = "" if done.returncode == 0 else _last_line(done.stderr)
            if failure:
                print(done.stderr, file=sys.stderr)
        except subprocess.TimeoutExpired:
            failure = f"not done within {_MOST_SECONDS} s"
        rows = [] if failure else [Row(**row) for row in json.loads(target.read_text(encoding="utf-8"))]
    return Measured(at, time.perf_counter() - started, load, rows, failure)


def _last_line(text: str) -> str:
    told = [line for line in text.splitlines() if "Error" in line]
    return told[-1][:200] if told else "it failed"


def _write(found: Results, *, with_page: bool) -> None:
    _LAST.parent.mkdir(exist_ok=True)
    _LAST.write_text(found.as_json(), encoding="utf-8")
    if with_page:
        whole = results.joined(results.read(), found) if RESULTS.exists() else found
        RESULTS.write_text(whole.as_json(), encoding="utf-8")
        # Made from what was written, so that it is what the written figures say.
        PAGE.write_text(page(results.read()), encoding="utf-8")


def _table(found: Results) -> Table:
    table = Table(
        title=f"{found.machine['processor']}, Python {found.machine['Python']}, medians of at least three rounds"
    )
    table.add_column("work")
    table.add_column("against")
    for heading in ("ours", "theirs", "unit", "ratio", "lowest-highest", "bar", "holds"):
        table.add_column(heading, justify="right")
    for row in found.rows():
        table.add_row(
            *(row.work, row.against, figure(row.our_median), figure(row.peer_median), row.unit),
            *(times(row), spread(row), row.bar, said_of(row).strip("*")),
        )
    return table


if __name__ == "__main__":
    if sys.argv[1:2] == ["capacity"]:
        sys.exit(capacity.main(sys.argv[2:]))
    sys.exit(main(sys.argv[1:]))

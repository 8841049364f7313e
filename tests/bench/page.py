"""The page of figures, docs/reference/bench.md: made of the results alone, so that a test can compare both."""

from collections.abc import Iterable, Iterator
from typing import Final

from bench.bars import PROMISES
from bench.results import ROOT, Results
from bench.table import Row

PAGE: Final = ROOT / "docs" / "reference" / "bench.md"

_HEAD: Final = """# The bench

What Stickprov is measured against, and how far it came: {verdict}

The ratio is what counts: ours against a peer or a limit in the same run, on the same machine. Figures are medians of at
least three rounds, and the rounds of both sides take turns, so that a busy moment strikes both; the ratio is the median
of the rounds' own ratios, with the lowest and the highest beside it. "N times" is how many times we are better, where a
bar asks for that; otherwise the ratio is ours / theirs. How each is measured: the docstring of its module in
`tests/bench`.

`make bench` measures everything and prints it; `make bench ROWS="draw append"` a few; `PAGE=1` writes this page. It is
generated from [bench.json](bench.json).
"""


def page(results: Results) -> str:
    """Return the page."""
    rows = list(results.rows())
    return "\n".join(
        [
            _HEAD.format(verdict=verdict(results)),
            "## Promised\n",
            *_table((row for row in rows if row.promise), with_bar=True),
            *_not_measured(results),
            "\n## Measured beside it\n",
            *_table((row for row in rows if not row.promise), with_bar=False),
            "\n## Where and when\n",
            *_where(results),
            "",
        ]
    )


def verdict(results: Results, *, whole: bool = True) -> str:
    """Say in one sentence what holds and what does not; of the whole bench also what was not measured."""
    promised = [row for row in results.rows() if row.promise]
    missed = [row for row in promised if row.holds is False]
    told = f"{len(promised) - len(missed)} of {len(promised)} bars hold"
    if missed:
        told += "; missed: " + ", ".join(f"{row.work} against {row.against} ({times(row)})" for row in missed)
    if whole and (lacking := results.missing()):
        told += f"; not measured: {', '.join(lacking)}"
    return told + "."


def figure(value: float) -> str:
    """Three significant digits below 1,000, whole numbers above."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def times(row: Row) -> str:
    """Return a row's ratio as it is told."""
    return f"{figure(row.ratio)} times" if row.turned else figure(row.ratio)


def spread(row: Row) -> str:
    """Return the lowest and the highest ratio of a round."""
    return f"{figure(min(row.ratios))}-{figure(max(row.ratios))}" if len(row.ratios) > 1 else "-"


def said_of(row: Row) -> str:
    """Return whether a bar holds."""
    return {True: "yes", False: "**NO**", None: ""}[row.holds]


def _table(rows: Iterable[Row], *, with_bar: bool) -> Iterator[str]:
    headings = ["Work", "Against", "Ours", "Theirs", "Unit", "Ratio", "Lowest-highest"]
    headings += ["Bar", "Holds"] if with_bar else []
    yield f"| {' | '.join(headings)} |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        cells = [
            row.work,
            row.against,
            figure(row.our_median),
            figure(row.peer_median),
            row.unit,
            times(row),
            spread(row),
        ]
        cells += [row.bar, said_of(row)] if with_bar else []
        yield f"| {' | '.join(cells)} |"


def _not_measured(results: Results) -> Iterator[str]:
    for key in results.missing():
        promise = PROMISES[key]
        failed = results.benches.get(promise.bench)
        why = f": {failed.failure}" if failed and failed.failure else ""
        yield f"\n**Not measured**: {promise.work} against {promise.against}, bar {promise.bar}{why}"


def _where(results: Results) -> Iterator[str]:
    yield from (f"- {name}: {text}" for name, text in results.machine.items())
    yield "\nLoad: how many processes wanted a core on average in the minute before. Other work makes figures worse.\n"
    yield "| Bench | Measured (UTC) | Seconds | Load before |"
    yield "|---|---|---|---|"
    for name, measured in sorted(results.benches.items()):
        yield f"| `{name}` | {measured.at} | {measured.seconds:.0f} | {measured.load:.1f} |"
    total = sum(measured.seconds for measured in results.benches.values())
    yield f"\nAll of it took {total / 60:.0f} minutes."

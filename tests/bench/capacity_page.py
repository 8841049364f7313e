"""The capacity page, docs/explanation/capacity.md: the text beside this file with the figures in it."""

from pathlib import Path
from typing import Final

from bench import capacity_reckoning as assumed
from bench.capacity_reckoning import ORGANISATIONS, YEARS, Found, Reckoned
from bench.page import figure
from bench.results import ROOT

PAGE: Final = ROOT / "docs" / "explanation" / "capacity.md"
FIGURES: Final = ROOT / "docs" / "reference" / "capacity.json"

_TEXT: Final = Path(__file__).with_suffix(".md")
_LEAST: Final = 20
"""Bytes below which a table is left out."""
_KINDS: Final = {
    "nothing, for a second": "idle, CPU ms a second",
    "frame row with its share of a draw": "frame row and its share of a draw, CPU ms",
    "submit by API": "submit, CPU ms",
    "case on pages: shown, answered, sent, the next": "case reviewed on pages, CPU ms",
}
_MEMORY: Final = {"idle": "idle memory, MB", "after the load": "memory after the load, MB"}


def page(found: Found, one: Reckoned, date: str) -> str:
    """Return the page."""
    text = _TEXT.read_text(encoding="utf-8")
    tables = {"processor": _processor(found), "tables": _tables(found), "date": date}
    return text.format(**tables, **_assumed(), **_units(found, one), **_one_machine(one), **_all(one))


def _processor(found: Found) -> str:
    parts = list(found["submit, CPU ms"])
    lines = ["### Processor time, ms\n", _row("one", *parts, "together"), _rule(len(parts) + 1)]
    for told, name in _KINDS.items():
        each = found[name]
        lines.append(_row(told, *(figure(each[part]) for part in parts), figure(sum(each.values()))))
    lines += ["\n### Memory, MB (RSS)\n", _row("", *parts), _rule(len(parts))]
    lines += [_row(told, *(figure(found[name][part]) for part in parts)) for told, name in _MEMORY.items()]
    lines += ["\n### Other\n", _row("", "measured"), _rule(1)]
    for name, told in (("frames", "frame row: frame file, bytes"), ("vault", "frame row: sealed identity file, bytes")):
        lines.append(_row(told, figure(found["frame row, bytes"][name])))
    lines += [_row(f"submit: {name}", figure(value)) for name, value in found["submit, others"].items()]
    return "\n".join([*lines, ""])


def _tables(found: Found) -> str:
    drawn, submitted = found["case drawn, bytes"], found["submit, bytes"]
    both = {name: (drawn.get(name, 0.0), submitted.get(name, 0.0)) for name in sorted(drawn | submitted)}
    lines = [_row("table", "case drawn", "submit"), _rule(2)]
    lines += [_row(name, *map(figure, sizes)) for name, sizes in both.items() if max(sizes) >= _LEAST]
    lines.append(_row("**together**", *(f"**{figure(sum(one.values()))}**" for one in (drawn, submitted))))
    return "\n".join([*lines, ""])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(numbers: int) -> str:
    return "|---|" + "---:|" * numbers


def _assumed() -> dict[str, object]:
    return {
        "cores": assumed.CORES,
        "busy": f"{100 * assumed.BUSY:.0f} %",
        "busy_share": assumed.BUSY,
        "minutes": assumed.MINUTES_A_CASE,
        "organisations": ORGANISATIONS,
        "control": assumed.CASES_OF_THE_CONTROL,
        "rows": assumed.ROWS_A_MONTH,
        "controls": assumed.CONTROLS,
        "peak": assumed.PEAK,
        "hours": assumed.HOURS_A_DAY,
        "days": assumed.DAYS_A_YEAR,
        "years": YEARS,
    }


def _units(found: Found, one: Reckoned) -> dict[str, str]:
    each = found["submit, CPU ms"]
    return {
        "page_ms": figure(one.page_ms),
        "submit_ms": figure(one.submit_ms),
        "row_ms": figure(one.row_ms),
        "row_bytes": figure(one.row_bytes),
        "idle_ms": figure(one.idle_ms),
        "case_kb": figure((one.case_bytes + one.broker_bytes) / 1000),
        "services_mb": figure(one.services_mb),
        "replay_rate": figure(one.replay),
        "share_of_stores": figure(100 * (each["postgres"] + each["broker"]) / sum(each.values())),
    }


def _about(value: float) -> str:
    """Three significant digits: what is reckoned is not surer than that."""
    return f"{float(f'{value:.3g}'):,.0f}"


def _one_machine(one: Reckoned) -> dict[str, str]:
    power = 1000 * assumed.CORES * assumed.BUSY
    return {
        "cases_a_second": figure(one.cases_a_second),
        "submits_a_second": figure(power / one.submit_ms),
        "rows_a_second": figure(power / one.row_ms),
        "reviewers": _about(one.reviewers),
        "cases_a_year": _about(one.cases_a_year),
        "millions": figure(one.cases_a_year / 1e6),
    }


def _all(one: Reckoned) -> dict[str, object]:
    seconds = assumed.HOURS_A_DAY * assumed.DAYS_A_YEAR * 3600
    connections = assumed.CONNECTIONS_A_SET * ORGANISATIONS
    return {
        "cases_of_one": one.cases_of_one,
        "cases_of_all": ORGANISATIONS * one.cases_of_one,
        "rows_of_one": one.rows_of_one,
        "rows_of_all": ORGANISATIONS * one.rows_of_one,
        "events_a_year": 3 * one.cases_of_one,
        "events_a_year_of_all": 3 * ORGANISATIONS * one.cases_of_one,
        "events_a_second": figure(ORGANISATIONS * 3 * one.cases_of_one / seconds),
        "events_after": one.events_of_one,
        "replay_minutes": figure(one.replay_minutes),
        "cores_of_one": figure(one.cores_of_one),
        "cores_of_all": figure(ORGANISATIONS * one.cores_of_one),
        "idle_cores": figure(one.idle_ms / 1000),
        "idle_cores_of_all": figure(ORGANISATIONS * one.idle_ms / 1000),
        "disk_of_one": figure(one.disk_of_one),
        "disk_of_one_after": figure(YEARS * one.disk_of_one / 1000),
        "disk_of_all_a_year": figure(one.disk_of_all / YEARS),
        "disk_of_all": figure(one.disk_of_all),
        "disk_copies": figure(3 * one.disk_of_all / 1000),
        "disk_each": figure(one.disk_of_all / 10),
        "services_twice": figure(2 * one.services_mb),
        "memory_of_all": figure(one.memory_of_all),
        "memory_twice": figure(2 * one.memory_of_all),
        "machines": figure(one.machines),
        "set_connections": assumed.CONNECTIONS_A_SET,
        "connections": connections,
        "connections_each": connections // 10,
        "partitions": 9 * ORGANISATIONS,
    }

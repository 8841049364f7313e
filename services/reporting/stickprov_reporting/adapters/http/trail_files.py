"""The trail as a file: CSV as Swedish spreadsheets open it, or a line of JSON for each event.

What must not break: no text is a formula to a spreadsheet; one that begins like one has a quote before it.
"""

import csv
import io
from collections.abc import Iterable
from typing import Final

from stickprov_contracts.cells import guarded
from stickprov_contracts.http.audit import TrailEntry
from stickprov_reporting.domain.audit.digest import canonical

_COLUMNS: Final = (
    "time",
    "source",
    "position",
    "type",
    "actor",
    "control_points",
    "draw",
    "case",
    "plan",
    "period",
    "stream",
    "stream_version",
    "version",
    "id",
    "correlation_id",
    "chain_hash",
    "data",
)


def csv_lines(entries: Iterable[TrailEntry]) -> bytes:
    """Return a line for each event."""
    return _written(_row(entry) for entry in entries).encode()


def json_lines(entries: Iterable[TrailEntry]) -> bytes:
    """Return a line of JSON for each event, as the API tells it."""
    return b"".join(entry.model_dump_json().encode() + b"\n" for entry in entries)


def _row(entry: TrailEntry) -> list[str]:
    told = entry.model_dump(mode="json")
    told["control_points"], told["data"] = " ".join(entry.control_points), canonical(entry.data)
    return [guarded("" if told[name] is None else str(told[name])) for name in _COLUMNS]


def _written(rows: Iterable[Iterable[str]]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerows(rows)
    return target.getvalue()


CSV_HEAD: Final = _written([_COLUMNS]).encode("utf-8-sig")

"""Every fact that a generation holds, read strictly: for comparing, not for answering.

What must not break: nothing that is stored passes for something else. A column that repeats what another one says, a
number that is none, a text with more in it than was written: each makes the fact another one than the logs give. And
whatever somebody put in, reading goes on.
"""

import json
from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

import asyncpg

from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_reporting.adapters.sql import details, rows
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.domain.audit.digest import Fact
from stickprov_reporting.domain.projection.cell import CellKey
from stickprov_reporting.domain.projection.chronicle import ChronicleKey, Entry
from stickprov_reporting.domain.projection.fold import Definition
from stickprov_reporting.domain.projection.register import RegisterKey
from stickprov_reporting.domain.projection.row import CaseRow, RowKey
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey

_PAGE: Final = 1000


class Altered(NamedTuple):
    """Stands for a fact that no event can have made."""

    column: str
    stored: Any


async def stored_facts(connection: asyncpg.Connection, generation: int) -> AsyncIterator[Fact]:
    """Yield every stored fact, table by table, in the order in which they are digested."""
    for table, (key_of, value_of) in _READERS.items():
        async for record in connection.cursor(SQL[f"every_{table}"], generation, prefetch=_PAGE):
            try:
                value = value_of(record)
            except Exception as error:  # noqa: BLE001 - whatever somebody put in, it is named
                value = Altered("unreadable", type(error).__name__)
            yield Fact(table, key_of(record), value)


def _definition(record: asyncpg.Record) -> Definition | Altered:
    _, definition = rows.definition_of(record)
    return definition if record["year"] == definition.point.year else Altered("year", record["year"])


def _stratum(record: asyncpg.Record) -> Stratum:
    return rows.stratum_of(record)[1]


def _cell(record: asyncpg.Record) -> int | Altered:
    value = record["value"]
    whole = int(value)
    return whole if whole == value else Altered("value", value)


def _case_row(record: asyncpg.Record) -> CaseRow | Altered:
    return _read_case_row(*record[3:])


@lru_cache(maxsize=4096)
def _read_case_row(*columns: Any) -> CaseRow | Altered:  # noqa: ANN401 - what the columns hold
    """Read a row; most rows are alike but for their case."""
    row = rows.case_row_of(*columns)
    again = {
        "categories": json.dumps(row.review.categories),
        "detail": details.detail_as_json(row.review, row.first),
        "second": details.second_as_json(row.second),
        "file_review": details.file_review_as_json(row.file_review),
    }
    for (name, written), stored in zip(again.items(), columns[-len(again) :], strict=True):
        if written != stored and (written is None or stored is None or json.loads(written) != json.loads(stored)):
            return Altered(name, stored)
    if row.drawn is None and any(column is not None for column in columns[:5]):
        return Altered("month", None)
    if not row.review.version and columns[6:10] != (0, "waiting", "", False):
        return Altered("status", columns[6:10])
    return row


def _measured(record: asyncpg.Record) -> RegisterMeasured | Altered:
    measured = RegisterMeasured.model_validate_json(record["measured"])
    period = (record["period_start"], record["period_end"])
    return measured if period == (measured.period.start, measured.period.end) else Altered("period", period)


def _entry(record: asyncpg.Record) -> Entry | Altered:
    _, entry = rows.entry_of(record)
    derived = {"kind": entry.event.name, "control_point": entry.control_point, "plan": entry.plan}
    for name, value in derived.items():
        if record[name] != value:
            return Altered(name, record[name])
    return entry


_Reader = tuple[Callable[[asyncpg.Record], Any], Callable[[asyncpg.Record], Any]]
_READERS: Final[dict[str, _Reader]] = {
    "control_point": (lambda record: record["control_point"], _definition),
    "draw_stratum": (lambda record: StratumKey(*record[:4]), _stratum),
    "cell": (lambda record: CellKey(*record[:6]), _cell),
    "case_row": (lambda record: RowKey(record[0], record[1], record[2].hex()), _case_row),
    "register_measure": (lambda record: RegisterKey(*record[:2]), _measured),
    "chronicle": (lambda record: ChronicleKey(*record[:2]), _entry),
}
"""How the key and the value of each table's facts are read, in the order of the digest."""

"""Counts a rule over a frame file. Everything here blocks: run it in a thread."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from stickprov_contracts.events.measures import MeasuredCell
from stickprov_contracts.http.measures import MakeMeasure
from stickprov_kernel.database.queries import load_queries
from stickprov_sampler.adapters.duck import engine, fill, identifier
from stickprov_sampler.adapters.frames.filtering import cell, compiled
from stickprov_sampler.adapters.workspace import workspace
from stickprov_sampler.domain.filter.checking import ColumnType
from stickprov_sampler.domain.measure.measuring import Counted
from stickprov_sampler.domain.measure.rule import Rule, rule_of

SQL = load_queries(__package__, "counting.sql")

_NOT_ASKED: Final = frozenset({"case_id", "handler", "subunit_ids"})
"""Pseudonyms; nothing is counted by them."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts rules.

    Attributes:
        frame_folder: where the frame files lie, and where what does not fit into memory goes.
        memory: DuckDB's limit, such as ``512MB``.
    """

    frame_folder: Path
    memory: str

    def count(self, frame_file: Path, asked: MakeMeasure) -> Counted:
        """Return what a rule counts.

        Raises:
            MeasureUnclearError: the rule does not fit the frame; names the option.
        """
        with workspace(self.frame_folder) as work, engine(work, [frame_file.parent], memory=self.memory) as connection:
            frame = {"frame": str(frame_file)}
            described = connection.execute(SQL["describe"], frame).fetchall()
            types = {name: _type(stored) for name, stored in described if name not in _NOT_ASKED}
            rule = rule_of(asked, types)
            sql, values = _statement(rule)
            rows = connection.execute(sql, frame | values).fetchall()
        return Counted([_cell(row) for row in rows])


def _statement(rule: Rule) -> tuple[str, dict[str, object]]:
    names = list(rule.columns.types)
    condition = compiled([*rule.among, *rule.counts], rule.columns)
    texts = ", ".join(f"CAST({identifier(name)} AS VARCHAR) AS c{place}" for place, name in enumerate(names))
    sql = fill(
        SQL["count"],
        texts=texts,
        category="''" if rule.category is None else f"coalesce({cell(names.index(rule.category), 'text')}, '')",
        adds="1" if rule.adds is None else cell(names.index(rule.adds), "number"),
        removed_by=condition.removed_by,
    )
    return sql, {"among": len(rule.among), **condition.values}


def _type(stored: str) -> ColumnType:
    match stored.split("(", maxsplit=1)[0]:
        case "TINYINT" | "SMALLINT" | "INTEGER" | "BIGINT" | "HUGEINT":
            return "integer"
        case "DECIMAL" | "DOUBLE":
            return "decimal"
        case "DATE":
            return "date"
        case "BOOLEAN":
            return "boolean"
        case _:
            return "text"


def _cell(row: tuple[Any, ...]) -> MeasuredCell:
    month, unit, category, numerator, denominator = row
    return MeasuredCell(
        month=month, unit=unit, category=category, numerator=_shortest(Decimal(numerator)), denominator=denominator
    )


def _shortest(number: Decimal) -> Decimal:
    """Return a number without zeros after its decimals, so that it is written the same wherever it comes from."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()

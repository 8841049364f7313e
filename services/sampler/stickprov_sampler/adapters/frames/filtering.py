"""A checked filter as DuckDB expressions. What somebody wrote only ever enters as a bound value or a column's place."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from stickprov_sampler.adapters.frames.cells import value
from stickprov_sampler.domain.filter.checking import (
    TRUTHS,
    Columns,
    Type,
    asks_age,
    check_condition,
    column_of,
    compared_as,
    is_age,
    parts_of,
    type_of,
)
from stickprov_sampler.domain.filter.tree import (
    Between,
    Both,
    Call,
    Clause,
    Compare,
    Either,
    Missing,
    Node,
    Not,
    OneOf,
    Sum,
    Value,
)

_NUMBER: Final = "DECIMAL(38, 9)"
_AGE: Final = (
    "(year($extract_date::DATE) - year(born) "
    "- (100 * month($extract_date::DATE) + day($extract_date::DATE) < 100 * month(born) + day(born))::INTEGER)"
)
_YES: Final = "('ja', 'sant', 'yes', 'true')"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A filter, ready for the statement that judges rows.

    Attributes:
        removed_by: an expression over a row: the number of the first clause that does not hold, from 1; 0 for none.
        values: what it binds, by name.
    """

    removed_by: str
    values: dict[str, object]


def compiled(clauses: list[Clause], columns: Columns) -> Compiled:
    """Compile a filter.

    Raises:
        FilterError: it does not fit the columns.
    """
    writer = _Writer(columns)
    branches = []
    for number, clause in enumerate(clauses, start=1):
        check_condition(clause.condition, columns)
        holds = f"coalesce({writer.write(clause.condition, 'truth')}, false)"
        if asks_age(clause.condition, columns):
            # A row whose age cannot be told is a fault, not somebody of another age.
            holds = f"(number_code IS NOT NULL OR {holds})"
        branches.append(f"WHEN NOT {holds} THEN {number}")
    removed_by = f"CASE {' '.join(branches)} ELSE 0 END" if branches else "0"
    return Compiled(removed_by, writer.values)


def cell(place: int, kind: Type) -> str:
    """Return the expression for a cell's value; NULL when it is empty."""
    text = value(place)
    match kind:
        case "number":
            return f"try_cast(replace({text}, ',', '.') AS {_NUMBER})"
        case "date":
            return f"try_cast(left({text}, 10) AS DATE)"
        case "truth":
            return f"(lower({text}) IN {_YES})"
        case _:
            return text


@dataclass(frozen=True, slots=True)
class _Writer:
    columns: Columns
    values: dict[str, object] = field(default_factory=dict)

    def write(self, node: Node, kind: Type) -> str:  # noqa: PLR0911 - one return for each kind of part
        """Return the expression for a part, read as ``kind`` where it is a column."""
        if (name := column_of(node, self.columns)) is not None:
            return cell(list(self.columns.types).index(name), kind)
        if is_age(node, self.columns):
            return _AGE
        match node:
            case Value(value=str() as said) if kind == "truth":
                return self._bound(TRUTHS[said.casefold()])
            case Value():
                return self._bound(node.value)
            case Call():
                return f"{node.function}({self.write(node.argument, 'text')})"
            case Sum():
                return self._sum(node)
            case Missing():
                return f"({self.write(node.value, 'text')} IS NULL)"
            case Not():
                return f"(NOT {self.write(node.condition, 'truth')})"
            case Both() | Either():
                word = " AND " if isinstance(node, Both) else " OR "
                return f"({word.join(self.write(part, 'truth') for part in node.conditions)})"
            case _:
                return self._comparison(node)

    def _comparison(self, node: Node) -> str:
        parts = parts_of(node)
        kind = compared_as(parts, self.columns)
        first, *others = [self.write(part, kind) for part in parts]
        match node:
            case Compare():
                return f"({first} {node.comparison} {others[0]})"
            case Between():
                return f"({first} BETWEEN {others[0]} AND {others[1]})"
            case OneOf():
                return f"({first} IN ({', '.join(others)}))"
            case _:
                raise TypeError(f"{node} is no condition")

    def _sum(self, node: Sum) -> str:
        found = [type_of(part, self.columns) for part in (node.left, node.right)]
        kinds: list[Type] = ["number" if kind == "nothing" else kind for kind in found]
        left, right = (self.write(part, kind) for part, kind in zip((node.left, node.right), kinds, strict=True))
        if kinds[0] == "date" and kinds[1] != "date":
            right = f"CAST({right} AS INTEGER)"
        # A sum that leaves the range of its type is not known.
        return f"TRY({left} {node.sign} {right})"

    def _bound(self, value: Decimal | str | date | bool) -> str:
        name = f"f{len(self.values)}"
        match value:
            case bool():
                return "true" if value else "false"
            case Decimal():
                self.values[name] = str(value)
                return f"${name}::{_NUMBER}"
            case str():
                self.values[name] = value
                return f"${name}::VARCHAR"
            case _:
                self.values[name] = value
                return f"${name}::DATE"

"""A filter as a tree. ``at`` is where a part begins in the text, from 1."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

Comparison = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Value:
    """A number, a text in single quotes, a day or a truth value, as written."""

    at: int
    value: Decimal | str | date | bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column by name; ``exact`` when it was quoted, so that case counts."""

    at: int
    name: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Age:
    """The age on the extract's date, by the personal number column."""

    at: int
    column: Column | None


@dataclass(frozen=True, slots=True)
class Call:
    """``lower`` or ``trim`` of a text."""

    at: int
    function: Literal["lower", "trim"]
    argument: "Node"


@dataclass(frozen=True, slots=True)
class Sum:
    """Addition or subtraction; of days to a date, too."""

    at: int
    sign: Literal["+", "-"]
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared."""

    at: int
    comparison: Comparison
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Between:
    """Between two values, both included."""

    at: int
    value: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a list of written values."""

    at: int
    value: "Node"
    choices: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """``is null``: the cell is empty."""

    at: int
    value: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    at: int
    condition: "Node"


@dataclass(frozen=True, slots=True)
class Both:
    """``and``."""

    at: int
    conditions: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """``or``."""

    at: int
    conditions: tuple["Node", ...]


Node: TypeAlias = Value | Column | Age | Call | Sum | Compare | Between | OneOf | Missing | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Clause:
    """One of the conditions that the filter's outermost ``and`` joins.

    Attributes:
        text: as it was written.
    """

    text: str
    condition: Node

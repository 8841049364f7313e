"""Does a filter fit the columns of a file? Which column is meant, and of what type each part is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from stickprov_sampler.domain.filter.tree import (
    Age,
    Between,
    Both,
    Call,
    Column,
    Compare,
    Either,
    Missing,
    Node,
    Not,
    OneOf,
    Sum,
    Value,
)
from stickprov_sampler.domain.filter.words import FilterError

Type = Literal["number", "text", "date", "truth", "nothing"]
ColumnType: TypeAlias = Literal["text", "integer", "decimal", "date", "boolean", "empty"]

TRUTHS: Final[Mapping[str, bool]] = {
    "ja": True,
    "nej": False,
    "sant": True,
    "falskt": False,
    "yes": True,
    "no": False,
    "true": True,
    "false": False,
}
"""How a register says yes and no, in small letters."""

_OF_COLUMN: Mapping[ColumnType, Type] = {
    "text": "text",
    "integer": "number",
    "decimal": "number",
    "date": "date",
    "boolean": "truth",
    "empty": "nothing",
}
_HOLDS: Mapping[Type, str] = {
    "number": "a number",
    "text": "text",
    "date": "a date",
    "truth": "yes or no",
    "nothing": "nothing",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """What a filter can ask of a row.

    Attributes:
        types: the columns' types by name, in the file's order.
        secret: names of those that identify a unit or a person.
        personal_number: the column that ages are taken from.
    """

    types: Mapping[str, ColumnType]
    secret: frozenset[str]
    personal_number: str | None

    def named(self, column: Column) -> str:
        """Return the name of the column that is meant.

        Raises:
            FilterError: there is none, or more than one.
        """
        if column.name in self.types:
            return column.name
        alike = [] if column.exact else [name for name in self.types if name.casefold() == column.name.casefold()]
        if len(alike) == 1:
            return alike[0]
        listed = ", ".join(f"“{name}”" for name in alike or self.types)
        message = f"several columns are called “{column.name}”" if alike else f"there is no column “{column.name}”"
        raise FilterError.at_position(
            column.at, f"{message}. Choose among {listed}; a name with spaces stands in double quotes."
        )


def is_age(node: Node, columns: Columns) -> bool:
    """Tell whether a part is the age by the personal number; a column named age comes first."""
    return isinstance(node, Age) and (node.column is not None or not _age_columns(columns))


def column_of(node: Node, columns: Columns) -> str | None:
    """Return the name of the column that a part is; None when it is something else."""
    match node:
        case Column():
            return columns.named(node)
        case Age(column=None) if _age_columns(columns):
            return columns.named(Column(node.at, "age", exact=False))
        case _:
            return None


def parts_of(node: Node) -> Sequence[Node]:  # noqa: PLR0911 - one return for each kind of part
    """Return what a part is made of."""
    match node:
        case Call():
            return (node.argument,)
        case Sum() | Compare():
            return (node.left, node.right)
        case Between():
            return (node.value, node.low, node.high)
        case OneOf():
            return (node.value, *node.choices)
        case Missing():
            return (node.value,)
        case Not():
            return (node.condition,)
        case Both() | Either():
            return node.conditions
        case _:
            return ()


def asks_age(node: Node, columns: Columns) -> bool:
    """Tell whether an age decides anything in a part."""
    return is_age(node, columns) or any(asks_age(part, columns) for part in parts_of(node))


def check_condition(node: Node, columns: Columns) -> None:
    """Check a part that must be true or false.

    Raises:
        FilterError: names the position, what stands there and what was expected.
    """
    if (found := type_of(node, columns)) not in {"truth", "nothing"}:
        raise FilterError.at_position(
            node.at, f"expected a condition, found {_HOLDS[found]}. Compare it: {_shown(node)} = …"
        )


def type_of(node: Node, columns: Columns) -> Type:  # noqa: PLR0911 - one return for each kind of part
    """Return the type of a part, after checking it. Raises as ``check_condition`` does."""
    match node:
        case Value(value=value):
            return _type_of_value(value)
        case Call():
            _check_text(node, columns)
            return "text"
        case Sum():
            return _type_of_sum(node, columns)
        case Missing():
            if column_of(node.value, columns) is None:
                raise FilterError.at_position(node.value.at, "expected a column before “is null”.")
            return "truth"
        case Compare() | Between() | OneOf():
            _check_alike(parts_of(node), columns)
            return "truth"
        case Not() | Both() | Either():
            for part in parts_of(node):
                check_condition(part, columns)
            return "truth"
        case _:
            return _type_of_column(node, columns)


def compared_as(parts: Sequence[Node], columns: Columns) -> Type:
    """Return the type in which parts are compared: as text once one of them is text and the others may be.

    A column of yes and no is compared as such with a text that says one of them: a frozen frame no longer knows
    in which words its register said so.
    """
    if all(_says_yes_or_no(part, columns) for part in parts):
        return "truth"
    return _common([type_of(part, columns) for part in parts], [column_of(part, columns) for part in parts])


def _says_yes_or_no(part: Node, columns: Columns) -> bool:
    if isinstance(part, Value):
        return isinstance(part.value, str) and part.value.casefold() in TRUTHS
    name = column_of(part, columns)
    return name is not None and columns.types[name] == "boolean"


def _common(types: Sequence[Type], names: Sequence[str | None]) -> Type:
    pairs = list(zip(types, names, strict=True))
    if any(found == "text" and name is None for found, name in pairs):
        return "text"
    fixed = [found for found, name in pairs if name is None]
    known = [found for found in types if found != "nothing"]
    if not fixed and len(set(known)) > 1:
        return "text"
    decisive = fixed or known
    return decisive[0] if decisive else "nothing"


def _age_columns(columns: Columns) -> list[str]:
    return [name for name in columns.types if name.casefold() == "age"]


def _type_of_value(value: Decimal | str | date | bool) -> Type:
    match value:
        case bool():
            return "truth"
        case Decimal():
            return "number"
        case str():
            return "text"
        case _:
            return "date"


def _type_of_column(node: Node, columns: Columns) -> Type:
    if is_age(node, columns) and isinstance(node, Age):
        if columns.personal_number is None:
            raise FilterError.at_position(
                node.at, "age needs the personal number column. Name it in personal_number_column."
            )
        if node.column is not None and columns.named(node.column) != columns.personal_number:
            raise FilterError.at_position(
                node.column.at, f"expected the personal number column, “{columns.personal_number}”."
            )
        return "number"
    name = column_of(node, columns)
    if name is None:
        raise FilterError.at_position(node.at, "expected a column.")
    if name in columns.secret:
        raise FilterError.at_position(
            node.at,
            f"“{name}” identifies a unit or a person, and the filter's text is published. Ask it for “is null” only.",
        )
    return _OF_COLUMN[columns.types[name]]


def _type_of_sum(node: Sum, columns: Columns) -> Type:
    left, right = type_of(node.left, columns), type_of(node.right, columns)
    match left, node.sign, right:
        case ("date", "-", "date"):
            return "number"
        case ("date", _, "number" | "nothing"):
            return "date"
        case ("number" | "nothing", _, "number" | "nothing"):
            return "number"
        case _:
            raise FilterError.at_position(
                node.at,
                f"{_HOLDS[left]} {node.sign} {_HOLDS[right]} has no meaning. "
                "Add numbers, or a number of days to a date.",
            )


def _check_text(node: Call, columns: Columns) -> None:
    found = type_of(node.argument, columns)
    if found != "text" and column_of(node.argument, columns) is None:
        raise FilterError.at_position(node.argument.at, f"expected a text or a column inside {node.function}().")


def _check_alike(parts: Sequence[Node], columns: Columns) -> None:
    types = [type_of(part, columns) for part in parts]
    names = [column_of(part, columns) for part in parts]
    wanted = _common(types, names)
    for part, found, name in zip(parts, types, names, strict=True):
        text_of_column = wanted == "text" and name is not None
        if found not in {wanted, "nothing"} and wanted != "nothing" and not text_of_column:
            what = f"column “{name}” holds {_HOLDS[found]}" if name else f"{_HOLDS[found]} stands here"
            raise FilterError.at_position(part.at, f"{what}, expected {_HOLDS[wanted]} to compare with.")


def _shown(node: Node) -> str:
    return f"{node.name}" if isinstance(node, Column) else "it"

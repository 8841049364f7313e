"""Which column of a register file means what, checked against the file's header.

What must not break: a column that identifies a person never becomes a column of the frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from stickprov_contracts.http.sampler import FrameOptions
from stickprov_contracts.problems import FieldProblem
from stickprov_sampler.domain.problem import OptionError


class ColumnsError(OptionError):
    """An option names a column that the file does not have, or may not have in that role."""

    code: ClassVar[str] = "column-unfit"
    title: ClassVar[str] = "The columns do not fit the file"


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """Places of the columns in the file, from 0; None for what the register does not have.

    Attributes:
        header: the column names in the file's order.
        identity: places of the columns that identify a person, with the unit id left out.
    """

    header: tuple[str, ...]
    unit_id: int
    month: int | None
    stratum: int | None
    unit: int | None
    handler: int | None
    subunits: int | None
    identity: tuple[int, ...]

    @property
    def kept(self) -> list[str]:
        """The frame columns that the register fills, beside ``case_id``."""
        return [name for name in ("month", "stratum", "unit", "handler", "subunits") if getattr(self, name) is not None]


def plan_columns(header: Sequence[str], options: FrameOptions) -> ColumnPlan:
    """Find the columns that the options name.

    Raises:
        ColumnsError: a named column is not in the file (the message lists those that are), a column has no name or
            stands twice, or a column that identifies a person would end up in the frame in clear.
    """
    _check_header(header)
    problems: list[FieldProblem] = []

    def place(option: str, name: str | None) -> int | None:
        if name is None:
            return None
        if name in header:
            return header.index(name)
        listed = ", ".join(f"“{column}”" for column in header)
        problems.append(_problem(option, f"The file has no column “{name}”. Its columns are {listed}."))
        return None

    unit_id = place("unit_id_column", options.unit_id_column) or 0
    identity = [place(f"identity_columns.{i}", name) for i, name in enumerate(options.identity_columns)]
    plan = ColumnPlan(
        header=tuple(header),
        unit_id=unit_id,
        month=place("month_column", options.month_column),
        stratum=place("stratum_column", options.stratum_column),
        unit=place("unit_column", options.unit_column),
        handler=place("handler_column", options.handler_column),
        subunits=place("subunits_column", options.subunits_column),
        identity=tuple(column for column in dict.fromkeys(identity) if column is not None and column != unit_id),
    )
    problems += [] if problems else _in_clear(plan)
    if problems:
        raise ColumnsError(problems)
    return plan


def _check_header(header: Sequence[str]) -> None:
    for place, name in enumerate(header):
        if not name:
            raise ColumnsError.at("file", f"Column {place + 1} has no name in row 1. Name it, or remove the column.")
        if name in header[:place]:
            raise ColumnsError.at("file", f"Column “{name}” stands twice in row 1. Rename or remove one of them.")


def _in_clear(plan: ColumnPlan) -> list[FieldProblem]:
    secret = {plan.unit_id, *plan.identity}
    return [
        _problem(
            f"{role}_column",
            f"Column “{plan.header[column]}” identifies a unit or a person, so it cannot be the frame's {role} column.",
        )
        for role in ("month", "stratum", "unit", "subunits")
        if (column := getattr(plan, role)) in secret
    ]


def _problem(option: str, message: str) -> FieldProblem:
    return FieldProblem(field=option, code=ColumnsError.code, message=message)

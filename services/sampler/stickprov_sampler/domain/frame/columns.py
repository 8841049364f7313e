"""Which column of a register file means what, checked against the file's header.

What must not break: a column that identifies a person, or says whose identity is protected, never becomes a column of
the frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from stickprov_contracts.http.sampler import FrameOptions
from stickprov_contracts.problems import FieldProblem
from stickprov_sampler.domain.problem import OptionError

FRAME_COLUMNS: Final = frozenset(
    {"case_id", "month", "stratum", "unit", "handler", "subunits", "subunit_ids", "ticket", "row", "unit_id"}
)
"""Names that the frame, and the statements on it, have themselves."""

_PROTECTION_WORDS: Final = ("skydd", "sekretess", "fingerad", "kvarskriv", "protected", "protection")


class ColumnsError(OptionError):
    """An option names a column that the file does not have, or may not have in that role."""

    code: ClassVar[str] = "column-unfit"
    title: ClassVar[str] = "The columns do not fit the file"


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """Places of the columns in the file, from 0; None for what the register does not have.

    Attributes:
        header: the column names in the file's order.
        subunit_ids: lists a unit's subunits.
        identity: places of the columns that identify a person, with the unit id left out and the personal number in.
        further: places of the columns that the frame keeps as they are.
        protection: says whose identity is protected.
    """

    header: tuple[str, ...]
    unit_id: int
    month: int | None
    stratum: int | None
    unit: int | None
    handler: int | None
    subunits: int | None
    subunit_ids: int | None
    personal_number: int | None
    identity: tuple[int, ...]
    further: tuple[int, ...]
    protection: int | None = None

    @property
    def secret(self) -> frozenset[int]:
        """Places of the columns that identify a unit or a person, or a handler."""
        shut = {self.unit_id, self.personal_number, self.handler, self.subunit_ids, self.protection, *self.identity}
        return frozenset(place for place in shut if place is not None)

    def kept(self, *, subunits_file: bool) -> list[str]:
        """Return the frame columns that the register fills, beside ``case_id``."""
        filled = [name for name in ("month", "stratum", "unit", "handler") if getattr(self, name) is not None]
        if self.subunits is not None or self.subunit_ids is not None or subunits_file:
            filled.append("subunits")
        if self.subunit_ids is not None or subunits_file:
            filled.append("subunit_ids")
        return filled + [self.header[place] for place in self.further]


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
    further = [place(f"kept_columns.{i}", name) for i, name in enumerate(options.kept_columns)]
    number = place("personal_number_column", options.personal_number_column)
    identity.append(number)
    plan = ColumnPlan(
        header=tuple(header),
        unit_id=unit_id,
        month=place("month_column", options.month_column),
        stratum=place("stratum_column", options.stratum_column),
        unit=place("unit_column", options.unit_column),
        handler=place("handler_column", options.handler_column),
        subunits=place("subunits_column", options.subunits_column),
        subunit_ids=place("subunit_ids_column", options.subunit_ids_column),
        personal_number=number,
        protection=place("protection_column", options.protection_column),
        further=tuple(column for column in dict.fromkeys(further) if column is not None),
        identity=tuple(column for column in dict.fromkeys(identity) if column is not None and column != unit_id),
    )
    problems += (
        []
        if problems
        else [*_protection(plan), *_looks_protected(plan), *_in_clear(plan), *_further(plan), *_alike(plan)]
    )
    problems += [] if problems else _contradictions(options)
    if problems:
        raise ColumnsError(problems)
    return plan


def protection_guess(plan: ColumnPlan) -> str | None:
    """Return the first column whose name looks as if it said whose identity is protected; None where one was named."""
    if plan.protection is not None:
        return None
    return next((name for name in plan.header if _looks_so(name)), None)


def _looks_so(name: str) -> bool:
    return any(word in name.casefold() for word in _PROTECTION_WORDS)


def _check_header(header: Sequence[str]) -> None:
    for place, name in enumerate(header):
        if not name:
            raise ColumnsError.at("file", f"Column {place + 1} has no name in row 1. Name it, or remove the column.")
        if name in header[:place]:
            raise ColumnsError.at("file", f"Column “{name}” stands twice in row 1. Rename or remove one of them.")


def _protection(plan: ColumnPlan) -> list[FieldProblem]:
    roles = ("month", "stratum", "unit", "handler", "subunits", "subunit_ids", "personal_number", "unit_id")
    used = {*(getattr(plan, role) for role in roles), *plan.identity, *plan.further}
    if plan.protection is None or plan.protection not in used:
        return []
    message = (
        f"Column “{plan.header[plan.protection]}” says whose identity is protected. "
        "It goes to the vault alone, so it can be used for nothing else."
    )
    return [_problem("protection_column", message)]


def _looks_protected(plan: ColumnPlan) -> list[FieldProblem]:
    """Return what is wrong where the frame would hold in clear what looks as if it said whose identity is protected."""
    roles = ("stratum", "unit", "subunits")
    used = [(f"{role}_column", getattr(plan, role)) for role in roles]
    used += [(f"kept_columns.{number}", place) for number, place in enumerate(plan.further)]
    return [
        _problem(
            option,
            f"Column “{plan.header[place]}” looks as if it said whose identity is protected, so the frame cannot hold "
            "it in clear. Name it as the column of protected identities; if it says something else, rename it.",
        )
        for option, place in used
        if place is not None and place != plan.protection and _looks_so(plan.header[place])
    ]


def _in_clear(plan: ColumnPlan) -> list[FieldProblem]:
    secret = {plan.unit_id, *plan.identity}
    roles = ("month", "stratum", "unit", "subunits")
    return [
        _problem(
            f"{role}_column",
            f"Column “{plan.header[column]}” identifies a unit or a person, so it cannot be the frame's {role} column.",
        )
        for role in roles
        if (column := getattr(plan, role)) in secret
    ]


def _further(plan: ColumnPlan) -> list[FieldProblem]:
    problems = []
    for number, place in enumerate(plan.further):
        name, option = plan.header[place], f"kept_columns.{number}"
        if place in plan.secret:
            message = f"Column “{name}” identifies a unit or a person, so the frame cannot keep it in clear."
            problems.append(_problem(option, message))
        elif name.casefold() in FRAME_COLUMNS:
            message = f"The frame has a column “{name.casefold()}” of its own. Rename the register's."
            problems.append(_problem(option, message))
    return problems


def _alike(plan: ColumnPlan) -> list[FieldProblem]:
    problems = []
    for option, places in (("kept_columns", plan.further), ("identity_columns", plan.identity)):
        names = [plan.header[place] for place in places]
        folded = [name.casefold() for name in names]
        for number, name in enumerate(names):
            if folded[number] in folded[:number]:
                message = f"Column “{name}” differs from another one in capital letters only. Rename one of them."
                problems.append(_problem(f"{option}.{number}", message))
    return problems


def _contradictions(options: FrameOptions) -> list[FieldProblem]:
    problems = []
    numbers = options.personal_number_column is not None or options.subunit_personal_numbers
    if numbers and options.extract_date is None:
        message = (
            "Personal numbers are judged against the day the register was read. Give it as extract_date, YYYY-MM-DD."
        )
        problems.append(_problem("extract_date", message))
    if options.subunits_column is not None and options.subunit_ids_column is not None:
        problems.append(_problem("subunit_ids_column", "Name a column with counts or one with ids, not both."))
    return problems


def _problem(option: str, message: str) -> FieldProblem:
    return FieldProblem(field=option, code=ColumnsError.code, message=message)

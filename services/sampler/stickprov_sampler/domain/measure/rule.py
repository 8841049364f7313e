"""What is counted in a frame: which units are looked at, which of them count, and what they add."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from stickprov_contracts.http.measures import MakeMeasure
from stickprov_sampler.domain.filter.checking import Columns, ColumnType, check_condition
from stickprov_sampler.domain.filter.grammar import clauses_of
from stickprov_sampler.domain.filter.tree import Clause
from stickprov_sampler.domain.filter.words import FilterError
from stickprov_sampler.domain.problem import OptionError


class MeasureUnclearError(OptionError):
    """The options of a register measure do not fit each other, or do not fit the frame."""

    code: ClassVar[str] = "measure-unclear"
    title: ClassVar[str] = "The options do not make a measure"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that fits a frame.

    Attributes:
        columns: what the frame can be asked, by name, in order.
        among: conditions that choose the units looked at. counts: further ones that choose those that count.
        adds: the column whose values are added; None to add one for each unit.
        category: the column that tells the counted ones apart.
    """

    columns: Columns
    among: list[Clause]
    counts: list[Clause]
    adds: str | None
    category: str | None


def rule_of(asked: MakeMeasure, types: Mapping[str, ColumnType]) -> Rule:
    """Check what is to be counted against the columns of a frame.

    Raises:
        MeasureUnclearError: names the option, and the place in a rule's text.
    """
    _check_options(asked)
    columns = Columns(types=types, secret=frozenset(), personal_number=None)
    for option in ("sum_column", "category_column"):
        name = getattr(asked, option)
        if name is not None and name not in types:
            raise MeasureUnclearError.at(option, f"The frame has no column “{name}”. Its columns are {_listed(types)}.")
    if asked.sum_column is not None and types[asked.sum_column] not in {"integer", "decimal"}:
        message = f"Column “{asked.sum_column}” does not hold numbers only, so there is nothing to add."
        raise MeasureUnclearError.at("sum_column", message)
    return Rule(
        columns=columns,
        among=_conditions("among", asked.among, columns),
        counts=_conditions("rule", asked.rule, columns),
        adds=asked.sum_column,
        category=asked.category_column,
    )


def _check_options(asked: MakeMeasure) -> None:
    if asked.kind == "sum" and asked.sum_column is None:
        raise MeasureUnclearError.at("sum_column", "A sum needs the column whose values are added. Name it.")
    if asked.kind != "sum" and asked.sum_column is not None:
        raise MeasureUnclearError.at("sum_column", f"A {asked.kind} adds no column. Choose sum, or leave it out.")
    if asked.kind == "sum" and asked.goal is not None:
        raise MeasureUnclearError.at("goal", "A sum is no share, so a share cannot be its goal. Leave it out.")
    if asked.kind != "sum" and asked.rule is None and asked.category_column is None:
        raise MeasureUnclearError.at("rule", "Without a rule every unit counts. Say which ones do.")


def _conditions(option: str, text: str | None, columns: Columns) -> list[Clause]:
    if text is None:
        return []
    try:
        clauses = clauses_of(text)
        for clause in clauses:
            check_condition(clause.condition, columns)
    except FilterError as error:
        words = error.errors[0].message.removeprefix("Filter, ")
        raise MeasureUnclearError.at(option, f"In {option}, {words}") from None
    return clauses


def _listed(types: Mapping[str, ColumnType]) -> str:
    return ", ".join(f"“{name}”" for name in types)

"""What a reviewer gave of a case, and what it amounts to under its questionnaire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from stickprov_contracts.problems import FieldProblem

GivenAnswer: TypeAlias = str | Sequence[str] | int | Decimal
"""An option's id, a list of ids, a number (with a decimal point or comma as text), a date as text, or free text."""


@dataclass(frozen=True, slots=True)
class GivenSubunit:
    """What a reviewer gave of one subunit; fields as ``stickprov_contracts.http.findings.SubunitFound`` has them."""

    subunit: str
    outcome: str = "reviewed"
    reason: str | None = None
    answers: Mapping[str, GivenAnswer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenOutcome:
    """What a reviewer gave of a case, unchecked.

    Attributes:
        remark: None where the reviewer did not say.
        categories: ids. answers: by the question's id. subunits: in the order given, which problems count from 0.
    """

    remark: bool | None = None
    categories: Sequence[str] = ()
    comment: str | None = None
    answers: Mapping[str, GivenAnswer] = field(default_factory=dict)
    subunits: Sequence[GivenSubunit] = ()


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known of the case.

    Attributes:
        subunits: public ids.
        categories: ids of the control point's categories; None while they are not known, then none is checked.
        period_end: the last day of the case's period.
        review_day: the day of the review; nothing can have happened after it.
    """

    subunits: Sequence[str]
    categories: frozenset[str] | None
    period_end: date
    review_day: date


@dataclass(frozen=True, slots=True)
class EvaluatedAnswer:
    """The answer to one question that applied, or a derived one; the question's type says which field holds it.

    Attributes:
        text: as it was typed; it may name a person.
    """

    question: str
    chosen: tuple[str, ...] = ()
    number: Decimal | None = None
    day: date | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class EvaluatedSubunit:
    """What became of one subunit, as ``stickprov_contracts.events.findings.SubunitOutcome`` keeps it."""

    subunit: str
    outcome: str
    reason: str | None = None
    remark: bool = False
    categories: tuple[str, ...] = ()
    answers: tuple[EvaluatedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What was given amounts to this.

    Attributes:
        problems: what is wrong, every fault at once; the rest holds only when there are none.
        remark: of the case or of one of its subunits.
        categories: of all remarks, each once.
        answers: of the case, in the questionnaire's order.
        subunits: in the case's order.
    """

    problems: tuple[FieldProblem, ...] = ()
    remark: bool = False
    categories: tuple[str, ...] = ()
    answers: tuple[EvaluatedAnswer, ...] = ()
    subunits: tuple[EvaluatedSubunit, ...] = ()

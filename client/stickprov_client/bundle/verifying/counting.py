"""What cases count for, folded from the events once more, by none of the code that made the statistics.

What must not break: each statistic knows its own places in the two logs; an event behind them leaves no trace in it.
The newest event of a review holds; a case that gave way to a spare counts for nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

from stickprov_client.bundle.verifying.draw_log import DrawnCase, Fields
from stickprov_client.bundle.verifying.events import Event

WAITING: Final = "waiting"
REVIEWED: Final = "reviewed"
OVER: Final = "over-coverage"
MISSED: Final = "non-response"
_MARKS: Final = {"case-marked-over-coverage": OVER, "case-marked-non-response": MISSED}
_TAKEN_BACK: Final = frozenset({"finding-withdrawn", "review-reopened"})
_MILLIONTH: Final = 6


class AnswerGiven(NamedTuple):
    """An answer: what was chosen, or a number in millionths; neither for a date or a text."""

    question: str
    chosen: tuple[str, ...]
    millionths: int | None


class Outcome(NamedTuple):
    """How a case, or a subunit of it, stands; ``inside`` are the outcomes of its subunits."""

    status: str = WAITING
    reason: str = ""
    remark: bool = False
    categories: tuple[str, ...] = ()
    questionnaire: str = ""
    answers: tuple[AnswerGiven, ...] = ()
    inside: tuple["Outcome", ...] = ()
    settled: bool = False


UNHEARD: Final = Outcome()


@dataclass(slots=True)
class CaseFold:
    """One case under one control point.

    Attributes:
        first: whether the first reviewer sees a remark, None where no finding of theirs stands.
        second: the same of the second, blind reviewer.
    """

    drawn: DrawnCase | None = None
    replaced: bool = False
    review: Outcome = UNHEARD
    first: bool | None = None
    second: bool | None = None
    file: Outcome = UNHEARD


@dataclass(slots=True)
class DrawFold:
    """A draw in its service to one control point: its sample, and its newest allocation."""

    sample: Fields
    allocation: Sequence[Fields]


@dataclass(slots=True)
class PointFold:
    """A control point, up to where its statistic knows the logs.

    Attributes:
        until: by source, the last position that counts.
        cases: by draw and case. concluded: by period, with the number of the event in its stream.
    """

    until: Mapping[str, int]
    definition: Fields | None = None
    draws: dict[str, DrawFold] = field(default_factory=dict)
    cases: dict[tuple[str, str], CaseFold] = field(default_factory=dict)
    concluded: dict[tuple[str, str], tuple[int, Fields]] = field(default_factory=dict)


class Fold:
    """Folds the events of both logs, a state for each control point whose statistic is to be recomputed.

    Args:
        until: by control point and source, the last position that its statistic knows.
    """

    def __init__(self, until: Mapping[str, Mapping[str, int]]) -> None:
        self.points = {point: PointFold(places) for point, places in until.items()}
        self.subunit_totals: dict[str, int | None] = {}
        self.questionnaires: dict[str, list[tuple[int, Fields]]] = {}

    def define(self, event: Event, data: Fields) -> None:
        for point in self._told(event, [data["control_point"]]):
            point.definition = data

    def publish(self, event: Event, data: Fields) -> None:
        self.questionnaires.setdefault(data["questionnaire"], []).append((event.position, data["content"]))

    def freeze(self, _event: Event, data: Fields) -> None:
        self.subunit_totals[data["frame"]] = data["subunits"]

    def draw(self, event: Event, data: Fields) -> None:
        for point in self._told(event, data["control_points"]):
            point.draws[data["draw"]] = DrawFold(data, data["allocation"])

    def extend(self, event: Event, data: Fields) -> None:
        for point in self._told(event, data["control_points"]):
            point.draws[data["draw"]].allocation = data["allocation"]

    def case(self, event: Event, data: Fields, case: DrawnCase) -> None:
        for point in self._told(event, data["control_points"]):
            _of(point, data).drawn = case

    def replace(self, event: Event, data: Fields) -> None:
        for point in self._told(event, data["control_points"]):
            _of(point, data).replaced = True

    def conclude(self, event: Event, data: Fields) -> None:
        for point in self._told(event, [data["control_point"]]):
            period = data["period"]
            point.concluded[period["start"], period["end"]] = event.number, data

    def review(self, event: Event, data: Fields, purpose: str) -> None:
        for point in self._told(event, [data["control_point"]]):
            case, outcome = _of(point, data), outcome_of(event.name, data)
            if purpose == "second-review":
                case.second = outcome.remark if outcome.status == REVIEWED else None
            elif purpose == "file-review":
                case.file = outcome
            else:
                case.review = outcome
                if not outcome.settled:
                    case.first = outcome.remark if outcome.status == REVIEWED else None

    def _told(self, event: Event, names: Sequence[str]) -> Iterator[PointFold]:
        for name in dict.fromkeys(names):
            point = self.points.get(name)
            if point is not None and event.position <= point.until[event.source]:
                yield point


def _of(point: PointFold, data: Fields) -> CaseFold:
    key = data["draw"], data["case"]
    found = point.cases.get(key)
    if found is None:
        found = point.cases[key] = CaseFold()
    return found


def outcome_of(name: str, data: Fields) -> Outcome:
    """Return how a case stands after an event of its review."""
    if name in _TAKEN_BACK:
        return UNHEARD
    if name in _MARKS:
        return Outcome(_MARKS[name], data["reason"], settled=data.get("settles") is not None)
    return _found(data, REVIEWED, "", settled=name == "disagreement-settled", of=data.get("questionnaire") or "")


def _found(data: Fields, status: str, reason: str, *, of: str, settled: bool = False) -> Outcome:
    remark = data.get("remark", False)
    inside = tuple(_found(one, one["outcome"], one.get("reason") or "", of=of) for one in data.get("subunits", ()))
    categories = tuple(sorted(set(data.get("categories", ())))) if remark else ()
    return Outcome(status, reason, remark, categories, of, _answers(data.get("answers", ())), inside, settled)


def _answers(given: Sequence[Any]) -> tuple[AnswerGiven, ...]:
    found = {one["question"]: _given(one) for one in given}
    return tuple(found[question] for question in sorted(found))


def _given(one: Fields) -> AnswerGiven:
    if one.get("number") is not None:
        number = Decimal(str(one["number"])).scaleb(_MILLIONTH)
        return AnswerGiven(one["question"], (), int(number.to_integral_value()))
    return AnswerGiven(one["question"], tuple(sorted(set(one.get("chosen", ())))), None)

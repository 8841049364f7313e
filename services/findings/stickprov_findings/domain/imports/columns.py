"""What the headings of an imported table mean, in English or Swedish."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from stickprov_contracts.problems import FieldProblem
from stickprov_findings.domain.questionnaire.problems import listed

Part = Literal[
    "case", "order", "month", "stratum", "draw", "subunit", "outcome", "reason", "remark", "categories", "comment"
]
KEYS: Final[tuple[Part, ...]] = ("case", "order")
"""Either says which case a row is about."""

LISTED: Final = frozenset(
    {
        *("control_point", "control point", "kontrollmoment", "period", "unit", "enhet", "handler", "handläggare"),
        *("reviewer", "granskare", "status"),
    }
)
"""What else lists of cases tell, folded. It is for people: passed over, unless it is the id of a question."""

_CASE_NUMBER: Final = frozenset({"case_number", "case number", "ärendenummer"})

_SWEDISH: Final[dict[str, Part]] = {
    "ärende": "case",
    "ordning": "order",
    "ordningsnummer": "order",
    "månad": "month",
    "dragning": "draw",
    "urval": "draw",
    "underenhet": "subunit",
    "utfall": "outcome",
    "orsak": "reason",
    "anmärkning": "remark",
    "kategorier": "categories",
    "kommentar": "comment",
}
_PARTS: Final[dict[str, Part]] = {**{part: part for part in get_args(Part)}, **_SWEDISH}
_QUESTION: Final = re.compile(r"(?:answers\.)?([A-Za-z0-9][A-Za-z0-9_-]{0,63})")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where everything stands.

    Attributes:
        names: the headings as they were given.
        parts: place of each part that has a column.
        questions: place of each question's column, by the question's id; what is in ``LISTED`` may be none.
    """

    names: Sequence[str]
    parts: Mapping[Part, int]
    questions: Mapping[str, int]

    def of_part(self, part: Part) -> str:
        """Return the heading of a part; its English one where it has no column."""
        return self.names[self.parts[part]] if part in self.parts else part

    @property
    def key(self) -> str:
        """The heading of what says which case a row is about."""
        return self.of_part(next((key for key in KEYS if key in self.parts), "case"))

    def of_question(self, question: str) -> str:
        """Return the heading of a question; its id where it has no column."""
        return self.names[self.questions[question]] if question in self.questions else question


def columns_of(names: Sequence[str]) -> tuple[Columns, list[FieldProblem]]:
    """Return what the headings mean, and what is wrong with them. A column without a heading is skipped."""
    parts: dict[Part, int] = {}
    questions: dict[str, int] = {}
    problems = list(_repeated(names))
    for place, name in enumerate(names):
        heading = name.strip()
        if part := _PARTS.get(heading.casefold()):
            parts.setdefault(part, place)
        elif heading.casefold() in _CASE_NUMBER:
            message = (
                "Case numbers are not taken here. Leave the column out and say the case's number in the draw (order), "
                "or have the web page or the command look the case numbers up."
            )
            problems.append(_of_header(name, "case-number-not-taken", message))
        elif match := _QUESTION.fullmatch(heading):
            questions.setdefault(match[1], place)
        elif heading and heading.casefold() not in LISTED:
            message = f"Column {place + 1} is no question's id. Name it {listed(get_args(Part))} or a question's id."
            problems.append(_of_header(name, "column-unknown", message))
    if not any(key in parts for key in KEYS):
        message = (
            "No column says which case a row is about. Name it order (the case's number in the draw) or case (its "
            "digits, or DRAW/POINT/CASE); the web page and the command take case_number too."
        )
        problems.append(_of_header("case", "column-missing", message))
    return Columns(names, parts, questions), problems


def _repeated(names: Sequence[str]) -> Iterator[FieldProblem]:
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        meaning = _meaning(name)
        if meaning and seen.setdefault(meaning, place) != place:
            message = f"Column {place + 1} means the same as column {seen[meaning] + 1}. Take one of them away."
            yield _of_header(name, "column-repeated", message)


def _meaning(name: str) -> str:
    heading = name.strip()
    if part := _PARTS.get(heading.casefold()):
        return part
    match = _QUESTION.fullmatch(heading)
    return f"answers.{match[1]}" if match else ""


def _of_header(name: str, code: str, message: str) -> FieldProblem:
    return FieldProblem(field=name, code=code, message=message, row=1)

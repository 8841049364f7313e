"""What the rows of one case say of it, and where in the table each part of that stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import Option, Question, Questionnaire
from stickprov_findings.domain.imports.cases import Row
from stickprov_findings.domain.imports.columns import LISTED, Columns, Part
from stickprov_findings.domain.imports.wording import (
    answer_meant,
    options_meant,
    outcome_meant,
    remark_meant,
)
from stickprov_findings.domain.questionnaire.meaning import option_meant
from stickprov_findings.domain.questionnaire.outcome import GivenAnswer, GivenOutcome, GivenSubunit
from stickprov_findings.domain.questionnaire.reasons import reasons_for
from stickprov_findings.domain.questionnaire.roster import REVIEWED
from stickprov_findings.domain.review.commands import MarkKind

_MARKS: Final[dict[str, MarkKind]] = {"over-coverage": "over-coverage", "non-response": "non-response"}


@dataclass(frozen=True, slots=True)
class Said:
    """What the rows of a case say.

    Attributes:
        given: unchecked.
        mark, reason: of a case that was not reviewed; then ``given`` holds its comment alone.
        problems: of the rows themselves, before anything of it is evaluated.
    """

    given: GivenOutcome
    mark: MarkKind | None = None
    reason: str = ""
    problems: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseRows:
    """The rows of one case.

    Attributes:
        rows: in the file's order, at least one.
        questionnaire: None where nothing is asked.
        categories: of the control point.
    """

    columns: Columns
    rows: Sequence[Row]
    questionnaire: Questionnaire | None
    categories: Sequence[Option] = field(default=())

    def said(self) -> Said:
        """Return what the rows say of the case."""
        problems: list[FieldProblem] = []
        own, parts = self._own(problems), self._subunit_rows
        outcome = outcome_meant(own.of(self.columns, "outcome")) if own else ""
        comment = self._alike("comment", problems)
        if own and (mark := _MARKS.get(outcome)):
            problems += self._nothing_else(own)
            reason = option_meant(own.of(self.columns, "reason"), reasons_for(self.questionnaire, mark))
            return Said(GivenOutcome(comment=comment or None), mark, reason, tuple(problems))
        if own:
            problems += self._stray(own, outcome)
        remark = self._alike("remark", problems)
        given = GivenOutcome(
            remark=remark_meant(remark) if remark else None,
            categories=options_meant(self._alike("categories", problems), self.categories),
            comment=comment or None,
            answers=self._answers_of_the_case(problems),
            subunits=tuple(self._subunit(row) for row in parts),
        )
        if remark and given.remark is None:
            row = self._first_with(self.columns.parts["remark"])
            problems.append(row.problem(self.columns.of_part("remark"), "remark-unreadable", "Write yes or no."))
        return Said(given, problems=tuple(problems))

    def located(self, problem: FieldProblem) -> FieldProblem:
        """Return a problem with the field of an outcome as one with the row and the column where it stands."""
        first, row = self.rows[0], None
        match problem.field.split("."):
            case ["answers", question]:
                row, name = self._first_with(self.columns.questions.get(question)), self.columns.of_question(question)
            case ["subunits", place, "answers", question]:
                row, name = self._subunit_rows[int(place)], self.columns.of_question(question)
            case ["subunits", place, "outcome" | "reason" | "subunit" as part]:
                row, name = self._subunit_rows[int(place)], self.columns.of_part(part)
            case ["subunits"]:
                name = self.columns.of_part("subunit")
            case ["remark" | "categories" | "comment" | "reason" as part]:
                row, name = self._first_with(self.columns.parts.get(part)), self.columns.of_part(part)
            case _:
                name = problem.field
        return problem.model_copy(update={"field": name, "row": (row or first).number})

    @property
    def _subunit_rows(self) -> list[Row]:
        return [row for row in self.rows if row.of(self.columns, "subunit")]

    def _own(self, problems: list[FieldProblem]) -> Row | None:
        """Return the row that is about the case itself, if there is one."""
        own = [row for row in self.rows if not row.of(self.columns, "subunit")]
        message = "The case has a row already. Let each case, or each of its subunits, stand in one row."
        problems += [row.problem(self.columns.key, "row-repeated", message) for row in own[1:]]
        return own[0] if own else None

    def _nothing_else(self, own: Row) -> Iterator[FieldProblem]:
        message = "The case was not reviewed, so nothing else is said of it. Empty the cell, or change the outcome."
        for place in self._asked_places.values():
            if own.cells[place]:
                yield own.problem(self.columns.names[place], "question-not-applicable", message)
        for part in ("remark", "categories"):
            if own.of(self.columns, part):
                yield own.problem(self.columns.of_part(part), "question-not-applicable", message)
        for row in self._subunit_rows:
            yield row.problem(self.columns.of_part("subunit"), "subunits-not-asked", message)

    def _stray(self, own: Row, outcome: str) -> Iterator[FieldProblem]:
        """Yield what a row about a reviewed case should not hold."""
        if outcome not in {"", REVIEWED}:
            message = f"Write {REVIEWED}, {' or '.join(_MARKS)}, or leave it empty."
            yield own.problem(self.columns.of_part("outcome"), "outcome-unknown", message)
        elif own.of(self.columns, "reason"):
            message = "A reason is for cases that were not reviewed. Empty the cell, or say the outcome."
            yield own.problem(self.columns.of_part("reason"), "reason-not-needed", message)
        for question, place in self._asked_places.items():
            if own.cells[place] and self._is_of_subunits(question):
                message = f"This is asked of each subunit. Say of which, in a column {self.columns.of_part('subunit')}."
                yield own.problem(self.columns.names[place], "subunit-missing", message)

    def _answers_of_the_case(self, problems: list[FieldProblem]) -> dict[str, GivenAnswer]:
        answers = {}
        for question, place in self._asked_places.items():
            if (
                not self._is_derived(question)
                and not self._is_of_subunits(question)
                and (text := self._alike_at(place, problems))
            ):
                answers[question] = self._answer(question, text)
        return answers

    def _subunit(self, row: Row) -> GivenSubunit:
        outcome = outcome_meant(row.of(self.columns, "outcome")) or REVIEWED
        reason = row.of(self.columns, "reason")
        return GivenSubunit(
            subunit=row.of(self.columns, "subunit"),
            outcome=outcome,
            reason=option_meant(reason, reasons_for(self.questionnaire, outcome)) if reason else None,
            answers={
                question: self._answer(question, row.cells[place])
                for question, place in self._asked_places.items()
                if row.cells[place] and self._is_of_subunits(question) and not self._is_derived(question)
            },
        )

    def _alike(self, part: Part, problems: list[FieldProblem]) -> str:
        return self._alike_at(self.columns.parts[part], problems) if part in self.columns.parts else ""

    def _alike_at(self, place: int, problems: list[FieldProblem]) -> str:
        """Return what a column says of the case, in one of its rows or in several alike."""
        first = self._first_with(place).cells[place]
        message = "Another row of this case says otherwise. Say it in one row, or the same in all."
        problems += [
            row.problem(self.columns.names[place], "rows-differ", message)
            for row in self.rows
            if row.cells[place] not in {"", first}
        ]
        return first

    def _first_with(self, place: int | None) -> Row:
        """Return the first row that says something in a column; the first of all when none does."""
        return next((row for row in self.rows if place is not None and row.cells[place]), self.rows[0])

    def _answer(self, question: str, text: str) -> GivenAnswer:
        asked = self._questions.get(question)
        return answer_meant(asked, text) if asked else text

    def _is_derived(self, question: str) -> bool:
        """Whether the answer is computed: what a file says of it was computed before, and is passed over."""
        asked = self._questions.get(question)
        return asked is not None and asked.derived is not None

    def _is_of_subunits(self, question: str) -> bool:
        asked = self._questions.get(question)
        return asked is not None and asked.level == "subunit"

    @property
    def _asked_places(self) -> Mapping[str, int]:
        """Place of each question's column; what a list tells for people's sake is no question."""
        return {
            question: place
            for question, place in self.columns.questions.items()
            if question in self._questions or question.casefold() not in LISTED
        }

    @property
    def _questions(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questionnaire.questions} if self.questionnaire else {}

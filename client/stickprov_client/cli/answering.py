"""Puts a finding together: from the options of a command, from a file, and from what stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.option_values import checked
from stickprov_client.documents.answers_file import read_answers
from stickprov_contracts.http.findings import AnswerShown, RecordFinding, Review, SubunitShown
from stickprov_contracts.questionnaires import Question

_BETWEEN = "|"


@dataclass(frozen=True)
class Said:
    """What the options of a command say of a case; None and empty where they say nothing.

    Attributes:
        answers: each ``QUESTION=ANSWER``.
    """

    remark: bool | None = None
    categories: Sequence[str] = ()
    comment: str | None = None
    answers: Sequence[str] = ()
    file: Path | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether neither a remark nor an answer is given."""
        return self.remark is None and not self.answers and self.file is None

    @property
    def needs_questions(self) -> bool:
        """Whether it must be known what is asked, to read the answers."""
        return bool(self.answers)

    def finding(self, standing: Mapping[str, Any] | None = None, review: Review | None = None) -> RecordFinding:
        """Return the finding: what stands, under what the file says, under what the options say.

        Args:
            standing: fields of a finding that is corrected.
            review: has the questions; needed for answers in options.

        Raises:
            BadInput, BadFile: an option or the file cannot be used.
        """
        fields = dict(standing or {})
        if self.file is not None:
            fields |= read_answers(self.file).model_dump(exclude_unset=True)
        fields |= self._stated()
        if review is not None and review.content is not None:
            fields.setdefault("questionnaire_number", review.questionnaire_number)
        answers = dict(fields.get("answers", {})) | dict(self._typed(review))
        # An answer typed as nothing takes away what stood there.
        fields["answers"] = {question: answer for question, answer in answers.items() if answer not in ("", [])}
        return checked(RecordFinding, fields, {"answers": "--answer", "categories": "--category"})

    def _stated(self) -> dict[str, Any]:
        stated: dict[str, Any] = {}
        if self.remark is not None:
            stated["remark"] = self.remark
        if self.categories or self.remark is False:
            stated["categories"] = list(self.categories)
        if self.comment is not None:
            stated["comment"] = self.comment
        return stated

    def _typed(self, review: Review | None) -> Iterable[tuple[str, str | list[str]]]:
        questions = _questions(review)
        for typed in self.answers:
            question, equals, answer = typed.partition("=")
            if not equals or not question.strip():
                raise BadInput(f"“{typed}” is no answer; write QUESTION=ANSWER, such as plan=yes.", "--answer")
            asked = questions.get(question.strip())
            if asked is not None and asked.type == "many_of":
                yield question.strip(), [one.strip() for one in answer.split(_BETWEEN) if one.strip()]
            else:
                yield question.strip(), answer


def standing_finding(review: Review) -> dict[str, Any]:
    """Return the finding that stands as what would record it again; derived and erased answers are left out."""
    fields: dict[str, Any] = {"comment": review.comment} if review.comment else {}
    if review.content is None or review.content.remark == "asked":
        fields |= {"remark": review.remark, "categories": review.categories}
    questions = _questions(review)
    if answers := _given(review.answers, questions):
        fields["answers"] = answers
    if review.found:
        fields["subunits"] = [_subunit(one, questions) for one in review.found]
    return fields


def _subunit(one: SubunitShown, questions: Mapping[str, Question]) -> dict[str, Any]:
    return {
        "subunit": one.subunit,
        "outcome": one.outcome,
        "reason": one.reason,
        "answers": _given(one.answers, questions),
    }


def _given(answers: Sequence[AnswerShown], questions: Mapping[str, Question]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for answer in answers:
        question = questions.get(answer.question)
        if question is None or question.derived is not None:
            continue
        value = _value(answer, question)
        if value is not None:
            given[answer.question] = value
    return given


def _value(answer: AnswerShown, question: Question) -> object:
    match question.type:
        case "many_of":
            return answer.chosen or None
        case "number":
            return answer.number
        case "date":
            return answer.day.isoformat() if answer.day else None
        case "text":
            return answer.text
        case _:
            return answer.chosen[0] if answer.chosen else None


def _questions(review: Review | None) -> Mapping[str, Question]:
    return {question.id: question for question in review.content.questions} if review and review.content else {}

"""Goes through the questions of one level: which apply, what they were answered, what is derived.

What must not break: one fault is told once. What hangs on an answer that is at fault is neither demanded nor refused,
because nobody can say whether it applies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import Question
from stickprov_findings.domain.questionnaire.answers import is_blank, read_answer
from stickprov_findings.domain.questionnaire.derived import is_older, reference_of
from stickprov_findings.domain.questionnaire.outcome import EvaluatedAnswer
from stickprov_findings.domain.questionnaire.problems import fault


@dataclass
class Asked:
    """What has been found so far.

    Attributes:
        answers: by question, those asked before at the case too.
        uncertain: questions whose answer, or whether they apply, cannot be told.
        own: the answers of this level, in order.
    """

    answers: dict[str, EvaluatedAnswer] = field(default_factory=dict)
    uncertain: set[str] = field(default_factory=set)
    own: list[EvaluatedAnswer] = field(default_factory=list)
    problems: list[FieldProblem] = field(default_factory=list)

    def below(self) -> "Asked":
        """Return a start for the questions of a subunit, which may depend on the case's."""
        return Asked(dict(self.answers), set(self.uncertain))


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks the questions of one level.

    Attributes:
        questions: of the level, in order.
        period_end, review_day: the reference dates.
    """

    questions: Sequence[Question]
    period_end: date
    review_day: date

    def ask(self, given: Mapping[str, object], prefix: str, asked: Asked) -> Asked:
        """Return what was asked before together with this level's answers and problems.

        Args:
            given: by question's id, as it came.
            prefix: what a problem's field has before the question's id.
            asked: of the case, for questions of a subunit.
        """
        for question in self.questions:
            self._take(question, given.get(question.id), f"{prefix}{question.id}", asked)
        known = {question.id for question in self.questions}
        asked.problems += [
            fault(f"{prefix}{name}", "question-unknown", "The questionnaire asks nothing like this here. Leave it out.")
            for name in given
            if name not in known
        ]
        return asked

    def _take(self, question: Question, value: object, place: str, asked: Asked) -> None:
        applies = _applies(question, asked)
        if question.derived is not None:
            if not is_blank(value):
                asked.problems.append(fault(place, "answer-derived", "This answer is computed. Leave it out."))
            self._derive(question, applies, asked)
        elif is_blank(value):
            if applies is None or (applies and question.required):
                asked.uncertain.add(question.id)
            if applies and question.required:
                asked.problems.append(fault(place, "answer-missing", "Answer this question."))
        elif applies is False:
            message = "This question does not apply after the answers before it. Leave it out, or change those."
            asked.problems.append(fault(place, "question-not-applicable", message))
        else:
            answer = read_answer(question, value, place, self.review_day)
            self._keep(question, answer, asked)
            if applies is None:
                asked.uncertain.add(question.id)

    def _keep(self, question: Question, answer: EvaluatedAnswer | FieldProblem, asked: Asked) -> None:
        if isinstance(answer, FieldProblem):
            asked.problems.append(answer)
            asked.uncertain.add(question.id)
        else:
            asked.answers[question.id] = answer
            asked.own.append(answer)

    def _derive(self, question: Question, applies: bool | None, asked: Asked) -> None:
        rule = question.derived
        if rule is None or applies is False:
            return
        if applies is None or rule.date in asked.uncertain:
            asked.uncertain.add(question.id)
            return
        dated = asked.answers.get(rule.date)
        if dated is not None and dated.day is not None:
            older = is_older(dated.day, rule, reference_of(rule.at, self.period_end, self.review_day))
            self._keep(question, EvaluatedAnswer(question.id, chosen=("yes" if older else "no",)), asked)


def _applies(question: Question, asked: Asked) -> bool | None:
    """Whether a question applies; None where that hangs on something that cannot be told."""
    condition = question.applies_if
    if condition is None:
        return True
    if condition.question in asked.uncertain:
        return None
    answer = asked.answers.get(condition.question)
    return answer is not None and any(one in condition.answers for one in answer.chosen)

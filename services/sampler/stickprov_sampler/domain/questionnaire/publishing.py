"""Publishing a questionnaire: each version stays, and what changes nothing is no version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from stickprov_contracts.events import Event
from stickprov_contracts.events.plans import QuestionnairePublished
from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import FIXED_ANSWERS, Question, Questionnaire, RemarkRule
from stickprov_sampler.domain.problem import OptionError


class QuestionnaireUnfitError(OptionError):
    """A questionnaire contradicts itself."""

    code: ClassVar[str] = "questionnaire-unfit"
    title: ClassVar[str] = "The questionnaire does not fit together"


@dataclass(frozen=True, slots=True)
class Publish:
    """Command: this is what is asked from now on."""

    questionnaire: str
    content: Questionnaire


def decide(command: Publish, newest: QuestionnairePublished | None) -> list[Event]:
    """Return the new version, or nothing when the newest says the same.

    Raises:
        QuestionnaireUnfitError: names every fault by its path into the questionnaire.
    """
    faults = list(_faults(command.content.questions))
    if faults:
        raise QuestionnaireUnfitError(faults)
    content = command.content.model_dump(mode="json")
    if newest is not None and newest.content == content:
        return []
    number = newest.number + 1 if newest else 1
    return [QuestionnairePublished(questionnaire=command.questionnaire, number=number, content=content)]


def _faults(questions: list[Question]) -> Iterator[FieldProblem]:
    earlier: dict[str, Question] = {}
    for place, question in enumerate(questions):
        here = f"questions.{place}"
        if question.id in earlier:
            yield _fault(f"{here}.id", f"Question “{question.id}” stands twice. Give each its own id.")
        yield from _options(here, question)
        yield from _condition(here, question, earlier)
        for number, rule in enumerate(question.remarks):
            yield from _rule(f"{here}.remarks.{number}", question, rule)
        earlier[question.id] = question


def _options(here: str, question: Question) -> Iterator[FieldProblem]:
    chosen = question.type in {"one_of", "many_of"}
    if chosen and not question.options:
        yield _fault(f"{here}.options", f"A {question.type} question needs options to choose from.")
    if not chosen and question.options:
        yield _fault(f"{here}.options", f"A {question.type} question has no options. Take them away, or use one_of.")
    seen: set[str] = set()
    for place, option in enumerate(question.options):
        if option.id in seen:
            yield _fault(f"{here}.options.{place}.id", f"Option “{option.id}” stands twice. Give each its own id.")
        seen.add(option.id)


def _condition(here: str, question: Question, earlier: Mapping[str, Question]) -> Iterator[FieldProblem]:
    condition = question.applies_if
    if condition is None:
        return
    asked = earlier.get(condition.question)
    if asked is None:
        yield _fault(f"{here}.applies_if.question", f"“{condition.question}” is no earlier question.")
        return
    if asked.level == "subunit" and question.level == "case":
        message = f"“{asked.id}” is asked of each subunit, so it cannot decide about a question of the case."
        yield _fault(f"{here}.applies_if.question", message)
    yield from _answers(f"{here}.applies_if.answers", asked, condition.answers)


def _rule(here: str, question: Question, rule: RemarkRule) -> Iterator[FieldProblem]:
    bounded = rule.above is not None or rule.below is not None
    if question.type == "number":
        if not bounded or rule.answers:
            yield _fault(here, "Say above or below which number it is a remark.")
    elif bounded or not rule.answers:
        yield _fault(here, "Say which answers are a remark; above and below are for numbers.")
    else:
        yield from _answers(f"{here}.answers", question, rule.answers)


def _answers(here: str, question: Question, answers: list[str]) -> Iterator[FieldProblem]:
    possible = [*FIXED_ANSWERS.get(question.type, ()), *(option.id for option in question.options)]
    for place, answer in enumerate(answers):
        if answer not in possible:
            choice = f"It has {', '.join(possible)}." if possible else f"A {question.type} question has none to choose."
            yield _fault(f"{here}.{place}", f"“{answer}” is no answer to “{question.id}”. {choice}")


def _fault(field: str, message: str) -> FieldProblem:
    return FieldProblem(field=field, code=QuestionnaireUnfitError.code, message=message)

"""What a questionnaire must not contradict in itself. Every fault is named by its path into it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import FIXED_ANSWERS, Option, Question, Questionnaire, RemarkRule
from stickprov_sampler.domain.problem import OptionError

MOST_QUESTIONS: Final = 500


class QuestionnaireUnfitError(OptionError):
    """A questionnaire contradicts itself."""

    code: ClassVar[str] = "questionnaire-unfit"
    title: ClassVar[str] = "The questionnaire does not fit together"


def faults_in(questionnaire: Questionnaire) -> list[FieldProblem]:
    """Return every fault, named by its path into the questionnaire."""
    if len(questionnaire.questions) > MOST_QUESTIONS:
        return [_fault("questions", f"Ask at most {MOST_QUESTIONS} questions; a finding holds no more answers.")]
    return [
        *_questions(questionnaire),
        *_twice("over_coverage", "Reason", questionnaire.over_coverage),
        *_twice("non_response", "Reason", questionnaire.non_response),
    ]


def _questions(questionnaire: Questionnaire) -> Iterator[FieldProblem]:
    earlier: dict[str, Question] = {}
    for place, question in enumerate(questionnaire.questions):
        here = f"questions.{place}"
        if question.id in earlier:
            yield _fault(f"{here}.id", f"Question “{question.id}” stands twice. Give each its own id.")
        yield from _options(here, question)
        yield from _condition(here, question, earlier)
        yield from _derived(here, question, earlier)
        yield from _unit(here, question)
        if question.remarks and questionnaire.remark == "asked":
            message = "The reviewer says whether there is a remark. Take the rules away, or write remark: by_rules."
            yield _fault(f"{here}.remarks", message)
        for number, rule in enumerate(question.remarks):
            yield from _rule(f"{here}.remarks.{number}", question, rule)
        earlier[question.id] = question


def _options(here: str, question: Question) -> Iterator[FieldProblem]:
    chosen = question.type in {"one_of", "many_of"}
    if chosen and not question.options:
        yield _fault(f"{here}.options", f"A {question.type} question needs options to choose from.")
    if not chosen and question.options:
        yield _fault(f"{here}.options", f"A {question.type} question has no options. Take them away, or use one_of.")
    yield from _twice(f"{here}.options", "Option", question.options)


def _twice(here: str, what: str, options: Sequence[Option]) -> Iterator[FieldProblem]:
    seen: set[str] = set()
    for place, option in enumerate(options):
        if option.id in seen:
            yield _fault(f"{here}.{place}.id", f"{what} “{option.id}” stands twice. Give each its own id.")
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


def _derived(here: str, question: Question, earlier: Mapping[str, Question]) -> Iterator[FieldProblem]:
    derived = question.derived
    if derived is None:
        return
    if question.type != "yes_no":
        yield _fault(f"{here}.type", "A derived answer is yes or no. Write type: yes_no, or take derived away.")
    if derived.years == derived.months == derived.days == 0:
        yield _fault(f"{here}.derived", "Say how far back: years, months or days above 0.")
    asked = earlier.get(derived.date)
    if asked is None:
        yield _fault(f"{here}.derived.date", f"“{derived.date}” is no earlier question.")
    elif asked.type != "date":
        yield _fault(f"{here}.derived.date", f"“{asked.id}” is a {asked.type} question; name one of type date.")
    elif asked.level == "subunit" and question.level == "case":
        message = f"“{asked.id}” is asked of each subunit, so nothing can be derived from it for the case."
        yield _fault(f"{here}.derived.date", message)


def _unit(here: str, question: Question) -> Iterator[FieldProblem]:
    units = {"unit_sv": question.unit_sv, "unit_en": question.unit_en}
    given = [name for name, text in units.items() if text is not None]
    if given and question.type != "number":
        yield _fault(f"{here}.{given[0]}", "Only a number has a unit. Take it away, or write type: number.")
    elif len(given) == 1:
        yield _fault(f"{here}.{given[0]}", "Give the unit in both languages: unit_sv and unit_en.")


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

"""Whether there is a remark, and what it is about: by the questionnaire's rules, or as the reviewer says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import Question, RemarkRule
from stickprov_findings.domain.questionnaire.outcome import EvaluatedAnswer
from stickprov_findings.domain.questionnaire.problems import fault, listed


@dataclass(frozen=True, slots=True)
class Remark:
    """Whether there is one, and its categories, each once."""

    found: bool = False
    categories: tuple[str, ...] = ()

    def __or__(self, other: "Remark") -> "Remark":
        """Return what holds of both together."""
        return Remark(self.found or other.found, tuple(dict.fromkeys((*self.categories, *other.categories))))


def remark_of(answers: Iterable[EvaluatedAnswer], questions: Mapping[str, Question]) -> Remark:
    """Return what the rules make of answers."""
    remark = Remark()
    for answer in answers:
        for rule in questions[answer.question].remarks:
            if _fits(rule, answer):
                remark |= Remark(found=True, categories=(rule.category,) if rule.category else ())
    return remark


def _fits(rule: RemarkRule, answer: EvaluatedAnswer) -> bool:
    if answer.number is not None:
        above = rule.above is not None and answer.number > rule.above
        return above or (rule.below is not None and answer.number < rule.below)
    return any(one in rule.answers for one in answer.chosen)


def contradictions(remark: Remark, said: bool | None, categories: Sequence[str]) -> list[FieldProblem]:
    """Return where the reviewer said otherwise than the rules; saying nothing, or the same, is no fault."""
    problems = []
    if said is not None and said != remark.found:
        outcome = "a remark" if remark.found else "no remark"
        message = f"The answers lead to {outcome}. Leave this out, or change the answers."
        problems.append(fault("remark", "remark-contradicted", message))
    if categories and set(categories) != set(remark.categories):
        message = "The answers settle the categories. Leave them out, or change the answers."
        problems.append(fault("categories", "categories-contradicted", message))
    return problems


def stated_problems(said: bool | None, chosen: Sequence[str], known: frozenset[str] | None) -> list[FieldProblem]:
    """Return what is wrong with a remark that the reviewer states.

    Args:
        said: whether there is one.
        chosen: its categories.
        known: the control point's; None checks none.
    """
    if said is None:
        return [fault("remark", "remark-missing", "Say whether there is a remark.")]
    if not said:
        message = "Categories are for remarks. Leave them out, or say that there is a remark."
        return [fault("categories", "category-without-remark", message)] if chosen else []
    if known is None:
        return []
    if known and not chosen:
        message = f"Say what the remark is about; choose at least one of {listed(sorted(known))}."
        return [fault("categories", "category-missing", message)]
    problems = []
    if places := [str(place) for place, category in enumerate(chosen, start=1) if category not in known]:
        choose = f"choose among {listed(sorted(known))}" if known else "it has none; leave them out"
        message = f"Category number {', '.join(places)} is none of the control point's: {choose}."
        problems.append(fault("categories", "category-unknown", message))
    if len(set(chosen)) < len(chosen):
        message = "A category is given more than once. Give each once."
        problems.append(fault("categories", "category-repeated", message))
    return problems

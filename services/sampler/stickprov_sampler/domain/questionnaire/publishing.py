"""Publishing a questionnaire: each version stays, and what changes nothing is no version."""

from dataclasses import dataclass

from stickprov_contracts.events import Event
from stickprov_contracts.events.plans import QuestionnairePublished
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_sampler.domain.questionnaire.checking import QuestionnaireUnfitError, faults_in


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
    faults = faults_in(command.content)
    if faults:
        raise QuestionnaireUnfitError(faults)
    # Compared as read: a version from before a field was there says what it says with the field's own value.
    if newest is not None and Questionnaire.model_validate(newest.content) == command.content:
        return []
    content = command.content.model_dump(mode="json")
    number = newest.number + 1 if newest else 1
    return [QuestionnairePublished(questionnaire=command.questionnaire, number=number, content=content)]


def categories_of(questionnaire: Questionnaire) -> frozenset[str]:
    """Return the categories that a questionnaire's remarks are of."""
    rules = (rule for question in questionnaire.questions for rule in question.remarks)
    return frozenset(rule.category for rule in rules if rule.category is not None)

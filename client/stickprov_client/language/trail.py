"""What an event of a log says, as a sentence in either language: the trail, in the command and on the pages alike.

What must not break: every event type that is published has a sentence (a test says so). An event that a newer service
knows, or one that does not read as this release knows it, is told by its name.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from stickprov_client.language.people import called
from stickprov_client.language.trail_of_erasure import SENTENCES as OF_ERASURE
from stickprov_client.language.trail_of_findings import SENTENCES as OF_FINDINGS
from stickprov_client.language.trail_of_follow_ups import SENTENCES as OF_FOLLOW_UPS
from stickprov_client.language.trail_of_sampling import SENTENCES as OF_SAMPLING
from stickprov_client.language.trail_words import Telling
from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.events import EVENT_TYPES
from stickprov_contracts.http.audit import TrailEntry
from stickprov_contracts.http.plans import Person

_SENTENCES: Final[Mapping[str, Callable[[Any, Telling], str]]] = {
    **OF_SAMPLING,
    **OF_ERASURE,
    **OF_FINDINGS,
    **OF_FOLLOW_UPS,
}

TYPE_NAMES: Final[Mapping[str, str]] = {
    "control-point-defined": marked("Control point defined"),
    "frame-frozen": marked("Frame frozen"),
    "seed-drawn": marked("Seed made"),
    "sample-drawn": marked("Sample drawn"),
    "case-drawn": marked("Case drawn"),
    "seed-committed": marked("Secret seed made"),
    "seed-revealed": marked("Secret seed shown"),
    "sample-extended": marked("Sample extended"),
    "case-replaced": marked("Case replaced"),
    "control-plan-adopted": marked("Plan adopted"),
    "control-point-carried-over": marked("Control point carried over"),
    "questionnaire-published": marked("Questionnaire published"),
    "staff-listed": marked("Staff list read"),
    "period-closed": marked("Period closed"),
    "register-measured": marked("Register measured"),
    "schedule-set": marked("Schedule set"),
    "identity-shown": marked("Identity shown"),
    "protections-changed": marked("Protected identities changed"),
    "retention-set": marked("Retention set"),
    "legal-hold-placed": marked("Hold placed"),
    "legal-hold-lifted": marked("Hold lifted"),
    "cases-erased": marked("Cases erased"),
    "cases-forgotten": marked("Cases forgotten on request"),
    "frame-identities-erased": marked("Frame's identities erased"),
    "series-key-erased": marked("Series' key erased"),
    "staff-erased": marked("Names of staff erased"),
    "erasure-completed": marked("Erasure completed"),
    "free-text-erased": marked("Free text erased"),
    "finding-recorded": marked("Finding recorded"),
    "finding-corrected": marked("Finding corrected"),
    "finding-withdrawn": marked("Finding withdrawn"),
    "review-started": marked("Review begun"),
    "case-marked-over-coverage": marked("Marked as over-coverage"),
    "case-marked-non-response": marked("Marked as non-response"),
    "review-reopened": marked("Review opened again"),
    "disagreement-settled": marked("Disagreement settled"),
    "second-review-recorded": marked("Second review recorded"),
    "file-review-recorded": marked("File review recorded"),
    "case-assigned": marked("Case assigned"),
    "control-concluded": marked("Control concluded"),
    "action-proposed": marked("Action proposed"),
    "action-updated": marked("Action changed"),
    "action-followed-up": marked("Action followed up"),
    "plan-status-reported": marked("Plan status reported"),
}
"""What each type of event is called, for choosing among them."""


def type_name_told(type_: str, language: Language) -> str:
    """Return what a type of event is called; one that a newer service knows stands as it is."""
    return texts(language).gettext(TYPE_NAMES[type_]) if type_ in TYPE_NAMES else type_


def told_event(entry: TrailEntry, language: Language, people: Sequence[Person] = ()) -> str:
    """Say what happened, without who and when.

    Args:
        entry: the event.
        language: of the sentence.
        people: the staff list, where the reader may see it: somebody who is named in an event is called by name.
    """
    model = EVENT_TYPES.get(f"stickprov.{entry.source}.{entry.type}.v{entry.version}")
    sentence = _SENTENCES.get(entry.type)
    if model is None or sentence is None:
        return type_name_told(entry.type, language)
    try:
        event = model.model_validate(entry.data, strict=False)
    except ValidationError:
        return type_name_told(entry.type, language)
    return sentence(event, Telling(language, names_of(people)))


def who(actor: str, language: Language, people: Sequence[Person] = ()) -> str:
    """Say who it was: by name where the staff list is known, else by pseudonym; nobody for the system itself."""
    if actor == "system":
        return texts(language).gettext("the system")
    return names_of(people).get(actor, actor)


def names_of(people: Sequence[Person]) -> dict[str, str]:
    """Return what to call people, by pseudonym."""
    return {person.pseudonym: called(person) for person in people}

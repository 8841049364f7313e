"""How assignments are told in both languages, in the command and on the pages alike."""

from collections.abc import Sequence
from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.findings import QueueItem, Review
from stickprov_contracts.http.plans import Person

_WHY: Final = {
    "no-handler": marked("the register names no handler"),
    "handler-not-listed": marked("the handler is not on the staff list, or may not review it"),
    "no-colleague": marked("there is no colleague in the unit who may review it"),
    "no-reviewer": marked("there is nobody who may review it"),
    "capacity": marked("everybody has as many as they are to have"),
}

PROTECTED_TAKES_BOTH: Final = marked(
    "Cases with a protected identity go only to those whom the staff list has as cleared (clearance: protected), and "
    "are opened only by those who sign in with the role protected-reviewer. It takes both."
)
"""Said whenever cases are given out and somebody is cleared, whether any of them is protected or not."""

_STATUSES: Final = {
    "waiting": marked("waiting"),
    "started": marked("started"),
    "reviewed": marked("reviewed"),
    "over-coverage": marked("over-coverage"),
    "non-response": marked("non-response"),
}


def status_name(status: str, language: Language) -> str:
    """Return how a review stands."""
    return texts(language).gettext(_STATUSES.get(status, status))


def why_unassigned(why: str, language: Language) -> str:
    """Return why nobody could be given a case."""
    return texts(language).gettext(_WHY.get(why, why))


def whose_case(case: QueueItem | Review, rule: str | None) -> str:
    """Return who is to review a case: whom it was given to, else its handler under the handlers' own rule.

    Args:
        case: as findings has it.
        rule: of its control point; None is the handlers' own.

    Returns:
        A pseudonym; "" where it may be several.
    """
    return case.reviewer or (case.handler if rule in {None, "handler"} else None) or ""


def anybody_cleared(people: Sequence[Person]) -> bool:
    """Tell whether the staff list has somebody who is cleared for protected identities."""
    return any(person.clearance == "protected" for person in people)


def names_of(people: Sequence[Person]) -> dict[str, str]:
    """Return what to call people, by pseudonym; those whom the vault does not name are not in it."""
    return {person.pseudonym: person.name for person in people if person.name}

"""Listing the staff. The event knows pseudonyms; names and addresses never leave the vault.

What must not break: no message repeats a name or a sign-in name; the place in the list says who is meant.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from stickprov_contracts.events import Event
from stickprov_contracts.events.plans import StaffListed, StaffMember
from stickprov_contracts.http.plans import ListedPerson, Person, StaffChange, StaffListedAnswer
from stickprov_contracts.problems import FieldProblem
from stickprov_sampler.domain.problem import OptionError


class StaffListUnfitError(OptionError):
    """A staff list contradicts itself."""

    code: ClassVar[str] = "staff-list-unfit"
    title: ClassVar[str] = "The staff list does not fit together"


@dataclass(frozen=True, slots=True)
class Identified:
    """Somebody's pseudonym and what the vault keeps of them."""

    pseudonym: str
    sign_in: str
    name: str
    email: str


def members_of(people: Iterable[ListedPerson], pseudonym: Callable[[str], str]) -> list[StaffMember]:
    """Return the list as the event holds it, in its order; ``pseudonym`` makes one of a sign-in name.

    Raises:
        StaffListUnfitError: names the places of people who stand twice.
    """
    members: dict[str, StaffMember] = {}
    first: dict[str, int] = {}
    faults = []
    for place, person in enumerate(people):
        own = pseudonym(person.sign_in)
        if own in members:
            message = f"The same person stands at place {first[own] + 1} already. Let each stand once."
            faults.append(FieldProblem(field=f"staff.{place}.sign_in", code=StaffListUnfitError.code, message=message))
            continue
        first[own] = place
        groups = list(dict.fromkeys(person.groups))
        members[own] = StaffMember(pseudonym=own, unit=person.unit, groups=groups, clearance=person.clearance)
    if faults:
        raise StaffListUnfitError(faults)
    return list(members.values())


def decide(members: list[StaffMember], newest: StaffListed | None) -> list[Event]:
    """Return the new list, or nothing when it is the one that holds."""
    listed = StaffListed(staff=members)
    return [] if listed == newest else [listed]


def difference(members: list[StaffMember], newest: StaffListed | None, version: int) -> StaffListedAnswer:
    """Return how many are new, changed and gone."""
    before = {member.pseudonym: member for member in newest.staff} if newest else {}
    after = {member.pseudonym: member for member in members}
    return StaffListedAnswer(
        version=version,
        listed=len(after),
        added=len(after.keys() - before.keys()),
        changed=sum(after[one] != before[one] for one in after.keys() & before.keys()),
        removed=len(before.keys() - after.keys()),
    )


def people(members: Iterable[StaffMember], known: Mapping[str, Identified]) -> list[Person]:
    """Return members of a list with what is known of each."""
    return [_person(member, known.get(member.pseudonym)) for member in members]


def changes(before: Sequence[Person], after: Sequence[Person]) -> list[StaffChange]:
    """Return who would be added or changed, in the new list's order, and then who would leave."""
    earlier = {person.pseudonym: person for person in before}
    found = []
    for person in after:
        was = earlier.pop(person.pseudonym, None)
        if was is None:
            found.append(StaffChange(what="added", person=person))
        elif was != person:
            fields = [name for name in Person.model_fields if getattr(was, name) != getattr(person, name)]
            found.append(StaffChange(what="changed", person=person, fields=fields))
    return [*found, *(StaffChange(what="removed", person=person) for person in earlier.values())]


def _person(member: StaffMember, known: Identified | None) -> Person:
    return Person(
        pseudonym=member.pseudonym,
        name=known.name if known else None,
        email=known.email if known else None,
        unit=member.unit,
        groups=member.groups,
        clearance=member.clearance,
        sign_in=known.sign_in if known else None,
    )

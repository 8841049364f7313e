"""Who may be given a case, by the control point's rule.

What must not break: under ``colleague`` nobody is given a case of their own; a second review never goes to somebody
who has reviewed the case; a case with a protected identity goes to nobody who is not cleared for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, assert_never

from stickprov_contracts.http.findings import Purpose

Rule = Literal["handler", "colleague", "group", "round_robin"]
Why = Literal["no-handler", "handler-not-listed", "no-colleague", "no-reviewer", "capacity"]

_GIVEN_BY: Final[dict[str | None, Rule]] = {
    "handler": "handler",
    "colleague": "colleague",
    "group": "group",
    "round_robin": "round_robin",
}
_NONE_LEFT: Final[dict[Rule, Why]] = {
    "handler": "handler-not-listed",
    "colleague": "no-colleague",
    "group": "no-reviewer",
    "round_robin": "no-reviewer",
}
"""Why nobody is left: what ordinary cases have under the rule, too; a protected one must have no reason of its own."""
_NOBODY: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff list, by pseudonym.

    Attributes:
        unit: "" where none is told.
        cleared: for protected identities.
    """

    pseudonym: str
    unit: str = ""
    groups: frozenset[str] = _NOBODY
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A case that is to be given to somebody.

    Attributes:
        unit: the unit that handles it, "" where unknown.
        barred: who must not be given it: for a second review those who have reviewed it, and the other way about.
        protected: whether it is for those alone who are cleared for protected identities.
    """

    case: str
    handler: str | None
    unit: str = ""
    barred: frozenset[str] = _NOBODY
    protected: bool = False


class Staff:
    """The staff list, by pseudonym, unit and group."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.members: Final = {member.pseudonym: member for member in members}
        self._units: dict[str, set[str]] = {}
        self._groups: dict[str, set[str]] = {}
        for member in self.members.values():
            self._units.setdefault(member.unit, set()).add(member.pseudonym)
            for group in member.groups:
                self._groups.setdefault(group, set()).add(member.pseudonym)

    def cleared(self, pseudonym: str) -> bool:
        """Tell whether somebody is on the list and cleared for protected identities."""
        member = self.members.get(pseudonym)
        return member is not None and member.cleared

    def everybody(self) -> frozenset[str]:
        """Return everybody on the list."""
        return frozenset(self.members)

    def of_group(self, group: str | None) -> frozenset[str]:
        """Return who belongs to a group."""
        return frozenset(self._groups.get(group or "", ()))

    def of_unit(self, unit: str) -> frozenset[str]:
        """Return who works in a unit; nobody works in a unit without a name."""
        return frozenset(self._units.get(unit, ())) if unit else _NOBODY

    def unit_of(self, case: Case) -> str:
        """Return the unit of the case's handler, as the list has it; else the one that the register told."""
        handler = self.members.get(case.handler or "")
        return (handler.unit if handler else "") or case.unit


def rule_for(purpose: Purpose, of_the_point: str | None) -> Rule:
    """Return the rule that cases of a point are given by when nobody names one.

    Where anybody may review, whoever has least to do is given the case. The handler does not review again what they
    have reviewed, so a second review goes to a colleague.
    """
    rule = _GIVEN_BY.get(of_the_point, "round_robin")
    return "colleague" if purpose == "second-review" and rule == "handler" else rule


def candidates(case: Case, rule: Rule, group: str | None, staff: Staff) -> frozenset[str] | Why:
    """Return who may be given a case, at least one; else why nobody can."""
    match rule:
        case "handler":
            found = _handler(case, staff)
        case "colleague":
            found = _colleagues(case, staff)
        case "group":
            found = staff.of_group(group)
        case "round_robin":
            found = staff.everybody()
        case _:
            assert_never(rule)
    if isinstance(found, str):
        return found
    found -= case.barred
    if case.protected:
        # No reason of its own where nobody is left: it would tell that the case is protected.
        found = frozenset(one for one in found if staff.cleared(one))
    return found or _NONE_LEFT[rule]


def _handler(case: Case, staff: Staff) -> frozenset[str] | Why:
    if case.handler is None:
        return "no-handler"
    return frozenset({case.handler}) if case.handler in staff.members else "handler-not-listed"


def _colleagues(case: Case, staff: Staff) -> frozenset[str] | Why:
    if case.handler is None:
        # Nobody could tell whose case it is, so it might be anybody's own.
        return "no-handler"
    unit = staff.unit_of(case)
    if not unit and case.handler not in staff.members:
        return "handler-not-listed"
    return staff.of_unit(unit) - {case.handler}

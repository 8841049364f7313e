"""How a drawn case stands when it is to be given to somebody, and which cases are to be given for a purpose."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from stickprov_contracts.http.findings import Purpose, Status
from stickprov_findings.domain.assignment.rules import Case, Staff


@dataclass(frozen=True, slots=True)
class Standing:
    """A drawn case as it stands for one purpose.

    Attributes:
        handler, unit: as drawn.
        given_to: whose it is for the purpose.
        other: who has been given the second review, or the first when this is the second.
        version: of the case's stream of assignments.
        status: of the first review. own_status: of the purpose's.
        remark: whether the first review found one.
        reviewed_by: who recorded the first review.
        replaced_by: the spare that took its place in the draw.
        closed: label of the closed period that it belongs to.
        protected: whether it is for those alone who are cleared for protected identities.
    """

    case: str
    handler: str | None
    unit: str = ""
    given_to: str | None = None
    other: str | None = None
    version: int = 0
    status: Status = "waiting"
    own_status: Status = "waiting"
    remark: bool = False
    reviewed_by: frozenset[str] = frozenset()
    replaced_by: str | None = None
    closed: str | None = None
    protected: bool = False

    def as_case(self, purpose: Purpose) -> Case:
        """Return the case with those who must not be given it for a purpose."""
        return Case(self.case, self.handler, self.unit, self.barred(purpose), protected=self.protected)

    def barred(self, purpose: Purpose) -> frozenset[str]:
        """Return who must not be given the case: nobody does both the first and the second review."""
        if purpose == "file-review":
            return frozenset()
        other = frozenset() if self.other is None else frozenset({self.other})
        return other | self.reviewed_by if purpose == "second-review" else other


def held(standing: Standing, staff: Staff) -> Standing:
    """Return a case as it stands when nobody has what they must not have: it waits for somebody who is cleared."""
    given = standing.given_to
    if not standing.protected or given is None or standing.own_status != "waiting" or staff.cleared(given):
        return standing
    return replace(standing, given_to=None)


def with_reviewer(standings: Iterable[Standing]) -> list[Standing]:
    """Return the cases that somebody has been given, or has begun or done without."""
    return [one for one in standings if one.given_to is not None or one.own_status != "waiting"]


def to_be_given(standings: Iterable[Standing], purpose: Purpose) -> list[Standing]:
    """Return the cases that wait for a reviewer: for a second review reviewed ones, for a file review with a remark."""
    waiting = [one for one in standings if one.given_to is None and one.own_status == "waiting"]
    match purpose:
        case "review":
            return waiting
        case "second-review":
            return [one for one in waiting if one.status == "reviewed"]
        case "file-review":
            return [one for one in waiting if one.status == "reviewed" and one.remark]

"""Who may review a case: whom it was assigned to, or else whoever the control point's rule names.

What must not break: a second reviewer never sees the first review and is never the first reviewer; under ``colleague``
nobody reviews a case of their own. Who may not review a case may not read its review either; a case of another unit is
to them like one that was not drawn.
"""

from typing import Final

from stickprov_findings.domain.assignment.rules import Case, Rule, Staff, candidates
from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_findings.domain.review.refusals import CaseNotDrawnError, CaseNotYoursError
from stickprov_findings.domain.review.state import DrawnCase, Review

_BLIND: Final = "You are its second reviewer, and do not see the first review. Open the second one."


def require_entitled(key: ReviewKey, actor: str, review: Review, drawn: DrawnCase) -> None:
    """Refuse whoever may not review the case for the purpose.

    Raises:
        CaseNotYoursError: says why, without saying what others have found.
        CaseNotDrawnError: the case is another unit's.
    """
    if key.purpose == "second-review":
        _require_second_reviewer(key, actor, review, drawn)
    elif (why := _why_not(actor, drawn)) is not None:
        raise _refusal(key, actor, drawn, why)
    elif key.purpose == "review" and drawn.entitled.second_reviewer == actor:
        raise CaseNotYoursError(_BLIND)


def require_own_or_unread(key: ReviewKey, actor: str, review: Review, drawn: DrawnCase) -> None:
    """Refuse whoever would see or change another's review where second reviews are blind.

    Raises:
        CaseNotYoursError: somebody else has reviewed the case, and the caller may yet be its second reviewer.
    """
    given = drawn.entitled.reviewer == actor
    if key.purpose != "review" or not drawn.entitled.blind or given or actor in review.reviewers:
        return
    if review.reviewers:
        raise CaseNotYoursError(
            "Somebody else has reviewed it. Second reviews are blind here, so nobody reads another's review."
        )


def require_reader(key: ReviewKey, actor: str, review: Review, drawn: DrawnCase, *, sees_everything: bool) -> None:
    """Refuse whoever may not read a review.

    Args:
        key: which.
        actor: who would read it.
        review: with the second beside the first, for whoever sees everything.
        drawn: its case.
        sees_everything: whether the caller coordinates or audits; a second reviewer who does, does so afterwards.

    Raises:
        CaseNotYoursError: says why.
        CaseNotDrawnError: the case is another unit's.
    """
    if not sees_everything:
        require_entitled(key, actor, review, drawn)
        require_own_or_unread(key, actor, review, drawn)
    elif key.purpose == "review" and drawn.entitled.second_reviewer == actor:
        second = review.beside
        if second is None or (second.finding is None and second.mark is None):
            raise CaseNotYoursError(_BLIND)


def _refusal(key: ReviewKey, actor: str, drawn: DrawnCase, why: str) -> CaseNotYoursError | CaseNotDrawnError:
    """Return why not; of another unit's case that is all that anybody is told of it."""
    entitled = drawn.entitled
    unit = (entitled.handling.unit if entitled.handling else "") or drawn.unit
    own = entitled.asking.unit if entitled.asking else ""
    knows_it = actor in {drawn.handler, entitled.second_reviewer}
    return CaseNotYoursError(why) if not unit or unit == own or knows_it else CaseNotDrawnError(key)


def _require_second_reviewer(key: ReviewKey, actor: str, review: Review, drawn: DrawnCase) -> None:
    if review.beside is not None and actor in review.beside.reviewers:
        raise CaseNotYoursError("You have reviewed it already. The second review is somebody else's.")
    if drawn.entitled.reviewer != actor:
        raise _refusal(key, actor, drawn, "A second review is done by whom the coordinator has given it to.")


def _why_not(actor: str, drawn: DrawnCase) -> str | None:
    entitled = drawn.entitled
    if entitled.reviewer is not None:
        return None if entitled.reviewer == actor else "It has been given to another reviewer."
    match entitled.rule:
        case "anyone":
            return None
        case None | "handler":
            return None if drawn.handler in {None, actor} else "Only the handler of this case can review it."
        case "colleague":
            message = "A colleague in the handler's unit reviews it, and never the handler."
            return None if actor in _named("colleague", drawn) else message
        case "group":
            message = f"Only the group {entitled.group or ''} reviews these cases."
            return None if actor in _named("group", drawn) else message
        case _:
            message = "Only those on the staff list review these cases."
            return None if entitled.asking is not None else message


def _named(rule: Rule, drawn: DrawnCase) -> frozenset[str]:
    """Return who of the caller and the handler the rule names."""
    entitled = drawn.entitled
    staff = Staff([member for member in (entitled.asking, entitled.handling) if member is not None])
    named = candidates(Case("", drawn.handler, drawn.unit), rule, entitled.group, staff)
    return named if isinstance(named, frozenset) else frozenset()

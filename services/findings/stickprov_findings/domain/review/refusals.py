"""Why a review command is refused, in words for the person who gave it."""

from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_kernel.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PreconditionFailedError,
    UnavailableError,
)


class CaseNotDrawnError(NotFoundError):
    """No such case has been drawn, or it has not been heard of yet."""

    code = "case-not-drawn"
    title = "This case has not been drawn"

    def __init__(self, key: ReviewKey) -> None:
        super().__init__(
            f"Case {key.case[:12]}... is not among the cases drawn for {key.control_point} in draw {key.draw}. "
            "Check the three; a case drawn a moment ago is here in a few seconds."
        )


class CaseNotYoursError(ForbiddenError):
    """The case has a handler, and it is somebody else."""

    code = "case-not-yours"
    title = "This case is another reviewer's"

    def __init__(self) -> None:
        super().__init__("Only the handler of this case can review it. Take the next case of your own queue.")


class CaseReplacedError(ConflictError):
    """A spare has taken the case's place in the draw."""

    code = "case-replaced"
    title = "This case is no longer in the draw"

    def __init__(self, replacement: str) -> None:
        super().__init__(
            f"A spare, {replacement[:12]}..., was drawn in place of this case; nothing was stored. "
            "Take the next case of your queue."
        )


class ControlPointNotKnownError(UnavailableError):
    """The control point's definition has not been heard, or could not be understood, so nothing can be checked."""

    code = "control-point-not-known"
    title = "This control point is not known here yet"

    def __init__(self, control_point: str) -> None:
        super().__init__(
            f"The case has been drawn, but the definition of {control_point} has not arrived. Try again shortly; "
            "if it stays like this, ask operations to look at the inbox."
        )


class AlreadyReviewedError(ConflictError):
    """The case has a finding already."""

    code = "already-reviewed"
    title = "This case has a finding already"

    def __init__(self, version: int) -> None:
        super().__init__(
            f"A finding was recorded before yours (version {version}); yours was not stored. "
            "Open it to see it, and correct it or withdraw it if it is wrong.",
            current_version=version,
        )


class NotReviewedError(ConflictError):
    """The case has no finding that could be corrected or withdrawn."""

    code = "not-reviewed"
    title = "This case has no finding"

    def __init__(self, version: int) -> None:
        super().__init__(
            "There is no finding to correct or withdraw: none was recorded, or it was withdrawn. "
            "Record a finding instead.",
            current_version=version,
        )


class NothingChangedError(ConflictError):
    """A correction says what the finding says already."""

    code = "nothing-changed"
    title = "The correction changes nothing"

    def __init__(self, version: int) -> None:
        super().__init__(
            "Remark, categories and comment are the same as in the finding that stands. "
            "Change at least one of them, or leave the finding as it is.",
            current_version=version,
        )


class StaleVersionError(PreconditionFailedError):
    """The review moved on after the caller read it."""

    def __init__(self, seen: int, version: int) -> None:
        super().__init__(
            f"You saw version {seen} of this review, it is at version {version} now; nothing was stored. "
            "Read it again and decide again.",
            current_version=version,
        )

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
    """The case is somebody else's to review."""

    code = "case-not-yours"
    title = "This case is another reviewer's"

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} Take the next case of your own queue, or ask the coordinator.")


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


class QuestionnaireNotKnownError(UnavailableError):
    """No version of the questionnaire has been heard of, so nothing can be checked."""

    code = "questionnaire-not-known"
    title = "This questionnaire is not known here yet"

    def __init__(self, questionnaire: str) -> None:
        super().__init__(
            f"The case is to be reviewed with questionnaire {questionnaire}, which has not arrived. Try again shortly; "
            "if it stays like this, ask the coordinator whether it has been published."
        )


class PeriodClosedError(ConflictError):
    """The case's period has been closed: what was found in it stays as it is."""

    code = "period-closed"
    title = "The period is closed"

    def __init__(self, label: str, version: int) -> None:
        super().__init__(
            f"Period {label} has been closed; nothing more is found, corrected or withdrawn in it. "
            "Nothing was stored. Speak to the coordinator if something is wrong.",
            current_version=version,
        )


class CaseErasedError(ConflictError):
    """Who the case is has been erased: what is written about it could name them again."""

    code = "case-erased"
    title = "Who the case is has been erased"

    def __init__(self, version: int) -> None:
        super().__init__(
            "Who this case is has been erased, so nothing is written about it any more. Nothing was stored; leave out "
            "the free text, or mark the case with a reason that needs none.",
            current_version=version,
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


class AlreadyMarkedError(ConflictError):
    """The case has been marked as over-coverage or non-response."""

    code = "already-marked"
    title = "This case has been marked"

    def __init__(self, kind: str, version: int) -> None:
        super().__init__(
            f"The case was marked as {kind} before (version {version}); nothing was stored. "
            "Open it to see why, and reopen it first if it can be reviewed after all.",
            current_version=version,
        )


class AlreadyStartedError(ConflictError):
    """Somebody else is reviewing the case."""

    code = "already-started"
    title = "Somebody else is reviewing this case"

    def __init__(self, version: int) -> None:
        super().__init__(
            "Another reviewer has begun with this case and is not done. Take the next case of your queue.",
            current_version=version,
        )


class NotMarkedError(ConflictError):
    """The case has no mark that could be taken back."""

    code = "not-marked"
    title = "This case has not been marked"

    def __init__(self, version: int) -> None:
        super().__init__(
            "The case is marked as neither over-coverage nor non-response, so there is nothing to reopen. "
            "A finding is withdrawn instead.",
            current_version=version,
        )


class NothingToSettleError(ConflictError):
    """First and second review do not disagree."""

    code = "nothing-to-settle"
    title = "There is nothing to settle"

    def __init__(self, version: int) -> None:
        super().__init__(
            "First and second review say the same, or one of them is not done. Nothing was stored.",
            current_version=version,
        )


class SecondMovedOnError(PreconditionFailedError):
    """The second review moved on after the caller read it."""

    def __init__(self, seen: int, version: int) -> None:
        super().__init__(
            f"You saw version {seen} of the second review, it is at version {version} now; nothing was stored. "
            "Read both again and decide again."
        )


class NoRemarkError(ConflictError):
    """Only cases with a remark are looked into again."""

    code = "no-remark"
    title = "This case has no remark"

    def __init__(self, version: int) -> None:
        super().__init__(
            "A file review is for cases with a remark, and this case has none that stands. Nothing was stored.",
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
            "Everything is the same as in what stands. Change at least one answer, or leave it as it is.",
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

"""Why something of the follow-up is refused, in words for the person who asked."""

from collections.abc import Sequence

from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import (
    BadInputError,
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    PreconditionRequiredError,
)


class ControlPointUnknownError(NotFoundError):
    """No such control point has been heard of."""

    code = "control-point-unknown"
    title = "There is no such control point"

    def __init__(self, control_point: str) -> None:
        super().__init__(
            f"There is no control point {control_point}. Check its id; one that was defined a moment ago is here in a "
            "few seconds."
        )


class RowNotInPlanError(NotFoundError):
    """The plan has no such row."""

    code = "row-not-in-plan"
    title = "The plan has no such row"

    def __init__(self, plan: str, control_point: str) -> None:
        super().__init__(
            f"{control_point} is no control point of the plan {plan}. Check both; a plan that was adopted a moment ago "
            "is here in a few seconds."
        )


class ActionUnknownError(NotFoundError):
    """There is no such action."""

    code = "action-unknown"
    title = "There is no such action"

    def __init__(self) -> None:
        super().__init__("There is no action with this id. The list of actions shows each one's.")


class AlreadyConcludedError(PreconditionRequiredError):
    """The period has a conclusion, and the caller did not say that it is to be replaced."""

    code = "already-concluded"
    title = "This period has a conclusion already"

    def __init__(self, version: int) -> None:
        super().__init__(
            f"The control is concluded for this period (version {version}); nothing was stored. Read it; to replace "
            f'it, send If-Match: "{version}" and say why.',
            current_version=version,
        )


class MovedOnError(PreconditionFailedError):
    """Somebody changed it after the caller read it."""

    def __init__(self, seen: int, version: int) -> None:
        super().__init__(
            f"You saw version {seen}, it is at version {version} now; nothing was stored. Read it again and decide "
            "again.",
            current_version=version,
        )


class NothingNewError(ConflictError):
    """The request says what holds already."""

    code = "nothing-new"
    title = "This changes nothing"

    def __init__(self, version: int) -> None:
        super().__init__(
            "Everything stands as you say already. Change something, or leave it as it is.", current_version=version
        )


def fault(field: str, code: str, message: str) -> FieldProblem:
    """Return what is wrong with one field."""
    return FieldProblem(field=field, code=code, message=message)


def refuse(faults: Sequence[FieldProblem]) -> None:
    """Refuse a request that has faults.

    Raises:
        BadInputError: names every field at fault.
    """
    if faults:
        fields = ", ".join(dict.fromkeys(one.field for one in faults))
        raise BadInputError(f"Nothing was stored. Put right: {fields}.", errors=list(faults))

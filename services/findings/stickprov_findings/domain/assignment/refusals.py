"""Why nobody is given a case, in words for the coordinator."""

from uuid import UUID

from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError, ConflictError, NotFoundError


class NoCasesDrawnError(NotFoundError):
    """The draw has no cases for the control point, or they have not been heard of yet."""

    code = "no-cases-drawn"
    title = "Nothing has been drawn"

    def __init__(self, draw: UUID, control_point: str) -> None:
        super().__init__(
            f"Draw {draw} has no cases for {control_point}. Check the two; a draw made a moment ago is here in a few "
            "seconds."
        )


class AssignmentUnfitError(BadInputError):
    """Cases cannot be given like this."""

    code = "assignment-unfit"
    title = "The cases cannot be given like this"

    @classmethod
    def at(cls, field: str, message: str) -> "AssignmentUnfitError":
        """Return the error about one field."""
        return cls(message, errors=[FieldProblem(field=field, code=cls.code, message=message)])


class AlreadyTheirsError(ConflictError):
    """The case is the reviewer's already."""

    code = "already-theirs"
    title = "The case is this reviewer's already"

    def __init__(self, version: int) -> None:
        super().__init__(
            "The case has been given to this reviewer before; nothing was stored. Choose somebody else, or leave it.",
            current_version=version,
        )

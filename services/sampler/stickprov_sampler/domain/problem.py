"""Refusals that name the option at fault."""

from collections.abc import Sequence

from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError


class OptionError(BadInputError):
    """One or more options of a request are wrong; subclasses give the situation its code and title."""

    def __init__(self, errors: Sequence[FieldProblem]) -> None:
        super().__init__(" ".join(error.message for error in errors), errors=errors)

    @classmethod
    def at(cls, option: str, message: str) -> "OptionError":
        """Return the error about a single option. The message says what is wrong and what to do."""
        return cls([FieldProblem(field=option, code=cls.code, message=message)])

"""What refers to a control point refers to one that is defined."""

from typing import ClassVar

from stickprov_kernel.errors import NotFoundError
from stickprov_sampler.domain.problem import OptionError


class ControlPointUnknownError(OptionError):
    """An option names a control point that is not defined."""

    code: ClassVar[str] = "control-point-unknown"
    title: ClassVar[str] = "There is no such control point"

    @classmethod
    def named(cls, option: str, control_point: str) -> OptionError:
        """Return the error about the control point that ``option`` names."""
        return cls.at(option, f"Control point “{control_point}” is not defined. Define it first, or name one that is.")


class ControlPointMissingError(NotFoundError):
    """There is no control point with this id."""

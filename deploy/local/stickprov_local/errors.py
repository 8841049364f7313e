"""Why the local stack does not start or stopped. The message says what to do; the class says the exit code."""

from typing import ClassVar


class StackError(Exception):
    """The stack cannot go on."""

    exit_code: ClassVar[int] = 1


class StackRefusedError(StackError):
    """The stack was asked to start where it cannot: a port or a data folder in use, a package missing."""

    exit_code = 2


class ChildFailedError(StackError):
    """One of the stack's processes did not start, or ended too often."""

"""What stands in place of a number that a published report leaves out.

What must not break: nothing of the number is left behind it. Arithmetic sees a zero, printing sees two dots.
"""

from typing import Final

SIGN: Final = ".."
"""As statistics in Sweden have it: a number that is left out is «prickad». A dash says that there is none."""


class Withheld(int):
    """A number that is not told; whoever prints one asks for it first."""


WITHHELD: Final = Withheld()


def is_withheld(number: object) -> bool:
    """Tell whether a number is left out."""
    return isinstance(number, Withheld)

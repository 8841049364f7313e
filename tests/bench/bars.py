"""Does a ratio reach its bar?"""

import operator
from collections.abc import Callable, Mapping
from typing import Final

_SIGNS: Final[Mapping[str, Callable[[float, float], bool]]] = {">=": operator.ge, "<=": operator.le}


def holds(ratio: float, bar: str) -> bool | None:
    """Tell whether a ratio reaches a bar such as ``>= 0.5``; None where no bar is set.

    Raises:
        ValueError: the bar is written otherwise.
    """
    if not bar:
        return None
    sign, _, figure = bar.partition(" ")
    if sign not in _SIGNS:
        raise ValueError(f"a bar reads '>= 0.5' or '<= 1.3', not {bar!r}")
    return _SIGNS[sign](ratio, float(figure))

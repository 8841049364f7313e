"""What is stored and cannot be: somebody changed it behind everybody's back.

What must not break: it is never taken for a fault of the request, and never counted as if it were right.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Final

import asyncpg
import structlog

from stickprov_kernel.errors import ConflictError, StickprovError

UNCOUNTABLE: Final = (ValueError, ArithmeticError, LookupError, TypeError, asyncpg.DataError)
"""What comes of counting with what no event can have led to."""

_log = structlog.get_logger(__name__)


class FiguresDamagedError(ConflictError):
    """What is stored does not fit together, so no figure can be told."""

    code: ClassVar[str] = "figures-damaged"
    title: ClassVar[str] = "The stored figures are damaged"


class CopyDamagedError(ConflictError):
    """An entry of the log copy is not what was heard."""

    code: ClassVar[str] = "copy-damaged"
    title: ClassVar[str] = "The log copy is damaged"


@contextmanager
def telling_of_damage() -> Iterator[None]:
    """Say that what is stored is damaged where it cannot be counted with.

    Raises:
        FiguresDamagedError: says how to find out more.
    """
    try:
        yield
    except StickprovError:
        raise
    except UNCOUNTABLE as error:
        _log.exception("figures-damaged", reason=type(error).__name__)
        raise FiguresDamagedError(
            "What is stored does not fit together, so it cannot be counted. A replay names what differs "
            "(stickprov audit replay); a rebuild folds it anew (stickprov doctor rebuild)."
        ) from error

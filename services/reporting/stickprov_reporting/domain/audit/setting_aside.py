"""What of a log copy was set aside, and whether that can be true.

What must not break: an event that cannot be understood was never applied, whatever the quarantine says of it. When an
event was set aside, and why one that is understood could not be applied, only the release that met it could tell.
"""

from collections.abc import Mapping
from typing import NamedTuple

from stickprov_kernel.log.understanding import NotUnderstoodError


class Aside(NamedTuple):
    """A row of the quarantine; ``waiting`` until the event is applied after all."""

    type: str
    reason: str
    waiting: bool


class SettingAside:
    """The quarantine of one log."""

    def __init__(self, rows: Mapping[int, Aside]) -> None:
        self._rows = dict(rows)

    def waits(self, position: int) -> bool:
        """Tell whether an event was heard and not applied."""
        row = self._rows.get(position)
        return row is not None and row.waiting

    def known(self, position: int) -> bool:
        """Tell whether an event was ever set aside."""
        return position in self._rows

    def difference(self, position: int, type_: str, refused: NotUnderstoodError | None) -> str | None:
        """Return what is wrong with what the quarantine says of an event, if anything is.

        Args:
            position: of the event.
            type_: what its envelope says.
            refused: why this release does not understand it; None where it does.
        """
        row = self._rows.get(position)
        if row is None:
            return None if refused is None else f"position {position} was applied, but its bytes cannot be understood"
        if row.type != type_:
            return f"the quarantine says that position {position} is of type {row.type}, its event is of {type_}"
        if refused is None:
            return None
        if not row.waiting:
            return f"the quarantine says that position {position} was applied, but its bytes cannot be understood"
        if row.reason != str(refused):
            return f"the quarantine gives another reason for position {position} than this release: {refused}"
        return None

    def beyond(self, position: int) -> int | None:
        """Return the first position that was set aside behind the end of the copy, if there is one."""
        return min((place for place in self._rows if place > position), default=None)

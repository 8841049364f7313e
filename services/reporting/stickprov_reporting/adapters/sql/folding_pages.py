"""Folds pages of the log copies: nearly all events change rows alone and take the quick way."""

from collections.abc import Callable, Collection, Sequence
from typing import Final, Protocol

import asyncpg
from pydantic import ValidationError

from stickprov_contracts.events import EVENT_TYPES, Event
from stickprov_kernel.log.envelope import decode, essentials
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.understanding import NotUnderstoodError, understand
from stickprov_reporting.domain.projection.folding_anew import ELSEWHERE, ROWS_ALONE, FoldingAnew
from stickprov_reporting.domain.projection.review import purpose_of

_VALIDATORS: Final[dict[bytes, Callable[[bytes], Event]]] = {
    name.encode(): model.__pydantic_validator__.validate_json for name, model in EVENT_TYPES.items()
}


class Met(Protocol):
    """Is told of entries that are not simply folded.

    Attributes:
        aside: positions that were ever set aside.
    """

    @property
    def aside(self) -> Collection[int]: ...

    def waits(self, position: int, type_: str) -> bool:
        """Tell whether an event that was set aside, and is understood, is still not applied."""
        ...

    def refused(self, position: int, type_: str, why: NotUnderstoodError) -> None:
        """Take note of an event that this release does not understand."""
        ...

    def unreadable(self, position: int) -> None:
        """Take note of an entry whose envelope is none."""
        ...


def fold_page(page: Sequence[asyncpg.Record], folding: FoldingAnew, met: Met) -> None:
    """Fold the events of a page that were applied.

    Args:
        page: ``position, chain_hash, envelope, data`` of a copy.
        folding: what they are folded into.
        met: is told of the others.
    """
    others: list[Incoming] = []
    aside = met.aside
    for position, chain_hash, envelope, data in page:
        try:
            type_, subject, version = essentials(envelope)
        except ValueError:
            met.unreadable(position)
            continue
        event = _understood(position, type_, data, met)
        if event is None or (position in aside and met.waits(position, type_.decode())):
            continue
        kind = type(event)
        if kind in ROWS_ALONE:
            folding.change_rows(event, int(version), purpose_of(subject.decode()))
        elif kind in ELSEWHERE:
            others.append(Incoming(position, chain_hash, decode(envelope), event))
    if others:
        folding.apply(others)


def _understood(position: int, type_: bytes, data: bytes, met: Met) -> Event | None:
    try:
        return _VALIDATORS[type_](data)
    except (KeyError, ValidationError):
        pass
    name = type_.decode()
    try:
        return understand(name, data)
    except NotUnderstoodError as error:
        met.refused(position, name, error)
        return None

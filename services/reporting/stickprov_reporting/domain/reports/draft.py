"""A document before it is stamped: what a builder returns."""

from collections.abc import Sequence
from dataclasses import dataclass

from stickprov_contracts.http.reports import Block


@dataclass(frozen=True, slots=True)
class Draft:
    """What a report says, without what it was made from; ``registration`` is a dnr."""

    title: str
    subtitle: str
    organisation: str
    registration: str | None
    blocks: Sequence[Block]

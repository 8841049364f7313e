"""The statements of erasing, and the lock between erasing in a series and adding to it."""

from typing import Final
from uuid import UUID

from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.records import SideStatement

SQL: Final = load_queries("stickprov_sampler.adapters.sql", "erasing.sql")

_LOCKS: Final = int.from_bytes(b"eras")
"""The first half of the key of a series' advisory lock: other locks of this database have another."""


def sharing_series(series: UUID) -> SideStatement:
    """Return what waits until nothing is being erased in a series, and keeps an erasure off until the commit.

    Whoever puts cases into the vault says this: an identity that is there already is not written again, and must not go
    while it is being relied on.
    """
    return SideStatement(SQL["share_series"], (_LOCKS, str(series)), first=True)


def series_alone(series: UUID) -> SideStatement:
    """Return what waits until nobody adds to a series, and keeps others off until the commit."""
    return SideStatement(SQL["series_alone"], (_LOCKS, str(series)), first=True)

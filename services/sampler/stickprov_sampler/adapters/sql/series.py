"""The keys that make a series' pseudonyms, read from the vault."""

import secrets
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from stickprov_kernel.log.ids import new_id
from stickprov_sampler.adapters.sql import SQL

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """A series and its key.

    Attributes:
        is_new: it is not in the vault yet.
    """

    series: UUID
    key: bytes
    is_new: bool


@dataclass(frozen=True, slots=True)
class SeriesKeys:
    """Every series' key."""

    pool: asyncpg.Pool

    def new(self) -> SeriesKey:
        """Make a series of its own; whoever commits its first frame keeps the key with it."""
        return SeriesKey(new_id(), secrets.token_bytes(_KEY_BYTES), is_new=True)

    async def of(self, series: UUID) -> SeriesKey | None:
        """Return the key of a series; None when there is none, or it was erased."""
        key: bytes | None = await self.pool.fetchval(SQL["series_key"], series)
        return None if key is None else SeriesKey(series, key, is_new=False)

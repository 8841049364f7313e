"""The keys that make a series' pseudonyms, read from the vault."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from stickprov_kernel.log.ids import new_id
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.sql import SQL
from stickprov_sampler.adapters.sql.vault import about_series_key

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """A series and its key.

    Attributes:
        is_new: it is not in the vault yet.
    """

    series: UUID
    key: bytes = field(repr=False)
    is_new: bool


@dataclass(frozen=True, slots=True)
class SeriesKeys:
    """Every series' key."""

    pool: asyncpg.Pool
    sealing: Sealing

    def new(self) -> SeriesKey:
        """Make a series of its own; whoever commits its first frame keeps the key with it."""
        return SeriesKey(new_id(), secrets.token_bytes(_KEY_BYTES), is_new=True)

    async def of(self, series: UUID) -> SeriesKey | None:
        """Return the key of a series; None when there is none, or it was erased.

        Raises:
            MasterKeyMissingError, SealBrokenError: it cannot be opened.
        """
        return next(iter(await self.living([series])), None)

    async def living(self, series: Iterable[UUID]) -> list[SeriesKey]:
        """Return the keys of some series, without those that were erased.

        Raises:
            MasterKeyMissingError, SealBrokenError: one of them cannot be opened.
        """
        rows = await self.pool.fetch(SQL["series_keys"], list(series))
        return [
            SeriesKey(row["series"], self.sealing.open_row(row, about_series_key(row["series"])), is_new=False)
            for row in rows
        ]

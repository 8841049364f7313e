"""Seeds of series: committed into the log by their hash while the vault keeps them, and revealed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid5

import asyncpg

from stickprov_contracts.events.draws import SeedCommitted, SeedRevealed
from stickprov_contracts.streams import series_stream
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.errors import StickprovError, VersionConflictError
from stickprov_kernel.log.records import CommandContext, History, SideStatement
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.sql.vault import about_seed
from stickprov_sampler.adapters.streams import appended
from stickprov_sampler.domain.draw.commitment import SeriesSeeds, hash_of_seed, seeds_of

SQL: Final = load_queries("stickprov_sampler.adapters.sql", "seeds.sql")


class SecretLostError(StickprovError):
    """The vault has no seed for a hash that the log has."""

    code = "seed-lost"
    title = "The secret seed is not in the vault"


@dataclass(frozen=True, slots=True)
class Seeds:
    """The seeds of series."""

    store: EventStore
    pool: asyncpg.Pool
    sealing: Sealing

    async def of(self, series: UUID) -> tuple[History, SeriesSeeds]:
        """Return a series' stream and its seeds."""
        history = await self.store.load(series_stream(series))
        return history, seeds_of(recorded.event for recorded in history.events)

    async def secret(self, seed_hash: str) -> str:
        """Return a secret seed.

        Raises:
            SecretLostError: the vault has none.
            MasterKeyMissingError, SealBrokenError: it cannot be opened.
        """
        row = await self.pool.fetchrow(SQL["secret_seed"], seed_hash)
        if row is None:
            raise SecretLostError(
                f"The vault has no seed with hash {seed_hash}. Restore the sampler's database from a backup."
            )
        return self.sealing.open_row(row, about_seed(seed_hash)).decode()

    async def commit(self, context: CommandContext, series: UUID, ceremony: str | None, generated: str) -> str:
        """Return the hash of the series' secret seed: the one that is there, or a new one that is committed now."""
        history, seeds = await self.of(series)
        if seeds.open is not None:
            return seeds.open.seed_hash
        seed = ceremony or generated
        event = SeedCommitted(series=series, seed_hash=hash_of_seed(seed), origin="ceremony" if ceremony else "system")
        own = replace(context, command_id=uuid5(context.command_id, "seed"), causation_id=context.command_id)
        keep = keep_seeds(self.sealing, [(event.seed_hash, series, seed)])
        try:
            await self.store.commit(own, appended(history, [event]), b"{}", also=[keep])
        except VersionConflictError:
            return await self.commit(context, series, ceremony, generated)
        return event.seed_hash

    async def revealing(self, series: UUID, seed_hash: str) -> tuple[History, SeedRevealed, SideStatement]:
        """Return what reveals a secret seed."""
        history, _ = await self.of(series)
        event = SeedRevealed(series=series, seed_hash=seed_hash, seed=await self.secret(seed_hash))
        return history, event, SideStatement(SQL["forget_seed"], (seed_hash,))


def keep_seeds(sealing: Sealing, seeds: Iterable[tuple[str, UUID, str]]) -> SideStatement:
    """Return the statement that puts secret seeds into the vault, given with hash and series."""
    rows = []
    for seed_hash, series, seed in seeds:
        sealed = sealing.seal(seed.encode(), about_seed(seed_hash))
        rows.append((seed_hash, series, sealed.master, sealed.wrapped_key, sealed.sealed))
    return SideStatement(SQL["keep_seeds"], tuple(map(list, zip(*rows, strict=True))))

"""Sealing what an older release of the sampler kept in clear: the vault's rows, notes, and identity files.

What must not break: whenever the process is killed, the next start goes on; a clear identity file goes only when the
sealed one is complete, on disk, and its key is in the vault.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

from stickprov_contracts.events import type_name
from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_kernel.http.identity import actor_pseudonym
from stickprov_kernel.log.records import SideStatement
from stickprov_kernel.notes.moving import move_clear_notes
from stickprov_kernel.sealing.moving import move_clear_rows, moving_alone
from stickprov_kernel.sealing.sealed_files import seal_file
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_kernel.sealing.wrapping import WrappedKey
from stickprov_sampler.adapters.draws.sampling import of_old
from stickprov_sampler.adapters.draws.seeds import keep_seeds
from stickprov_sampler.adapters.frames.files import clear_identity_path, new_identity_path, settle
from stickprov_sampler.adapters.hmac_keys import pseudonyms
from stickprov_sampler.adapters.plans.statements import keep_names
from stickprov_sampler.adapters.sql import SQL
from stickprov_sampler.adapters.sql.series import SeriesKeys
from stickprov_sampler.adapters.sql.vault import about_identity_file, keep_frame_key, keep_identities, keep_series_keys
from stickprov_sampler.adapters.workspace import workspace
from stickprov_sampler.domain.draw.commitment import hash_of_seed
from stickprov_sampler.domain.staff.listing import Identified

_OURS_ALONE = 0o600

Rows = Sequence[asyncpg.Record]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Moving:
    """Seals what is in clear.

    Attributes:
        vault_folder: where the identity files lie.
        staff_key: makes the pseudonyms of staff.
    """

    pool: asyncpg.Pool
    sealing: Sealing
    vault_folder: Path
    staff_key: bytes

    async def move(self) -> None:
        """Seal everything; one process at a time does it."""
        async with moving_alone(self.pool):
            await move_clear_rows(self.pool, "vault.clear_series_key", self._keeping(self._series_keys))
            await move_clear_rows(self.pool, "vault.clear_case_identity", self._keep_identities)
            await move_clear_rows(self.pool, "vault.clear_committed_seed", self._keeping(self._seeds))
            await move_clear_rows(self.pool, "vault.clear_staff", self._keeping(self._names))
            await move_clear_notes(self.pool, self.sealing)
            await self._move_files()

    def _keeping(
        self, statements: Callable[[Rows], list[SideStatement]]
    ) -> Callable[[PoolConnectionProxy, Rows], Awaitable[None]]:
        async def keep(connection: PoolConnectionProxy, rows: Rows) -> None:
            for statement in await asyncio.to_thread(statements, rows):
                await connection.execute(statement.sql, *statement.arguments)

        return keep

    def _series_keys(self, rows: Rows) -> list[SideStatement]:
        return [keep_series_keys(self.sealing, ((row["series"], row["key"], row["made_at"]) for row in rows))]

    async def _keep_identities(self, connection: PoolConnectionProxy, rows: Rows) -> None:
        """Seal who the cases are; a row that somebody without the series' key wrote is not taken for one of ours."""
        keys = {
            one.series: one.key
            for one in await SeriesKeys(self.pool, self.sealing).living({row["series"] for row in rows})
        }

        def statements() -> list[SideStatement]:
            true = [row for row in rows if row["series"] in keys and _is_of(row, keys[row["series"]])]
            _tell_of_forged("identities", len(rows) - len(true))
            known = [(row["series"], of_old(row["case_id"], row["unit_id"], json.loads(row["fields"]))) for row in true]
            return keep_identities(self.sealing, known)

        for statement in await asyncio.to_thread(statements):
            await connection.execute(statement.sql, *statement.arguments)

    def _seeds(self, rows: Rows) -> list[SideStatement]:
        true = [row for row in rows if hash_of_seed(row["seed"]) == row["seed_hash"]]
        _tell_of_forged("seeds", len(rows) - len(true))
        return [keep_seeds(self.sealing, ((row["seed_hash"], row["series"], row["seed"]) for row in true))]

    def _names(self, rows: Rows) -> list[SideStatement]:
        true = [row for row in rows if actor_pseudonym(self.staff_key, row["sign_in"]) == row["pseudonym"]]
        _tell_of_forged("staff", len(rows) - len(true))
        people = [Identified(row["pseudonym"], row["sign_in"], row["name"], row["email"]) for row in true]
        return keep_names(self.sealing, people)

    async def _move_files(self) -> None:
        rows = await self.pool.fetch(SQL["events_of_type"], type_name(FrameFrozen))
        for frame in (FrameFrozen.model_validate_json(row["data"]) for row in rows):
            clear = clear_identity_path(self.vault_folder, frame.frame, frame.frame_hash)
            if not await asyncio.to_thread(clear.is_file):
                continue
            if await self.pool.fetchrow(SQL["frame_key"], frame.frame) is None:
                file, key = await asyncio.to_thread(self._seal_file, clear, frame)
                keep = keep_frame_key(frame.frame, frame.series, file, key)
                await self.pool.execute(keep.sql, *keep.arguments)
            await asyncio.to_thread(clear.unlink)
            _log.info("identity-file-sealed", frame=str(frame.frame))
        left = await asyncio.to_thread(lambda: [file.name for file in self.vault_folder.glob("*.parquet")])
        if left:
            # Of a freeze that did not come about, or of a frame that a restored log does not have yet.
            _log.warning("identity-files-in-clear", files=left, hint="Recover the log, or remove them")

    def _seal_file(self, clear: Path, frame: FrameFrozen) -> tuple[str, WrappedKey]:
        final = new_identity_path(self.vault_folder, frame.frame)
        with workspace(self.vault_folder) as work:
            part = work / "identity.sealed"
            key = seal_file(self.sealing, clear, part, about_identity_file(frame.frame))
            settle(part, final, _OURS_ALONE)
        return final.name, key


def _is_of(row: asyncpg.Record, key: bytes) -> bool:
    """Tell whether a row's case is its unit's pseudonym in the series."""
    return row["case_id"] in pseudonyms([row["unit_id"]], [key])


def _tell_of_forged(what: str, rows: int) -> None:
    """Say that rows are not taken for ours, whose pseudonym or hash they do not have."""
    if rows:
        _log.error("clear-rows-forged", what=what, rows=rows, hint="Somebody else writes to the vault's tables")

"""Finding a person's cases by what somebody typed: a personal number, or the register's own id.

What must not break: what was typed is neither stored nor logged, and nothing of what was opened leaves this room but
pseudonyms.
"""

import asyncio
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from stickprov_contracts.http.erasure import Searched
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.erasing.forgetting import Forgetting
from stickprov_sampler.adapters.erasing.statements import SQL
from stickprov_sampler.adapters.frames.identity_files import IdentityFile
from stickprov_sampler.adapters.hmac_keys import pseudonyms
from stickprov_sampler.adapters.sql.series import SeriesKeys
from stickprov_sampler.adapters.sql.vault import opened_identity
from stickprov_sampler.domain.erasure.spelling import Spellings, spellings_of

_PAGE: Final = 2000
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a person.

    Attributes:
        cases: pseudonyms, also such as stand for nobody. by_series: those that the vault knows.
        frames: how many identity files hold the person. searched: how many were looked through.
    """

    looks_like: Searched
    cases: frozenset[str]
    by_series: Mapping[UUID, Collection[str]]
    frames: int
    searched: int


@dataclass(frozen=True, slots=True)
class People:
    """Looks through the vault."""

    pool: asyncpg.Pool
    sealing: Sealing
    keys: SeriesKeys
    forgetting: Forgetting

    async def find(self, typed: str) -> Found:
        """Return a person's cases in every series: of draws, and of frames that they were never drawn from.

        By pseudonym first, and then through every identity and every identity file: the number may stand in another
        column than the unit's id.

        Raises:
            MasterKeyMissingError, SealBrokenError: the vault cannot be opened.
        """
        spellings = spellings_of(typed)
        series = [row["series"] for row in await self.pool.fetch(SQL["series_kept"])]
        keys = [one.key for one in await self.keys.living(series)]
        asked = set(await asyncio.to_thread(pseudonyms, spellings.ids, keys))
        known: dict[UUID, set[str]] = {}
        after = ""
        while rows := await self.pool.fetch(SQL["every_identity"], after, _PAGE):
            for of, case in await asyncio.to_thread(self._among, rows, spellings):
                known.setdefault(of, set()).add(case)
            after = rows[-1]["case_id"]
        frames = 0
        living = await self.forgetting.living()
        for of, file in [(of, file) for of, files in living.items() for file in files]:
            found = await self._in_file(file, spellings)
            frames += bool(found)
            if found:
                known.setdefault(of, set()).update(found)
        cases = frozenset(asked.union(*known.values()))
        return Found(spellings.looks_like, cases, known, frames, sum(map(len, living.values())))

    async def _in_file(self, file: IdentityFile, spellings: Spellings) -> frozenset[str]:
        try:
            return await asyncio.to_thread(self.forgetting.files.found, file, spellings)
        except FileNotFoundError:
            _log.warning("identity-file-gone", file=file.path.name)
            return frozenset()

    def _among(self, rows: Sequence[asyncpg.Record], spellings: Spellings) -> set[tuple[UUID, str]]:
        return {(row["series"], row["case_id"]) for row in rows if any(map(spellings.match, self._values(row)))}

    def _values(self, row: asyncpg.Record) -> Iterable[str]:
        identity = opened_identity(self.sealing, row)
        yield identity.unit_id
        yield from (str(value) for value in json.loads(identity.fields).values() if value is not None)

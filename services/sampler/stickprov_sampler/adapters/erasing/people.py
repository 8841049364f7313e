"""Finding a person's cases by what somebody typed: a personal number, or the register's own id.

What must not break: what was typed is neither stored nor logged, and nothing of what was opened leaves this room but
pseudonyms.
"""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.erasing.statements import SQL
from stickprov_sampler.adapters.hmac_keys import pseudonyms
from stickprov_sampler.adapters.sql.series import SeriesKeys
from stickprov_sampler.adapters.sql.vault import opened_identity
from stickprov_sampler.domain.erasure.spelling import Spellings, spellings_of

_PAGE: Final = 2000


@dataclass(frozen=True, slots=True)
class People:
    """Looks through the vault."""

    pool: asyncpg.Pool
    sealing: Sealing
    keys: SeriesKeys

    async def cases_of(self, typed: str) -> frozenset[str]:
        """Return the pseudonyms of a person's cases in every series, where the vault knows them.

        By pseudonym first, and then through every identity: the number may stand in another column than the unit's id.

        Raises:
            MasterKeyMissingError, SealBrokenError: the vault cannot be opened.
        """
        spellings = spellings_of(typed)
        series = [row["series"] for row in await self.pool.fetch(SQL["series_kept"])]
        keys = [one.key for one in await self.keys.living(series)]
        found = set(await asyncio.to_thread(pseudonyms, spellings.ids, keys))
        after = ""
        while rows := await self.pool.fetch(SQL["every_identity"], after, _PAGE):
            found |= await asyncio.to_thread(self._among, rows, spellings)
            after = rows[-1]["case_id"]
        return frozenset(found)

    def _among(self, rows: Sequence[asyncpg.Record], spellings: Spellings) -> set[str]:
        return {row["case_id"] for row in rows if any(map(spellings.match, self._values(row)))}

    def _values(self, row: asyncpg.Record) -> Iterable[str]:
        identity = opened_identity(self.sealing, row)
        yield identity.unit_id
        yield from (str(value) for value in json.loads(identity.fields).values() if value is not None)

"""Protected identities: which cases have one, and setting or lifting that later.

What must not break: the vault alone knows it. No event, no stored answer and no log line says whose it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

from stickprov_contracts.events.identities import ProtectionsChanged
from stickprov_contracts.http.protections import ProtectedCases, SetProtection
from stickprov_contracts.streams import PROTECTIONS_STREAM
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.attempts import carry_out
from stickprov_kernel.log.records import CommandContext, Receipt, SideStatement
from stickprov_kernel.log.store import EventStore
from stickprov_sampler.adapters.identities.showing import IdentityErasedError, drawn_case
from stickprov_sampler.adapters.streams import appended
from stickprov_sampler.domain.draw.continuing import CaseUnknownError

SQL: Final = load_queries(__package__, "protections.sql")


def protecting(cases: Sequence[str]) -> list[SideStatement]:
    """Return what also protects those of some pseudonyms that were drawn before; nothing where there are none."""
    return [SideStatement(SQL["set_protection"], (list(cases), True))] if cases else []


@dataclass(frozen=True, slots=True)
class Protecting:
    """The one way to whose identity is protected."""

    store: EventStore
    pool: asyncpg.Pool

    async def cases(self) -> ProtectedCases:
        """Return every case whose identity is protected, with how far the log had come at that moment."""
        row = await self.pool.fetchrow(SQL["protected_cases"])
        if row is None:
            raise RuntimeError("a statement without FROM gives a row")
        return ProtectedCases(position=row["position"], cases=row["cases"])

    async def set(self, context: CommandContext, request: SetProtection) -> None:
        """Protect a drawn case's identity from now on, or no longer, in all draws of its series.

        Raises:
            CaseUnknownError, IdentityErasedError: there is nothing to protect.
        """
        if await drawn_case(self.pool, request.draw, request.case) is None:
            raise CaseUnknownError(f"Draw {request.draw} has no such case. Check the two.")

        async def attempt() -> Receipt:
            protected = await self.pool.fetchval(SQL["is_protected"], request.case)
            if await self.pool.fetchval(SQL["is_erased"], request.case):
                raise IdentityErasedError(
                    "The vault holds nothing of this case any more, so nothing is to be protected."
                )
            if protected == request.protected:
                return await self.store.commit(context, [], b"{}")
            also = [SideStatement(SQL["set_protection"], ([request.case], request.protected))]
            history = await self.store.load(PROTECTIONS_STREAM)
            return await self.store.commit(context, appended(history, [ProtectionsChanged()]), b"{}", also=also)

        await carry_out(self.store, context, attempt)

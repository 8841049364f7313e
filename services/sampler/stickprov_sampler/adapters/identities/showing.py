"""Showing who a drawn case is: the vault's row, once it is in the log that it was shown.

What must not break: nobody is shown anything before the event is committed, and the stored answer holds no identity,
because answers cannot be erased.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from stickprov_contracts.events.identities import IdentityShown
from stickprov_contracts.events.sampler import CaseDrawn
from stickprov_contracts.http.sampler import CaseIdentity, ShowIdentity
from stickprov_contracts.streams import draw_stream, identity_stream
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.errors import NotFoundError
from stickprov_kernel.http.identity import Caller
from stickprov_kernel.log.attempts import carry_out
from stickprov_kernel.log.records import CommandContext, Receipt
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.draws.sampling import Identity
from stickprov_sampler.adapters.erasing.statements import SQL as ERASING
from stickprov_sampler.adapters.identities.permission import (
    IdentityNotShownError,
    Permission,
    case_unknown,
    is_cleared,
)
from stickprov_sampler.adapters.sql import SQL
from stickprov_sampler.adapters.sql.vault import opened_identity
from stickprov_sampler.adapters.streams import appended, control_point_of

PROTECTIONS: Final = load_queries("stickprov_sampler.adapters", "protections.sql")


class IdentityErasedError(NotFoundError):
    """The vault knows nothing of the case any more."""

    code = "identity-erased"
    title = "Who this case is has been erased"


async def drawn_case(pool: asyncpg.Pool, draw: UUID, case: str) -> CaseDrawn | None:
    """Return a case as it was drawn; None when it was not."""
    data = await pool.fetchval(SQL["drawn_case"], draw_stream(draw), f'"case":"{case}"'.encode())
    return None if data is None else CaseDrawn.model_validate_json(data)


@dataclass(frozen=True, slots=True)
class ShowingIdentities:
    """The one way to what the vault knows of drawn cases."""

    store: EventStore
    pool: asyncpg.Pool
    sealing: Sealing
    permission: Permission

    async def show(
        self,
        context: CommandContext,
        caller: Caller,
        authorization: str,
        *,
        draw: UUID,
        case: str,
        request: ShowIdentity,
    ) -> CaseIdentity:
        """Record that the caller is shown who a case is, and return it.

        Args:
            context: who, when and under which command id.
            caller: the same with their roles.
            authorization: their header, for asking findings.
            draw: the case's.
            case: which.
            request: for which control point, and what for.

        Raises:
            CaseUnknownError, IdentityErasedError: there is nothing to show.
            IdentityNotShownError, FindingsUnavailableError: it is not to be shown to them, or not now.
            MasterKeyMissingError, SealBrokenError: the vault cannot be opened.
        """
        drawn = await drawn_case(self.pool, draw, case)
        if drawn is None or request.control_point not in drawn.control_points:
            raise case_unknown(draw, request.control_point)
        await self.require(drawn, caller, authorization, request)
        await self._identity(draw, case)
        await self.record(context, [IdentityShown(draw=draw, case=case, **request.model_dump())])
        # Once more: what was erased before the showing was in the log is not shown.
        identity = await self._identity(draw, case)
        if identity.protected and not is_cleared(caller):
            raise case_unknown(draw, request.control_point)
        return CaseIdentity(
            case=case, unit_id=identity.unit_id, fields=json.loads(identity.fields), protected=identity.protected
        )

    async def _identity(self, draw: UUID, case: str) -> Identity:
        row = await self.pool.fetchrow(ERASING["identity_of_drawn"], draw, case)
        if row is None:
            raise IdentityErasedError("The vault holds nothing of this case any more; what was found of it remains.")
        return opened_identity(self.sealing, row)

    async def require(self, drawn: CaseDrawn, caller: Caller, authorization: str, request: ShowIdentity) -> None:
        """Refuse whoever is not to know who a case is.

        Raises:
            CaseUnknownError: its identity is protected and they are not cleared, or it is another unit's.
            IdentityNotShownError, FindingsUnavailableError: it is not to be shown to them, or not now.
        """
        if not is_cleared(caller) and await self.pool.fetchval(PROTECTIONS["is_protected"], drawn.case):
            raise case_unknown(drawn.draw, request.control_point)
        if "coordinator" in caller.roles:
            return
        if request.why == "coordination":
            raise IdentityNotShownError
        if self.permission.asks_findings:
            await self.permission.require(drawn, request.control_point, request.why, authorization)
        elif request.why != "review" or not await self._open_to(drawn, caller, request.control_point):
            raise IdentityNotShownError

    async def _open_to(self, drawn: CaseDrawn, caller: Caller, control_point: str) -> bool:
        """Tell whether the case is the caller's own or anybody's, without asking findings."""
        if drawn.handler == caller.actor:
            return True
        _, defined = await control_point_of(self.store, control_point)
        rule = defined.reviewer_rule if defined else None
        return rule == "anyone" or (rule is None and drawn.handler is None)

    async def record(self, context: CommandContext, shown: Sequence[IdentityShown]) -> None:
        """Put into the log what is shown, each in its case's stream; a retry of the command does so once."""

        async def attempt() -> Receipt:
            histories = [await self.store.load(identity_stream(event.draw, event.case)) for event in shown]
            appends = [
                append for history, event in zip(histories, shown, strict=True) for append in appended(history, [event])
            ]
            return await self.store.commit(context, appends, b"{}")

        await carry_out(self.store, context, attempt)

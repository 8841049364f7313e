"""Finding drawn cases by their case numbers, which tells who they are as much as being shown it does.

What must not break: whoever may not review a case learns nothing of it, not even that it was drawn; each case that is
told is in the log first, as one whose identity was shown.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from stickprov_contracts.events.identities import IdentityShown
from stickprov_contracts.events.sampler import CaseDrawn, SampleDrawn
from stickprov_contracts.http.case_numbers import FindCases, FoundCase, FoundCases
from stickprov_contracts.http.sampler import ShowIdentity
from stickprov_contracts.streams import draw_stream
from stickprov_kernel.http.identity import Caller
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.erasing.statements import SQL as ERASING
from stickprov_sampler.adapters.hmac_keys import pseudonyms
from stickprov_sampler.adapters.identities.permission import IdentityNotShownError
from stickprov_sampler.adapters.identities.showing import ShowingIdentities
from stickprov_sampler.adapters.sql import SQL
from stickprov_sampler.adapters.sql.lists import Lists
from stickprov_sampler.adapters.sql.series import SeriesKeys
from stickprov_sampler.domain.draw.continuing import CaseUnknownError

_AT_ONCE: Final = 6
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FindingCases:
    """Finds cases, as somebody who may be shown them."""

    identities: ShowingIdentities
    lists: Lists
    keys: SeriesKeys

    async def find(self, context: CommandContext, caller: Caller, authorization: str, request: FindCases) -> FoundCases:
        """Return the drawn cases that the caller may know; that they do is in the log by then.

        Args:
            context: who, when and under which command id.
            caller: the same with their roles.
            authorization: their header, for asking findings.
            request: the numbers, for which control point, and what for.

        Raises:
            FindingsUnavailableError: who may know cannot be said now.
        """
        samples = await self._samples(request)
        numbers = await self._pseudonyms(request.unit_ids, {sample.series for sample in samples})
        drawn = await self._drawn(request, [sample.draw for sample in samples], list(numbers))
        turns = asyncio.Semaphore(_AT_ONCE)

        async def may_know(case: CaseDrawn) -> bool:
            asked = ShowIdentity(control_point=request.control_point, why=request.why)
            try:
                async with turns:
                    await self.identities.require(case, caller, authorization, asked)
            except (IdentityNotShownError, CaseUnknownError):
                return False
            return True

        allowed = await asyncio.gather(*(may_know(case) for case in drawn))
        known = [case for case, may in zip(drawn, allowed, strict=True) if may]
        # Whoever tries numbers leaves a trail though they find nothing; the numbers themselves stand nowhere.
        _log.info("case-numbers-searched", actor=caller.actor, asked=len(request.unit_ids), found=len(known))
        if known:
            why = {"control_point": request.control_point, "why": request.why}
            await self.identities.record(context, [IdentityShown(draw=one.draw, case=one.case, **why) for one in known])
        found = [FoundCase(unit_id=numbers[one.case], draw=one.draw, case=one.case) for one in known]
        return FoundCases(cases=sorted(found, key=lambda one: (one.unit_id, str(one.draw))))

    async def _samples(self, request: FindCases) -> list[SampleDrawn]:
        """Return the samples among which to look."""
        return [
            sample
            for sample in await self.lists.samples()
            if request.control_point in sample.control_points and request.draw in {None, sample.draw}
        ]

    async def _pseudonyms(self, unit_ids: Collection[str], series: Collection[UUID]) -> dict[str, str]:
        """Return the units' numbers by the pseudonyms that they have in some series, where the vault knows them.

        The vault cannot be searched for a number: a unit's pseudonym in a series is computed with the series' key.
        """
        keys = await self.keys.living(series)
        possible = await asyncio.to_thread(pseudonyms, unit_ids, [one.key for one in keys])
        rows = await self.identities.pool.fetch(SQL["known_cases"], list(possible))
        return {row["case_id"]: possible[row["case_id"]] for row in rows}

    async def _drawn(self, request: FindCases, draws: Sequence[UUID], cases: Sequence[str]) -> list[CaseDrawn]:
        """Return those cases as they were drawn for the control point."""
        if not draws or not cases:
            return []
        wanted = frozenset(cases)
        rows = await self.identities.pool.fetch(SQL["drawn_cases"], [draw_stream(draw) for draw in draws])
        read = (CaseDrawn.model_validate_json(row["data"]) for row in rows)
        found = [one for one in read if one.case in wanted and request.control_point in one.control_points]
        # Another draw may hold an identity that is erased in this one.
        kept = await self.identities.pool.fetch(ERASING["draws_of_cases"], [one.case for one in found])
        there = {(row["draw"], row["case_id"]) for row in kept}
        return [one for one in found if (one.draw, one.case) in there]

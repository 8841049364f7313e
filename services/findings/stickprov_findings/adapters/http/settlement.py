"""The route where the coordinator settles what first and second reviewer disagree about."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from stickprov_contracts.http import findings as api
from stickprov_findings.adapters.http.addresses import CASE, RECORDED, Cleared, Seen, key_for, recorded
from stickprov_findings.adapters.http.given import held
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.domain.review.commands import ReviewKey, SettleDisagreement
from stickprov_kernel.http.commands import command
from stickprov_kernel.log.records import CommandContext
from stickprov_kernel.notes.keeping import typed


def add_settlement_route(router: APIRouter, parts: GetParts) -> None:
    """Add the route to those of first reviews."""
    key_dependency = Depends(key_for("review"))

    @router.post(CASE + "/settlement", summary="Settle a disagreement between first and second review", **RECORDED)
    async def settle_disagreement(
        key: Annotated[ReviewKey, key_dependency],
        context: Annotated[CommandContext, Depends(command("coordinator"))],
        cleared: Cleared,
        body: api.SettleDisagreement,
        seen: Seen,
    ) -> Response:
        """Say what holds from now on, for a reason: a finding, or that the case is not reviewed.

        Both reviews stay in the log; a settlement can be settled anew.
        """
        settlement = SettleDisagreement(
            review=key,
            actor=context.actor,
            holds=held(body, context.time),
            second_version=body.second_version,
            reason=typed(body.reason),
            seen=seen,
        )
        return recorded(await parts().desk.carry_out(context, settlement, cleared=cleared))

"""Routes of the follow-up: conclusions, actions, and the statuses of a plan's rows."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status

from stickprov_contracts.http import follow_ups as api
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_findings.adapters import follow_up_answers as answers
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.domain.follow_up import action, conclusion, plan_status
from stickprov_findings.domain.follow_up.problems import ActionUnknownError
from stickprov_kernel.errors import PreconditionRequiredError
from stickprov_kernel.http.commands import command, if_match
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, Receipt
from stickprov_kernel.notes.keeping import typed
from stickprov_kernel.notes.note import Note
from stickprov_kernel.period import parse_period

_TEXTS: Final = (
    "carried_out_by",
    "sampling_method",
    "result",
    "assessment",
    "proposed_actions",
    "process",
    "system",
    "wording",
)
_KEPT: Final[dict[str, Any]] = {
    "status_code": status.HTTP_201_CREATED,
    "response_model": api.FollowUpKept,
    "responses": {
        200: {"model": api.FollowUpKept, "description": "It had been carried out before; this is the first answer"},
        404: refused("No such control point, row or action"),
        412: refused("It moved on after it was read; `current_version` says to what"),
    },
}

Coordinator = Annotated[CommandContext, Depends(command("coordinator"))]
Reader = Annotated[Caller, Depends(require("coordinator", "board", "auditor"))]
Seen = Annotated[int | None, Depends(if_match)]
Point = Annotated[ControlPointId | None, Query(description="Only this control point")]
Plan = Annotated[ControlPointId | None, Query(description="Only this plan")]


def conclusion_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/conclusions``."""
    router = ServiceRouter(prefix="/v1/conclusions", tags=["follow-up"])

    @router.post("", summary="Conclude a control for a period", **_KEPT)
    async def conclude(context: Coordinator, body: api.ConcludeControl, seen: Seen) -> Response:
        """Conclude a control, with the standard form's fields; a second time with ``If-Match`` and a reason."""
        asked = conclusion.Conclude(
            control_point=body.control_point,
            period=parse_period(body.period),
            verdict=body.verdict,
            today=context.time.date(),
            proposal=body.proposal,
            carried_out_from=body.carried_out_from,
            carried_out_to=body.carried_out_to,
            texts=_texts({name: getattr(body, name) for name in _TEXTS}),
            reason=_note(body.reason),
            seen=seen,
        )
        return _kept(await parts().follow_ups.conclude(context, asked))

    @router.get("", summary="The conclusions that hold")
    async def read_conclusions(_caller: Reader, control_point: Point = None) -> list[api.Conclusion]:
        """Return conclusions by control point and period."""
        return await answers.conclusions(parts().follow_ups.reader, control_point)

    return router


def action_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/actions``."""
    router = ServiceRouter(prefix="/v1/actions", tags=["follow-up"])

    @router.post("", summary="Propose an action", **_KEPT)
    async def propose(context: Coordinator, body: api.ProposeAction) -> Response:
        """Propose an action of a control or a plan."""
        asked = action.Propose(new_id(), _terms(body), typed(body.description))
        return _kept(await parts().follow_ups.propose(context, asked))

    @router.get("", summary="Actions as they stand")
    async def read_actions(
        _caller: Reader,
        control_point: Point = None,
        plan: Plan = None,
        open_only: Annotated[bool, Query(description="Only those neither done nor dropped")] = False,
        overdue: Annotated[bool, Query(description="Only those whose day has passed")] = False,
    ) -> list[api.Action]:
        """Return actions in the order in which they were proposed."""
        return [
            one
            for one in await answers.actions(parts().follow_ups.reader, _today())
            if control_point in {None, one.control_point}
            and plan in {None, one.plan}
            and (not overdue or one.overdue)
            and (not open_only or one.status not in action.ENDED)
        ]

    @router.get("/{action_id}", summary="One action with its history")
    async def read_action(_caller: Reader, action_id: UUID, response: Response) -> api.Action:
        """Return an action as it stands."""
        found = await answers.action(parts().follow_ups.reader, action_id, _today())
        if found is None:
            raise ActionUnknownError
        response.headers["ETag"] = f'"{found.version}"'
        return found

    @router.put("/{action_id}", summary="Change an action", **_KEPT)
    async def update(context: Coordinator, action_id: UUID, body: api.UpdateAction, seen: Seen) -> Response:
        """Tell the whole action as it is from now on; needs ``If-Match``."""
        if seen is None:
            raise PreconditionRequiredError('Send the version of the action that you saw, such as If-Match: "1".')
        asked = action.Update(action_id, _terms(body), typed(body.description), _note(body.reason), seen)
        return _kept(await parts().follow_ups.update(context, asked))

    @router.post("/{action_id}/follow-ups", summary="Follow an action up", **_KEPT)
    async def follow_up(context: Coordinator, action_id: UUID, body: api.FollowUpAction) -> Response:
        """Tell what was found of an action."""
        asked = action.FollowUp(action_id, parse_period(body.period), body.status, body.effect, _note(body.finding))
        return _kept(await parts().follow_ups.follow_up(context, asked))

    return router


def plan_status_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/plan-status``."""
    router = ServiceRouter(prefix="/v1/plan-status", tags=["follow-up"])

    @router.post("", summary="Report how a row of a plan stands", **_KEPT)
    async def report(context: Coordinator, body: api.ReportPlanStatus) -> Response:
        """Report a row's status for a tertial; a later report for the same period replaces the earlier one."""
        asked = plan_status.Report(
            body.plan, body.control_point, parse_period(body.period), body.status, _note(body.text)
        )
        return _kept(await parts().follow_ups.report(context, asked))

    @router.get("", summary="How the rows of plans stand")
    async def read_statuses(_caller: Reader, plan: Plan = None) -> list[api.PlanStatus]:
        """Return the statuses that hold, by plan, period and row."""
        return await answers.plan_statuses(parts().follow_ups.reader, plan)

    return router


def _terms(body: api.ProposeAction) -> action.Terms:
    return action.Terms(
        control_point=body.control_point,
        plan=body.plan,
        number=body.number,
        responsible=body.responsible,
        owner=body.owner,
        due=body.due,
        status=body.status,
    )


def _texts(fields: Mapping[str, str | None]) -> dict[str, Note]:
    return {name: note for name, text in fields.items() if (note := _note(text))}


def _note(text: str | None) -> Note | None:
    """Return a note for what was typed; blanks alone are nothing."""
    return typed(text) if text and text.strip() else None


def _today() -> date:
    return datetime.now(UTC).date()


def _kept(receipt: Receipt) -> Response:
    version = api.FollowUpKept.model_validate_json(receipt.answer).version
    return Response(
        content=receipt.answer,
        status_code=status.HTTP_200_OK if receipt.repeated else status.HTTP_201_CREATED,
        media_type="application/json",
        headers={"ETag": f'"{version}"'},
    )

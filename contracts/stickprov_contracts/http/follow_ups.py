"""The findings API's follow-up: conclusions, actions, and the statuses of a plan's rows.

Free text is kept where it can be erased; erased text is null. A period is written ``2021-Q1``, ``2021-T1``,
``2021-03``, ``2021`` or ``2021-01-01/2021-04-01`` (end excluded).
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from stickprov_contracts.events.base import Period
from stickprov_contracts.http.base import Answer, Request
from stickprov_contracts.http.sampler import ControlPointId, PlanText

Verdict = Literal["followed", "partly-followed", "not-followed"]
Proposal = Literal["keep", "reformulate", "retire"]
ActionStatus = Literal["proposed", "decided", "under-way", "done", "dropped"]
Effect = Literal["yes", "partly", "no"]
RowStatus = Literal["not-started", "under-way", "done", "deviation", "not-applicable"]

_Long = Annotated[str, Field(max_length=20_000)]
_Reason = Annotated[str, Field(min_length=1, max_length=10_000)]
_Period = Annotated[str, Field(min_length=4, max_length=40)]


class ConcludeControl(Request):
    """``POST /v1/conclusions``: the standard form's fields. A second one for the same period needs ``If-Match``.

    Attributes:
        carried_out_from, carried_out_to: first and last day on which the control was carried out.
        carried_out_by, sampling_method: as the form words them.
        result: what was found, beside the figures. assessment: possible risks and causes.
        proposed_actions: in words; an action with owner and due date is proposed by itself.
        process, system: on routines and on computer systems.
        wording: the new one, when the point is to be reformulated.
        reason: why a conclusion is replaced; needed then.
    """

    control_point: ControlPointId
    period: _Period
    carried_out_from: date | None = None
    carried_out_to: date | None = None
    verdict: Verdict
    proposal: Proposal | None = None
    carried_out_by: _Long | None = None
    sampling_method: _Long | None = None
    result: _Long | None = None
    assessment: _Long | None = None
    proposed_actions: _Long | None = None
    process: _Long | None = None
    system: _Long | None = None
    wording: _Long | None = None
    reason: _Reason | None = None


class FollowUpKept(Answer):
    """A command was carried out, or had been carried out before under the same command id.

    Attributes:
        event: id of the event. version: of what it changed, also in ``ETag``. action: the action's id.
    """

    event: UUID
    version: int
    action: UUID | None = None


class Conclusion(Answer):
    """A conclusion as it stands; ``version`` is what ``If-Match`` takes."""

    control_point: str
    period: Period
    carried_out_from: date | None
    carried_out_to: date | None
    verdict: str
    proposal: str | None
    carried_out_by: str | None
    sampling_method: str | None
    result: str | None
    assessment: str | None
    proposed_actions: str | None
    process: str | None
    system: str | None
    wording: str | None
    reason: str | None
    version: int
    time: datetime
    actor: str


class ProposeAction(Request):
    """``POST /v1/actions``.

    Attributes:
        number: what the board's document calls it. description: what will be done.
        responsible: a function, never a name. owner: pseudonym of somebody in the staff list.
        due: the day by which it shall be done.
    """

    control_point: ControlPointId | None = None
    plan: ControlPointId | None = None
    number: PlanText | None = Field(default=None, min_length=1, max_length=20)
    description: Annotated[str, Field(min_length=1, max_length=20_000)]
    responsible: PlanText | None = Field(default=None, min_length=1, max_length=200)
    owner: str | None = Field(default=None, max_length=100)
    due: date | None = None
    status: ActionStatus = "proposed"


class UpdateAction(ProposeAction):
    """``PUT /v1/actions/{action}``: the whole action as it is from now on; needs ``If-Match``."""

    reason: _Reason | None = None


class FollowUpAction(Request):
    """``POST /v1/actions/{action}/follow-ups``.

    Attributes:
        period: the tertial, or another period, that it is told for.
        status: of the action from now on. effect: whether it has had the effect it was meant to have.
        finding: what was found.
    """

    period: _Period
    status: ActionStatus
    effect: Effect | None = None
    finding: _Long | None = None


class FollowUp(Answer):
    """What was found of an action at one time."""

    period: Period
    status: str
    effect: str | None
    finding: str | None
    time: datetime
    actor: str


class ActionChange(Answer):
    """A step in an action's history: what it was from then on."""

    version: int
    what: Literal["proposed", "updated", "followed-up"]
    time: datetime
    actor: str
    status: str
    due: date | None
    reason: str | None


class Action(Answer):
    """An action as it stands; ``version`` is what ``If-Match`` takes.

    Attributes:
        overdue: whether its day has passed while it is neither done nor dropped, judged on the day it was asked.
    """

    action: UUID
    control_point: str | None
    plan: str | None
    number: str | None
    description: str | None
    responsible: str | None
    owner: str | None
    due: date | None
    status: str
    overdue: bool
    follow_ups: list[FollowUp]
    history: list[ActionChange]
    version: int


class ReportPlanStatus(Request):
    """``POST /v1/plan-status``: how a row of a plan stands. A second one for the same period replaces the first."""

    plan: ControlPointId
    control_point: ControlPointId
    period: _Period
    status: RowStatus
    text: _Long | None = None


class PlanStatus(Answer):
    """How a row of a plan stands for a period."""

    plan: str
    control_point: str
    period: Period
    status: str
    text: str | None
    time: datetime
    actor: str

"""Facts of the sampler's plan: what is controlled, whence a control point comes, who works here, what is closed.

Lists of choices are plain text here and literals in the HTTP contracts: another choice must not break a reader.
"""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from stickprov_contracts.events.base import Event, NoteReference, Period
from stickprov_contracts.topics import Source


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _PlanEvent(Event):
    source: ClassVar[Source] = "sampler"


class Risk(_Part):
    """A risk as the plan gives it.

    Attributes:
        id: the plan's own, which its control points refer to.
        score: the number in the plan (``Skattning 16``), never recomputed from the labels.
        labels: the words beside it, such as ``sannolik risk, allvarliga konsekvenser``.
    """

    id: str
    text: str
    score: StrictInt | None = None
    labels: str = ""


class ControlPlanAdopted(_PlanEvent):
    """A board's plan for a year was adopted, or adopted anew. Its points are defined in streams of their own.

    Attributes:
        plan: its id, unique in the organisation, such as ``AFN-2022``.
        dnr: registration number.
        risks: in the plan's order.
        control_points: ids in the plan's order.
    """

    name: ClassVar[str] = "control-plan-adopted"

    plan: str
    year: int
    board: str
    dnr: str | None = None
    title: str | None = None
    risks: list[Risk]
    control_points: list[str]


class ControlPointCarriedOver(_PlanEvent):
    """What became of a control point in a later year's plan. The event lies in the earlier point's stream.

    Attributes:
        control_point: the earlier point.
        plan: the later plan. year: of the later plan.
        to: the later point; None when it was retired.
        how: ``kept``, ``reformulated`` or ``retired``.
        wording: the measure of the later point, "" when retired.
        why: where the reason lies, if one was given.
    """

    name: ClassVar[str] = "control-point-carried-over"

    control_point: str
    plan: str
    year: int
    to: str | None
    how: str
    wording: str = ""
    why: NoteReference | None = None


class QuestionnairePublished(_PlanEvent):
    """A version of a questionnaire was published.

    Attributes:
        number: of the version, from 1.
        content: a document that fits ``stickprov_contracts.questionnaires.Questionnaire``.
    """

    name: ClassVar[str] = "questionnaire-published"

    questionnaire: str
    number: int = Field(ge=1)
    content: dict[str, Any]


class StaffMember(_Part):
    """Somebody who handles or reviews cases, by pseudonym.

    Attributes:
        pseudonym: HMAC of the sign-in name under the staff key, as in every event's ``actor``.
        unit: organisational unit, "" where none is told.
        groups: what they belong to beside it.
        clearance: ``ordinary`` or ``protected`` (may see cases with protected identity).
    """

    pseudonym: str
    unit: str = ""
    groups: list[str] = []
    clearance: str = "ordinary"


class StaffListed(_PlanEvent):
    """The whole staff list as it is from now on. Names and addresses are in the vault."""

    name: ClassVar[str] = "staff-listed"

    staff: list[StaffMember]


class PeriodClosed(_PlanEvent):
    """A period of a plan was closed: nothing more is frozen or drawn in it for these control points."""

    name: ClassVar[str] = "period-closed"

    plan: str
    period: Period
    control_points: list[str]


EVENTS: tuple[type[Event], ...] = (
    ControlPlanAdopted,
    ControlPointCarriedOver,
    QuestionnairePublished,
    StaffListed,
    PeriodClosed,
)

"""The sampler's API of the plan: plans, lineage, questionnaires, staff, closed periods."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from stickprov_contracts.events.base import Period
from stickprov_contracts.events.plans import Risk
from stickprov_contracts.http.base import Answer, Request
from stickprov_contracts.http.sampler import ControlPoint, ControlPointId, PlanText, PointFields
from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import Questionnaire

PlanId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
QuestionnaireId = PlanId
How = Literal["kept", "reformulated", "retired"]
_Why = Annotated[PlanText, Field(min_length=1, max_length=4000)]


class PlannedRisk(Request):
    """A risk with its score and labels as the plan gives them; nothing is computed."""

    id: PlanId
    text: PlanText = Field(min_length=1, max_length=1000)
    score: StrictInt | None = Field(default=None, ge=0, le=1000)
    labels: PlanText = Field(default="", max_length=200)


class CarriedOver(Request):
    """Whence a control point comes: an earlier year's point, ``kept`` as it was worded or ``reformulated``.

    Attributes:
        earlier: id of the earlier point.
        why: free text; kept where it can be erased. Left out, what is stored stays.
    """

    earlier: ControlPointId
    how: Literal["kept", "reformulated"]
    why: _Why | None = None


class PlannedPoint(PointFields):
    """A control point of a plan; year and board are the plan's."""

    control_point: ControlPointId
    carried_over: CarriedOver | None = None


class RetiredPoint(Request):
    """An earlier year's point that this plan does not carry on."""

    control_point: ControlPointId
    why: _Why | None = None


class AdoptPlan(Request):
    """``PUT /v1/plans/{plan}``: the whole plan as it is from now on; ``POST /v1/plans/{plan}/preview`` only looks."""

    board: PlanText = Field(min_length=1, max_length=200)
    year: StrictInt = Field(ge=1990, le=2200)
    dnr: PlanText | None = Field(default=None, min_length=1, max_length=60)
    title: PlanText | None = Field(default=None, min_length=1, max_length=200)
    risks: list[PlannedRisk] = Field(default=[], max_length=500)
    control_points: list[PlannedPoint] = Field(min_length=1, max_length=1000)
    retired: list[RetiredPoint] = Field(default=[], max_length=1000)


class PlanChange(Answer):
    """What an adoption changes about one thing.

    Attributes:
        kind: ``plan`` or ``control_point``.
        what: ``removed`` points stay defined, outside the plan.
        fields: which fields are different now, where it was changed.
    """

    kind: Literal["plan", "control_point"]
    id: str
    what: Literal["added", "changed", "removed", "carried_over", "retired"]
    fields: list[str] = []


class AdoptedPlan(Answer):
    """What came, or would come, of adopting a plan. No changes: it was adopted like this already.

    Attributes:
        version: of the plan's stream, afterwards.
        warnings: what looks wrong but is kept as given; fields are paths into the request.
    """

    plan: str
    version: int
    changes: list[PlanChange]
    warnings: list[FieldProblem]


class CarriedOverAnswer(Answer):
    """Whence a control point comes. An erased reason is null."""

    earlier: str
    how: How
    why: str | None = None


class PlanPoint(ControlPoint):
    """A control point in its plan."""

    carried_over: CarriedOverAnswer | None = None


class RetiredPointAnswer(Answer):
    """An earlier point that ended with this plan. An erased reason is null."""

    control_point: str
    measure: str
    why: str | None = None


class ClosedPeriod(Answer):
    """A period in which nothing more is frozen or drawn for these control points."""

    plan: str
    period: Period
    control_points: list[str]


class Plan(Answer):
    """A plan as it stands, in its own order."""

    plan: str
    version: int
    board: str
    year: int
    dnr: str | None
    title: str | None
    risks: list[Risk]
    control_points: list[PlanPoint]
    retired: list[RetiredPointAnswer]
    closed_periods: list[ClosedPeriod]
    warnings: list[FieldProblem]


class PlanSummary(Answer):
    """A plan in the list of plans."""

    plan: str
    board: str
    year: int
    dnr: str | None
    title: str | None
    risks: int
    control_points: int
    version: int


class CarryOver(Request):
    """``POST /v1/control-points/{control_point}/carry-over``: into a plan that has been adopted.

    Attributes:
        plan: the later plan.
        to: id of the later point; left out when it is retired.
        number: its number there; the same when left out.
        measure: the new wording of a reformulated point.
    """

    plan: PlanId
    how: How
    to: ControlPointId | None = None
    number: PlanText | None = Field(default=None, min_length=1, max_length=20)
    measure: PlanText | None = Field(default=None, min_length=1, max_length=2000)
    why: _Why | None = None


class LineageStep(Answer):
    """One step from an earlier point to a later one; ``later`` is null where it was retired."""

    earlier: str
    earlier_year: int
    earlier_measure: str
    later: str | None
    year: int
    measure: str
    how: How
    plan: str
    why: str | None
    time: datetime
    actor: str


class Lineage(Answer):
    """Whence a point comes and what became of it, each list in the order of years."""

    control_point: str
    earlier: list[LineageStep]
    later: list[LineageStep]


class FieldChange(Answer):
    """A field before and after; null where there was or is nothing."""

    field: str
    before: str | None
    after: str | None


class PlanHistoryEntry(Answer):
    """Something that happened to a plan or a control point.

    Attributes:
        subject: id of the plan or control point.
        actor: pseudonym.
        why: null where no reason was given, or it has been erased.
    """

    subject: str
    version: int
    time: datetime
    actor: str
    what: Literal["adopted", "defined", "changed", "carried_over", "retired", "period_closed"]
    changes: list[FieldChange] = []
    why: str | None = None


class ClosePeriod(Request):
    """``POST /v1/plans/{plan}/closed-periods``: ``2021-T1`` and the other labels a period has."""

    period: str


class PublishedQuestionnaire(Answer):
    """A version of a questionnaire; ``number`` counts from 1."""

    questionnaire: str
    number: int
    content: Questionnaire


class ListedPerson(Request):
    """One row of a staff list. Name and e-mail go to the vault; the sign-in name becomes a pseudonym.

    Attributes:
        clearance: ``protected`` may see cases with protected identity.
    """

    sign_in: PlanText = Field(min_length=1, max_length=255)
    name: PlanText = Field(default="", max_length=200)
    email: PlanText = Field(default="", max_length=200)
    unit: PlanText = Field(default="", max_length=200)
    groups: list[Annotated[PlanText, Field(min_length=1, max_length=100)]] = []
    clearance: Literal["ordinary", "protected"] = "ordinary"


class ListStaff(Request):
    """``PUT /v1/staff``: the whole list from now on."""

    staff: list[ListedPerson] = Field(min_length=1, max_length=20000)


class StaffListedAnswer(Answer):
    """What a new staff list changed, in numbers: no name leaves the vault with it."""

    version: int
    listed: int
    added: int
    changed: int
    removed: int


class Person(Answer):
    """Somebody on the staff list; name, e-mail and sign-in name are null where the vault knows none."""

    pseudonym: str
    name: str | None
    email: str | None
    unit: str
    groups: list[str]
    clearance: str
    sign_in: str | None = None


class StaffChange(Answer):
    """What becomes of somebody with a new staff list: whole as they would be, or as they were when they leave.

    Attributes:
        fields: what would be different, for those who are changed.
    """

    what: Literal["added", "changed", "removed"]
    person: Person
    fields: list[str] = []


class StaffPreview(Answer):
    """``POST /v1/staff/preview``: what a list would change; nothing is stored.

    Attributes:
        listed: how many would be on the list.
    """

    listed: int
    changes: list[StaffChange]

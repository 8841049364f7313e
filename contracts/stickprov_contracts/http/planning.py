"""The sampler's planner: how many cases a sample needs. It computes and stores nothing."""

from decimal import Decimal

from pydantic import Field, StrictInt

from stickprov_contracts.http.base import Answer, Request

LARGEST_FRAME = 100_000_000


class GivenStage(Request):
    """A stage of a plan that somebody has in mind: draw ``add`` more, stop if at most ``allowed`` deviate in all."""

    add: StrictInt = Field(ge=1, le=2_000)
    allowed: StrictInt = Field(ge=0, le=50)


class PlanSize(Request):
    """``POST /v1/plan-size``. At least one of ``tolerable`` and ``margin`` is asked for. Shares lie between 0 and 1.

    Attributes:
        frame_size: N; when left out the frame counts as infinite.
        confidence: 1 minus the risk of a good verdict where the tolerable rate is exceeded or just reached.
        tolerable: the share of deviating units from which the control point counts as not followed.
        expected: the share that is expected; also the share a margin is planned for, instead of the worst case.
        margin: half the width that the interval may have.
        stages: how many stages a stop-or-go plan may have; needs ``tolerable``.
        given: a stop-or-go plan to be judged; needs ``tolerable``.
    """

    frame_size: StrictInt | None = Field(default=None, ge=1, le=LARGEST_FRAME)
    confidence: Decimal = Field(default=Decimal("0.95"), ge=Decimal("0.5"), le=Decimal("0.9999"), decimal_places=6)
    tolerable: Decimal | None = Field(default=None, ge=Decimal("0.0001"), lt=1, decimal_places=6)
    expected: Decimal | None = Field(default=None, ge=0, lt=1, decimal_places=6)
    margin: Decimal | None = Field(default=None, ge=Decimal("0.001"), lt=Decimal("0.5"), decimal_places=6)
    stages: StrictInt | None = Field(default=None, ge=2, le=5)
    given: list[GivenStage] = Field(default=[], max_length=5)


class AttributePlan(Answer):
    """The smallest sample that tells whether a tolerable rate is kept.

    Attributes:
        n: cases to draw.
        allowed: c, how many of them may deviate for the rate to count as kept.
        deviating: how many units of the frame deviate when the tolerable rate is just reached; None when infinite.
        risk: the chance that so few deviate in the sample although that many do in the frame.
        whole_frame: nothing smaller than the whole frame would tell.
    """

    n: int
    allowed: int
    deviating: int | None
    risk: float
    whole_frame: bool


class MarginPlan(Answer):
    """The sample for a margin of error.

    Attributes:
        n: by the normal approximation with finite correction, as textbooks have it.
        n_exact: the sample whose exact interval is within the margin, while that of one less is not.
        half_width: half the exact interval's width at ``n_exact``, when ``expected`` of the sample deviates.
        expected: the share it is planned for. worst_case: whether that is a half because none was given.
    """

    n: int
    n_exact: int
    half_width: float
    expected: float
    worst_case: bool


class Stage(Answer):
    """One stage: draw ``add`` more (``total`` in all); stop if at most ``allowed`` of all drawn deviate.

    Attributes:
        add: how many more to draw. total: how many are drawn by then. allowed: how many of those may deviate.
        risk: the chance to stop here although the tolerable rate is just reached.
    """

    add: int
    total: int
    allowed: int
    risk: float


class StagedPlan(Answer):
    """A stop-or-go plan and its chance to stop at any stage although the tolerable rate is just reached.

    Attributes:
        holds: whether ``risk`` is at most the allowed one.
    """

    stages: list[Stage]
    risk: float
    holds: bool


class PlannedSize(Answer):
    """What is needed; a part is None where it was not asked for.

    Attributes:
        asked: the request, with what was left out filled in.
        given: the plan of the request, judged.
        stop_or_go: a plan that holds.
    """

    asked: PlanSize
    attribute: AttributePlan | None
    margin: MarginPlan | None
    given: StagedPlan | None
    stop_or_go: StagedPlan | None

"""Facts of the sampler: control points, frozen frames, seeds, samples and their cases."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from stickprov_contracts.events.base import Event, Period
from stickprov_contracts.topics import Source

Hex256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Seed = Annotated[str, Field(pattern="^[0-9a-f]{20,64}$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
Design = Literal["census", "simple", "stratified", "per_group", "systematic", "cluster", "pps"]
AllocationRule = Literal["each", "explicit", "proportional", "equal", "per_reviewer", "neyman"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _SamplerEvent(Event):
    source: ClassVar[Source] = "sampler"


class Category(_Part):
    """A kind of remark, with its text in both languages."""

    id: str
    sv: str
    en: str


class ControlPointDefined(_SamplerEvent):
    """A control point was defined, or defined anew with other wording.

    Attributes:
        control_point: its id, unique in the organisation, such as ``AMF-2021-3``.
        number: the number the board knows it by.
        measure: what is controlled, in the board's words.
        unit_name: what one case is called, such as ``hushåll``; "" where nothing is sampled.
        tolerance: the acceptable share of remarks, between 0 and 1, if one is set.
        plan: the plan it belongs to. risk: id of one of that plan's risks.
        responsible: a function such as ``Enhetschef``, never a name.
        frequency: as the plan words it. schedule: ``monthly``, ``quarterly``, ``tertial``, ``half_yearly``, ``yearly``.
        reviewer_rule: ``anyone``, ``handler`` (their own cases), ``colleague`` (of the same unit, never their own),
            ``group`` (those of ``reviewer_group``) or ``round_robin`` (whoever has least to do).
        second_review_share: the share of reviewed cases that a second reviewer looks at, blind.
        file_review_questionnaire: what is asked when the cases with a remark are looked into again.
    """

    name: ClassVar[str] = "control-point-defined"

    control_point: str
    number: str
    year: int
    board: str
    area: str
    measure: str
    unit_name: str
    categories: list[Category]
    tolerance: Decimal | None = None
    plan: str | None = None
    risk: str | None = None
    method: str | None = None
    responsible: str | None = None
    frequency: str | None = None
    schedule: list[str] = []
    questionnaire: str | None = None
    subunit_name: str | None = None
    reviewer_rule: str | None = None
    reviewer_group: str | None = None
    second_review_share: Decimal | None = None
    file_review_questionnaire: str | None = None


class StratumSize(_Part):
    """How many units of a frame are in one stratum and month. The stratum is "" where there is none."""

    stratum: str
    month: Month
    size: int = Field(ge=0)


class FrameFrozen(_SamplerEvent):
    """A register extract became an immutable sampling frame.

    Attributes:
        frame: its id.
        frame_name: what the coordinator calls it; a second freeze under the same name is refused.
        series: whose key made the pseudonyms.
        size: N, units.
        subunits: sum of the units' subunits, if they have any.
        strata: sizes by stratum and month; they sum to N.
        frame_hash: SHA-256 of the frame file's bytes.
        source_hash: SHA-256 of the bytes of the file that was imported.
        filter: the expression that was applied, if any.
        excluded: how many rows were left out, by reason.
        columns: the columns the frame keeps, beside ``case_id``.
        extract_date: the day the register was read, if it was told; personal numbers and ages are judged against it.
        listing_hash: SHA-256 of the frame's listing, which anybody can read and draw from again; None for frames that
            were frozen before there were listings.
    """

    name: ClassVar[str] = "frame-frozen"

    frame: UUID
    frame_name: str
    control_point: str
    period: Period
    series: UUID
    size: int = Field(ge=1)
    subunits: int | None = None
    strata: list[StratumSize]
    frame_hash: Hex256
    source_hash: Hex256
    filter: str | None = None
    excluded: dict[str, int] = {}
    columns: list[str] = []
    extract_date: date | None = None
    listing_hash: Hex256 | None = None


class SeedDrawn(_SamplerEvent):
    """The seed of a draw came into being, after the frame's hash was in the log.

    Attributes:
        frame_position: the log position of the frame's ``FrameFrozen``; lower than this event's own.
        origin: ``system`` (a cryptographic generator) or ``ceremony`` (typed in, such as twenty ten-sided dice).
    """

    name: ClassVar[str] = "seed-drawn"

    draw: UUID
    frame: UUID
    frame_hash: Hex256
    frame_position: int = Field(ge=1)
    seed: Seed
    origin: Literal["system", "ceremony"]


class Allocation(_Part):
    """How many units (``size``, N_h) one stratum and month holds and how many were drawn (``drawn``, n_h)."""

    stratum: str
    month: Month
    size: int = Field(ge=0)
    drawn: int = Field(ge=0)


class SampleDrawn(_SamplerEvent):
    """A sample was selected: design, sizes and everything needed to repeat it.

    Attributes:
        control_points: those the drawn cases serve.
        size: N. drawn: n.
        allocation: per stratum and month; sums to N and n.
        seed: what the tickets were made with; None while it is secret behind ``seed_hash``.
        seed_hash: hex SHA-256 of the seed's text, where the seed was committed before it was shown.
        algorithm: version of the drawing rule, such as ``ticket-sha256-v1``.
        allocation_rule: how n was shared out among the strata; None where there was nothing to share.
        rate: the share of the frame that was asked for, where n was not.
        handlers: handlers in each stratum. standard_deviations: those given for each. They settle n_h by rule.
        sort_key: the column whose order was walked through, every ``interval``-th from place ``start``.
        size_column: what the inclusion probabilities are proportional to.
        shift: where tickets begin to count, 64 hex digits; None for the beginning.
        coordinated_with: an earlier draw of the series whose seed this one has too.
    """

    name: ClassVar[str] = "sample-drawn"

    draw: UUID
    frame: UUID
    series: UUID
    control_points: list[str]
    period: Period
    design: Design
    stratified_by: list[str] = []
    size: int = Field(ge=1)
    drawn: int = Field(ge=1)
    allocation: list[Allocation]
    seed: Seed | None
    seed_hash: Hex256 | None = None
    frame_hash: Hex256
    algorithm: str = "ticket-sha256-v1"
    allocation_rule: AllocationRule | None = None
    rate: Decimal | None = None
    handlers: dict[str, int] = {}
    standard_deviations: dict[str, Decimal] = {}
    sort_key: str | None = None
    interval: int | None = Field(default=None, ge=1)
    start: int | None = Field(default=None, ge=1)
    size_column: str | None = None
    shift: Hex256 | None = None
    coordinated_with: UUID | None = None


class CaseDrawn(_SamplerEvent):
    """One unit was drawn.

    Attributes:
        case: its pseudonym in this series, hex HMAC-SHA-256.
        order: its place in the draw, from 1; within its stratum for stratified draws.
        inclusion_probability: the chance the design gave it, in (0, 1].
        unit: the organisational unit that handles it, "" where unknown.
        handler: pseudonym of its handler, if the register named one.
        subunits: public ids of what is counted inside it.
    """

    name: ClassVar[str] = "case-drawn"

    case: Hex256
    draw: UUID
    control_points: list[str]
    period: Period
    month: Month
    stratum: str
    unit: str = ""
    order: int = Field(ge=1)
    inclusion_probability: float = Field(gt=0, le=1)
    subunits: list[str] = []
    handler: str | None = None


EVENTS: tuple[type[Event], ...] = (ControlPointDefined, FrameFrozen, SeedDrawn, SampleDrawn, CaseDrawn)

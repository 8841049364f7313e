"""The sampler's API: looking at a draw before it is made, and what may happen to it afterwards."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field, StrictInt

from stickprov_contracts.events.draws import ReplacementReason
from stickprov_contracts.events.sampler import AllocationRule, Design
from stickprov_contracts.http.base import Answer, Request
from stickprov_contracts.http.sampler import ExplicitAllocation, MakeDraw, PlanText


class PreviewDraw(MakeDraw):
    """``POST /v1/draws/preview``: a draw as it would be made.

    Attributes:
        expected_rate: the share of remarks that the precision is computed for.
    """

    expected_rate: Decimal = Field(default=Decimal("0.5"), ge=0, le=1)


class PreviewPart(Answer):
    """A stratum before the draw.

    Attributes:
        name: "" for the whole frame.
        size: N_h. drawn: n_h.
        half_width: of a 95 % interval for the expected rate within it, as a share; None where nothing is drawn, or
            where one case of several is and its variance cannot be known.
    """

    name: str
    size: int
    drawn: int
    half_width: float | None


class DrawWarning(Answer):
    """Something to think of before drawing.

    Attributes:
        code: stable, kebab-case.
        message: English sentence.
        names: the strata, draws or columns it is about.
    """

    code: Literal[
        "one-of-stratum", "one-per-group", "small-groups", "empty-stratum", "drawn-last-period", "seed-known", "rounded"
    ]
    message: str
    names: list[str] = []


class DrawPreview(Answer):
    """What a draw would be; nothing is stored.

    Attributes:
        half_width: of a 95 % interval for the expected rate over the whole frame, as a share; None where the design
            gives no variance.
    """

    design: Design
    size: int
    drawn: int
    allocation_rule: AllocationRule | None
    parts: list[PreviewPart]
    expected_rate: Decimal
    half_width: float | None
    warnings: list[DrawWarning]


class ExtendDraw(Request):
    """``POST /v1/draws/{draw}/extension``: the next tickets are the next cases.

    Attributes:
        n: how many more, for a draw that is not stratified.
        per_stratum: how many more from every stratum. allocation: or how many more from some.
    """

    n: StrictInt | None = Field(default=None, ge=1)
    per_stratum: StrictInt | None = Field(default=None, ge=1)
    allocation: list[ExplicitAllocation] = []


GivenReason = Literal[
    "closed", "moved", "duplicate", "not-in-population", "file-missing", "conflict-of-interest", "other"
]
"""Why a case is out. That its identity is protected was a reason once, and would stand in the log for everybody."""


class ReplaceCase(Request):
    """``POST /v1/draws/{draw}/replacements``: a spare takes a case's place.

    Attributes:
        case: its pseudonym; the first digits are enough when no other case of the draw begins so.
        note: what more is to be said of the reason. It may name a person, so it is kept where it can be erased.
    """

    case: str = Field(pattern="^[0-9a-f]{6,64}$")
    reason: GivenReason
    note: PlanText | None = Field(default=None, max_length=4000)


class Replacement(Answer):
    """Which case is out, and which came instead."""

    draw: UUID
    case: str
    replacement: str
    order: int
    stratum: str
    month: str
    reason: ReplacementReason


class ReplacedCase(Answer):
    """A replacement as it was made: why, when and by whom.

    Attributes:
        actor: pseudonym of who replaced it.
        note: what was written about the reason; None where nothing was, or where it has been erased.
    """

    case: str
    replacement: str
    stratum: str
    month: str
    reason: ReplacementReason
    note: str | None
    time: datetime
    actor: str


class DrawSql(Answer):
    """The statement that repeats a draw in plain DuckDB.

    Attributes:
        file: what the frame file must be called, in the folder where the statement runs.
        sql: gives ``case_id`` and ``ticket`` in the order of the draw.
    """

    draw: UUID
    file: str
    sql: str

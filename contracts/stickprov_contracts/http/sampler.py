"""The sampler's API: control points, frames, draws."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt

from stickprov_contracts.events.base import Period
from stickprov_contracts.events.sampler import Allocation, AllocationRule, Category, Design, Seed, StratumSize
from stickprov_contracts.http.base import Answer, Request
from stickprov_contracts.problems import FieldProblem

ControlPointId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


PlanText = Annotated[str, Field(pattern=r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]*$")]
"""Text of one or more lines, without control characters."""
Schedule = Literal["monthly", "quarterly", "tertial", "half_yearly", "yearly"]
ReviewerRule = Literal["anyone", "handler", "colleague", "group", "round_robin"]


class PointFields(Request):
    """What a control point says, wherever it is defined.

    Attributes:
        measure: what is controlled, in the board's words; it or ``method`` must say something.
        risk: id of one of the risks of the point's plan.
        responsible: a function such as ``Enhetschef``; never a person's name.
        frequency: as the plan words it. schedule: what that means on a calendar, if anything.
        questionnaire: id of what is asked about each case.
        unit_name: what one case is called; left out where nothing is sampled.
        subunit_name: what is counted inside a case, such as ``barn``.
        tolerance: the acceptable share of remarks.
        reviewer_rule: who reviews: ``anyone``, the case's ``handler``, a ``colleague`` of theirs in the same unit, the
            ``group`` that ``reviewer_group`` names, or ``round_robin``: whoever has least to do.
        second_review_share: the share of reviewed cases that a second reviewer looks at, blind; above 0, at most 1.
        file_review_questionnaire: id of what is asked when the cases with a remark are looked into again.
    """

    number: PlanText = Field(min_length=1, max_length=20)
    area: PlanText = Field(default="", max_length=200)
    measure: PlanText = Field(default="", max_length=2000)
    risk: str | None = None
    method: PlanText | None = Field(default=None, min_length=1, max_length=4000)
    responsible: PlanText | None = Field(default=None, min_length=1, max_length=200)
    frequency: PlanText | None = Field(default=None, min_length=1, max_length=200)
    schedule: list[Schedule] = []
    questionnaire: ControlPointId | None = None
    unit_name: PlanText = Field(default="", max_length=60)
    subunit_name: PlanText | None = Field(default=None, min_length=1, max_length=60)
    tolerance: Decimal | None = Field(default=None, ge=0, le=1)
    reviewer_rule: ReviewerRule | None = None
    reviewer_group: PlanText | None = Field(default=None, min_length=1, max_length=100)
    second_review_share: Decimal | None = Field(default=None, gt=0, le=1)
    file_review_questionnaire: ControlPointId | None = None
    categories: list[Category] = []


class DefineControlPoint(PointFields):
    """``PUT /v1/control-points/{control_point}``. Year and board of a plan's point are the plan's."""

    year: StrictInt = Field(ge=1990, le=2200)
    board: PlanText = Field(min_length=1, max_length=200)


class ControlPoint(Answer):
    """A control point as it stands."""

    control_point: str
    number: str
    year: int
    board: str
    area: str
    measure: str
    unit_name: str
    categories: list[Category]
    tolerance: Decimal | None
    version: int
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


class FrameOptions(Request):
    """How a register file is to be read; part ``options`` of ``POST /v1/frames`` and ``POST /v1/frames/preview``.

    Attributes:
        frame_name: a name not used before.
        control_point: whose frame it is.
        period: ``2021-03``, ``2021-Q1``, ``2021-T1``, ``2021`` or ``2021-01-01/2021-04-01`` (end excluded).
        extract_date: the day the register was read; dates are judged against it, never against today.
        unit_id_column: the column that names a unit, as text. When left out, the first column.
        month_column: a column of dates or ``YYYY-MM`` that tells a unit's month; else the period's first month.
        stratum_column, unit_column, handler_column, subunits_column: where those are found, if anywhere.
        subunit_ids_column: a column that lists a unit's subunits by id, with ``,`` ``;`` ``|`` or a line break between.
        subunits_parent_column, subunits_id_column: where part ``subunits_file`` has the unit's id and the subunit's;
            when left out, its first and second column.
        subunit_personal_numbers: whether the listed subunits' ids, in a column or in their file, are personal numbers
            (children of a household): checked and normalised as those of ``personal_number_column`` are.
        identity_columns: columns that identify a person; they go to the vault, never to the frame.
        personal_number_column: holds personnummer, samordningsnummer or interim numbers. They are checked, and
            normalised to twelve digits against ``extract_date``; they identify a person, so they go to the vault.
        protection_column: says whose identity is protected (sekretessmarkering, skyddad folkbokföring, fingerade
            personuppgifter): ``ja`` or ``nej``, or the marking's own word; an empty cell says that it is not. It goes
            to the vault alone and can be used for nothing else, the filter included.
        kept_columns: further columns that the frame keeps in clear, because the control needs them.
        filter: which rows belong to the frame, such as ``age between 16 and 65 and active``.
        series: id of the series that the frame joins, or a frame of it by id or name; the same unit has the same case
            id in all of a series' frames. A new series when left out.
        encoding: ``utf-8``, ``utf-8-sig``, ``utf-16`` or ``windows-1252``; detected when left out. CSV only.
        delimiter: ``;``, ``,`` or tab; detected when left out. CSV only.
        sheet: the sheet of a workbook; the first visible one when left out. XLSX only.
        header_row: the row with the column names, from 1. XLSX only.
    """

    frame_name: str = Field(min_length=1, max_length=120)
    control_point: ControlPointId
    period: str
    extract_date: date | None = None
    unit_id_column: str | None = None
    month_column: str | None = None
    stratum_column: str | None = None
    unit_column: str | None = None
    handler_column: str | None = None
    subunits_column: str | None = None
    subunit_ids_column: str | None = None
    subunits_parent_column: str | None = None
    subunits_id_column: str | None = None
    subunit_personal_numbers: StrictBool = False
    identity_columns: list[str] = []
    personal_number_column: str | None = None
    protection_column: str | None = None
    kept_columns: list[str] = []
    filter: str | None = Field(default=None, min_length=1, max_length=2000)
    series: str | None = Field(default=None, min_length=1, max_length=120)
    encoding: Literal["utf-8", "utf-8-sig", "utf-16", "windows-1252"] | None = None
    delimiter: Literal[";", ",", "\t"] | None = None
    sheet: str | None = None
    header_row: StrictInt = Field(default=1, ge=1, le=1_000)


class ColumnSeen(Answer):
    """A column of the file and the type its values have."""

    name: str
    type: Literal["text", "integer", "decimal", "date", "boolean", "empty"]


class ClauseSeen(Answer):
    """One of the conditions that a filter's outermost ``and`` joins.

    Attributes:
        text: as it was written.
        removed: how many rows it removed of those that the clauses before it left.
    """

    text: str
    removed: int


class FrameReport(Answer):
    """What was seen in a register file, before anything is stored.

    Attributes:
        encoding, delimiter: of a CSV file; null for the other formats.
        sheet: that was read. sheets: the workbook's visible ones.
        rows: data rows read; each is accepted, excluded or rejected.
        accepted: units that would be in the frame.
        excluded: rows that the filter removed. clauses: how many each of its conditions removed.
        rejected: the first rejected values, at most 100, with row number (header is row 1), column and reason.
        rejected_rows: how many rows have at least one. rejected_subunit_rows: the same of the subunits' own file.
        duplicates: how many rows repeat a unit id.
        protection_guess: a column whose name looks as if it said whose identity is protected, where none was named.
        protected: how many accepted units have a protected identity; never which. Null without a column that says so,
            and for a frame that was frozen, because its answer is kept.
    """

    format: Literal["csv", "xlsx", "parquet"] = "csv"
    encoding: str | None
    delimiter: str | None
    sheet: str | None = None
    sheets: list[str] = []
    columns: list[ColumnSeen]
    rows: int
    accepted: int
    excluded: int = 0
    clauses: list[ClauseSeen] = []
    rejected_rows: int
    rejected_subunit_rows: int = 0
    rejected: list[FieldProblem]
    duplicates: int
    strata: list[StratumSize]
    subunits: int | None
    protected: int | None = None
    protection_guess: str | None = None


class Frame(Answer):
    """A frozen frame.

    ``GET /v1/frames/{frame}/listing`` (roles auditor, coordinator, service) gives its units as a text, streamed: UTF-8,
    lines end in a line feed, cells are parted by tabs. Line 1 names the columns, line 2 their types (``text``,
    ``integer``, ``decimal``, ``date``, ``boolean``, ``texts``), then a line a unit follows in the order of ``case_id``.
    A backslash begins what is no value, or would break a cell.

    Attributes:
        listing_hash: SHA-256 of that text, hex; None for frames that were frozen before there were listings.
    """

    frame: UUID
    frame_name: str
    control_point: str
    period: Period
    series: UUID
    size: int
    subunits: int | None
    strata: list[StratumSize]
    frame_hash: str
    source_hash: str
    filter: str | None = None
    excluded: dict[str, int] = {}
    columns: list[str] = []
    extract_date: date | None = None
    listing_hash: str | None = None
    position: int | None = Field(description="log position of FrameFrozen; null until it is sequenced")


class FrameFrozenAnswer(Answer):
    """Answer of ``POST /v1/frames``."""

    frame: Frame
    report: FrameReport


class ExplicitAllocation(Request):
    """How many to draw from one stratum (or one month, when stratified by month)."""

    stratum: str
    n: StrictInt = Field(ge=0)


class StandardDeviation(Request):
    """How much what is measured varies within one stratum, from an earlier control."""

    stratum: str
    value: Decimal = Field(ge=0, allow_inf_nan=False)


class MakeDraw(Request):
    """``POST /v1/draws``.

    Attributes:
        frame: id or name of a frozen frame.
        design: ``census`` (every unit); ``simple`` (n or rate); ``stratified`` (``stratify_by``, and ``per_stratum``,
            ``allocation`` or ``allocate``); ``per_group`` (``per_group`` cases of each handler); ``systematic``
            (``sort_key``, ``interval``); ``cluster`` (as simple or stratified; all subunits of a case are reviewed);
            ``pps`` (n, ``size_column``).
        n: how many cases in all. rate: or which share of the frame, rounded up to whole cases.
        stratify_by: ``month``, ``stratum``, ``unit``, ``handler`` or another column of the frame; one or more.
        per_stratum: the same n from every stratum.
        allocation: or an n for each stratum.
        allocate: or n shared out by a rule; ``per_reviewer`` takes as many as the unit has handlers, without n.
        standard_deviations: for each stratum, with ``neyman``.
        per_group: cases of each handler.
        sort_key: column whose order is walked through. interval: every how many units one is drawn.
        size_column: column of positive numbers that the chance is proportional to.
        shift: where the tickets begin to count, as a part of 1; the draw has the seed of the series.
        panel: the same cases as the first draw of the series, as far as they are in the frame.
        secret: the seed stays secret behind its published hash until it is revealed.
        seed: from a public ceremony; the system makes one when left out.
        control_points: those the cases serve; the frame's own when left out.
    """

    frame: UUID | str
    design: Design = "simple"
    n: StrictInt | None = Field(default=None, ge=1)
    rate: Decimal | None = Field(default=None, gt=0, le=1)
    stratify_by: str | list[str] | None = None
    per_stratum: StrictInt | None = Field(default=None, ge=1)
    allocation: list[ExplicitAllocation] = []
    allocate: Literal["proportional", "equal", "per_reviewer", "neyman"] | None = None
    standard_deviations: list[StandardDeviation] = []
    per_group: StrictInt | None = Field(default=None, ge=1)
    sort_key: str | None = None
    interval: StrictInt | None = Field(default=None, ge=1)
    size_column: str | None = None
    shift: Decimal | None = Field(default=None, ge=0, lt=1)
    panel: StrictBool = False
    secret: StrictBool = False
    seed: Seed | None = None
    control_points: list[ControlPointId] = []


class Draw(Answer):
    """A draw: what was drawn, from what, how, and where the log proves it. No seed is shown while it is secret.

    Attributes:
        drawn: n; extensions are counted, spares are not.
        seed_hash: hex SHA-256 of a seed that was committed before it was shown.
        seed_position: of the seed, or of its commitment. revealed_position: of its revelation.
        extended: cases that extensions added. replaced: cases that gave way to a spare.
    """

    draw: UUID
    frame: UUID
    frame_name: str
    series: UUID
    control_points: list[str]
    period: Period
    design: Design
    size: int
    drawn: int
    allocation: list[Allocation]
    seed: str | None
    frame_hash: str
    algorithm: str
    frame_position: int | None
    seed_position: int | None
    sample_position: int | None
    stratified_by: list[str] = []
    allocation_rule: AllocationRule | None = None
    rate: Decimal | None = None
    sort_key: str | None = None
    interval: int | None = None
    start: int | None = None
    size_column: str | None = None
    shift: str | None = None
    coordinated_with: UUID | None = None
    seed_hash: str | None = None
    revealed_position: int | None = None
    extended: int = 0
    replaced: int = 0


class DrawnCase(Answer):
    """One drawn case with the ticket that put it there, which nobody knows while the seed is secret.

    Attributes:
        came_as: with the sample, as a spare for another case, or with an extension.
        replaced_by: the spare that took its place.
        subunits: how many are counted inside it.
    """

    case: str
    order: int
    stratum: str
    month: str
    ticket: str | None
    handler: str | None
    unit: str = ""
    subunits: int = 0
    inclusion_probability: float | None = None
    came_as: Literal["drawn", "spare", "extension"] = "drawn"
    replaced_by: str | None = None


class DrawDifference(Answer):
    """What differs, so that it can be told in another language.

    Attributes:
        text: an English sentence with ``%(named)s`` places, always the same for the same kind of difference.
        values: what stands in its places.
    """

    text: str
    values: dict[str, str]


class DrawVerification(Answer):
    """What came out when everything about a draw was computed again.

    Attributes:
        verdict: ``verified``, ``different``, or ``pending`` while the seed is secret and nothing else differs.
        first_difference: in words, when different. difference: the same, apart.
        checks: each thing that was checked, in order, and whether it held.
    """

    draw: UUID
    verdict: Literal["verified", "different", "pending"]
    first_difference: str | None
    difference: DrawDifference | None = None
    checks: list[tuple[str, bool]]


class ShowIdentity(Request):
    """``POST /v1/draws/{draw}/cases/{case}/identity``: who a drawn case is, for somebody who is to know.

    Attributes:
        control_point: that the case serves.
        why: a reviewer is shown the cases that they may review for this purpose; ``coordination`` is the coordinator's.
    """

    control_point: ControlPointId
    why: Literal["review", "second-review", "file-review", "coordination"] = "review"


class CaseIdentity(Answer):
    """What the vault knows of one drawn case; showing it is recorded.

    Attributes:
        unit_id: the register's own id of it, such as the case number. fields: its identity columns, by name.
        protected: whether the identity is protected; whoever is not cleared for that is not answered at all then.
    """

    case: str
    unit_id: str
    fields: dict[str, str]
    protected: bool = False

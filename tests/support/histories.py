"""Random histories of both logs, and random ways to hear them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from stickprov_contracts.events import Event
from stickprov_contracts.events.draws import CaseReplaced, SampleExtended
from stickprov_contracts.events.findings import (
    AnswerRecorded,
    CaseMarkedNonResponse,
    CaseMarkedOverCoverage,
    DisagreementSettled,
    FileReviewRecorded,
    FindingCorrected,
    FindingRecorded,
    FindingWithdrawn,
    ReviewReopened,
    ReviewStarted,
    SecondReviewRecorded,
    SubunitOutcome,
)
from stickprov_contracts.events.sampler import Allocation
from stickprov_kernel.log.records import Incoming
from support.reporting import (
    REASON,
    case_drawn,
    case_id,
    defined,
    draw_id,
    incoming,
    measured,
    month_period,
    sample,
    stream_of,
)

_OF_A_REVIEW = [
    FindingRecorded,
    FindingCorrected,
    FindingWithdrawn,
    ReviewStarted,
    CaseMarkedOverCoverage,
    CaseMarkedNonResponse,
    ReviewReopened,
    DisagreementSettled,
]
POINTS = ["P4", "P5"]
MONTHS = ["2021-01", "2021-02"]
CATEGORIES = ["deposit", "swish", "wages"]

# Made once: making and checking strategies anew for every draw takes more time than all that is tested with them.
_SOMETIMES = st.booleans()
_POINTS = st.sampled_from([POINTS[:1], POINTS[1:], POINTS])
_CASES = st.integers(1, 4)
_STRATUM = st.sampled_from(["a", "b"])
_SIZE = st.integers(10, 30)
_BY = st.sampled_from([[], ["stratum"]])
_UNIT = st.sampled_from(["", "north", "söder"])
_SUBUNITS = st.integers(0, 3)
_REVIEWS = st.lists(st.sampled_from(_OF_A_REVIEW), max_size=4)
_OTHER_REVIEWS = st.lists(st.sampled_from([SecondReviewRecorded, FileReviewRecorded]), max_size=2)
_MARK = st.sampled_from(["duplicate", "no-time"])
_CATEGORIES = st.lists(st.sampled_from(CATEGORIES), unique=True)
_YES_OR_NO = st.sampled_from(["yes", "no"])
_SEVERAL = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, min_size=1)
_KRONOR = st.decimals(-10, 10**9, places=6)
_OUTCOME = st.sampled_from(["reviewed", "reviewed", "over-coverage", "non-response"])


@dataclass(frozen=True)
class History:
    """What each log says, in its order."""

    sampler_events: Sequence[Event]
    findings_events: Sequence[Event]

    @property
    def sampler(self) -> list[Incoming]:
        return incoming(self.sampler_events)

    @property
    def findings(self) -> list[Incoming]:
        return incoming(self.findings_events)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Control points defined anew, draws of a few cases, extended, cases replaced, and everything said of a case.

    Reviews are recorded, corrected, withdrawn, marked, reopened and settled in any order, also in orders that no
    service would allow. Some are about cases that were never drawn.
    """
    sampler: list[Event] = [defined(point, categories=CATEGORIES) for point in POINTS]
    findings: list[Event] = []
    for name, month in zip(("first", "second"), MONTHS, strict=True):
        points = draw(_POINTS)
        cases = [f"{name} {number}" for number in range(draw(_CASES))]
        strata = {case: draw(_STRATUM) for case in cases}
        sizes = [(part, month, draw(_SIZE), list(strata.values()).count(part)) for part in ("a", "b")]
        by = draw(_BY)
        sampler.append(sample(name, sizes, month_period(month), by=by, points=points))
        for case in cases:
            unit = draw(_UNIT)
            subunits = [f"{case} {number}" for number in range(draw(_SUBUNITS))]
            drawn = case_drawn(name, case, month, stratum=strata[case], unit=unit, points=points)
            sampler.append(drawn.model_copy(update={"subunits": subunits}))
            for point in POINTS:
                findings += _reviews(draw, name, case, point, subunits)
        if draw(_SOMETIMES):
            sampler.append(_extended(name, sizes, points))
        if draw(_SOMETIMES):
            sampler.append(_replaced(name, cases, month, points))
        if draw(_SOMETIMES):
            sampler.append(measured(f"rule {name}", [(month, "north", 1, 2)], month_period(month), points=points))
    if draw(_SOMETIMES):
        sampler.append(defined(POINTS[0], measure="anew"))
    return History(sampler, _shuffled_by_stream(draw, findings))


def _extended(name: str, sizes: Sequence[tuple[str, str, int, int]], points: Sequence[str]) -> SampleExtended:
    allocation = [Allocation(stratum=part, month=month, size=size, drawn=n + 1) for part, month, size, n in sizes]
    drawn = sum(part.drawn for part in allocation)
    return SampleExtended(draw=draw_id(name), control_points=points, added=2, drawn=drawn, allocation=allocation)


def _replaced(name: str, cases: Sequence[str], month: str, points: Sequence[str]) -> CaseReplaced:
    return CaseReplaced(
        draw=draw_id(name),
        case=case_id(cases[0]),
        replacement=case_id(cases[-1]),
        control_points=points,
        stratum="a",
        month=month,
        reason="closed",
    )


def _reviews(draw: st.DrawFn, name: str, case: str, point: str, subunits: Sequence[str]) -> list[Event]:
    """Return what is said of one case: of its review, its second review and its file review."""
    key = {"draw": draw_id(name), "control_point": point, "case": case_id(case)}
    kinds = draw(_REVIEWS)
    kinds += draw(_OTHER_REVIEWS)
    return [kind(**key, **_content(draw, kind, subunits)) for kind in kinds]


def _content(draw: st.DrawFn, kind: type[Event], subunits: Sequence[str]) -> dict[str, object]:
    fields: dict[str, object] = dict.fromkeys(("corrects", "withdraws", "reopens", "settles", "second"), 1)
    fields = {name: value for name, value in fields.items() if name in kind.model_fields}
    if kind in (CaseMarkedOverCoverage, CaseMarkedNonResponse):
        settling = fields if draw(_SOMETIMES) else {}
        return settling | {"reason": draw(_MARK)}
    if "reason" in kind.model_fields:
        fields["reason"] = REASON
    if "remark" not in kind.model_fields:
        return fields
    fields |= _finding(draw)
    if draw(_SOMETIMES):
        fields |= {"questionnaire": "form", "questionnaire_number": 1, "answers": _answers(draw)}
        fields["subunits"] = [_subunit(draw, one) for one in subunits]
    return fields


def _finding(draw: st.DrawFn) -> dict[str, object]:
    remark = draw(_SOMETIMES)
    return {
        "remark": remark,
        "categories": draw(_CATEGORIES) if remark else [],
    }


def _answers(draw: st.DrawFn) -> list[AnswerRecorded]:
    answers = []
    if draw(_SOMETIMES):
        answers.append(AnswerRecorded(question="told", chosen=[draw(_YES_OR_NO)]))
    if draw(_SOMETIMES):
        several = draw(_SEVERAL)
        answers.append(AnswerRecorded(question="which", chosen=several))
    if draw(_SOMETIMES):
        answers.append(AnswerRecorded(question="kronor", number=draw(_KRONOR)))
    if draw(_SOMETIMES):
        answers.append(AnswerRecorded(question="when", day=date(2021, 1, 1)))
    return answers


def _subunit(draw: st.DrawFn, name: str) -> SubunitOutcome:
    outcome = draw(_OUTCOME)
    if outcome != "reviewed":
        return SubunitOutcome(subunit=name, outcome=outcome, reason="moved")
    return SubunitOutcome(subunit=name, outcome=outcome, **_finding(draw), answers=_answers(draw))


def _shuffled_by_stream(draw: st.DrawFn, events: list[Event]) -> list[Event]:
    """Mix the reviews of different cases; each review keeps its own order."""
    streams: dict[str, list[Event]] = {}
    for event in events:
        streams.setdefault(stream_of(event), []).append(event)
    order = draw(st.permutations([key for key, found in streams.items() for _ in found]))
    return [streams[key].pop(0) for key in order]


@st.composite
def batches_of(draw: st.DrawFn, history: History) -> list[list[Incoming]]:
    """Return batches of one log each that together are both logs, interleaved in some way."""
    logs = {"sampler": history.sampler, "findings": history.findings}
    batches = []
    while logs := {source: rest for source, rest in logs.items() if rest}:
        source = draw(st.sampled_from(sorted(logs)))
        count = draw(st.integers(1, len(logs[source])))
        batches.append(logs[source][:count])
        logs[source] = logs[source][count:]
    return batches

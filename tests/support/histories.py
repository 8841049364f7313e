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
        points = draw(st.sampled_from([POINTS[:1], POINTS[1:], POINTS]))
        cases = [f"{name} {number}" for number in range(draw(st.integers(1, 4)))]
        strata = {case: draw(st.sampled_from(["a", "b"])) for case in cases}
        sizes = [(part, month, draw(st.integers(10, 30)), list(strata.values()).count(part)) for part in ("a", "b")]
        by = draw(st.sampled_from([[], ["stratum"]]))
        sampler.append(sample(name, sizes, month_period(month), by=by, points=points))
        for case in cases:
            unit = draw(st.sampled_from(["", "north", "söder"]))
            subunits = [f"{case} {number}" for number in range(draw(st.integers(0, 3)))]
            drawn = case_drawn(name, case, month, stratum=strata[case], unit=unit, points=points)
            sampler.append(drawn.model_copy(update={"subunits": subunits}))
            for point in POINTS:
                findings += draw(_reviews(name, case, point, subunits))
        if draw(st.booleans()):
            sampler.append(_extended(name, sizes, points))
        if draw(st.booleans()):
            sampler.append(_replaced(name, cases, month, points))
        if draw(st.booleans()):
            sampler.append(measured(f"rule {name}", [(month, "north", 1, 2)], month_period(month), points=points))
    if draw(st.booleans()):
        sampler.append(defined(POINTS[0], measure="anew"))
    return History(sampler, draw(_shuffled_by_stream(findings)))


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


@st.composite
def _reviews(draw: st.DrawFn, name: str, case: str, point: str, subunits: Sequence[str]) -> list[Event]:
    """Return what is said of one case: of its review, its second review and its file review."""
    key = {"draw": draw_id(name), "control_point": point, "case": case_id(case)}
    kinds = draw(st.lists(st.sampled_from(_OF_A_REVIEW), max_size=4))
    kinds += draw(st.lists(st.sampled_from([SecondReviewRecorded, FileReviewRecorded]), max_size=2))
    return [kind(**key, **draw(_content(kind, subunits))) for kind in kinds]


@st.composite
def _content(draw: st.DrawFn, kind: type[Event], subunits: Sequence[str]) -> dict[str, object]:
    fields: dict[str, object] = dict.fromkeys(("corrects", "withdraws", "reopens", "settles", "second"), 1)
    fields = {name: value for name, value in fields.items() if name in kind.model_fields}
    if kind in (CaseMarkedOverCoverage, CaseMarkedNonResponse):
        settling = fields if draw(st.booleans()) else {}
        return settling | {"reason": draw(st.sampled_from(["duplicate", "no-time"]))}
    if "reason" in kind.model_fields:
        fields["reason"] = REASON
    if "remark" not in kind.model_fields:
        return fields
    fields |= draw(_finding())
    if draw(st.booleans()):
        fields |= {"questionnaire": "form", "questionnaire_number": 1, "answers": draw(_answers())}
        fields["subunits"] = [draw(_subunit(one)) for one in subunits]
    return fields


@st.composite
def _finding(draw: st.DrawFn) -> dict[str, object]:
    remark = draw(st.booleans())
    return {
        "remark": remark,
        "categories": draw(st.lists(st.sampled_from(CATEGORIES), unique=True)) if remark else [],
    }


@st.composite
def _answers(draw: st.DrawFn) -> list[AnswerRecorded]:
    answers = []
    if draw(st.booleans()):
        answers.append(AnswerRecorded(question="told", chosen=[draw(st.sampled_from(["yes", "no"]))]))
    if draw(st.booleans()):
        several = draw(st.lists(st.sampled_from(["a", "b", "c"]), unique=True, min_size=1))
        answers.append(AnswerRecorded(question="which", chosen=several))
    if draw(st.booleans()):
        answers.append(AnswerRecorded(question="kronor", number=draw(st.decimals(-10, 10**9, places=6))))
    if draw(st.booleans()):
        answers.append(AnswerRecorded(question="when", day=date(2021, 1, 1)))
    return answers


@st.composite
def _subunit(draw: st.DrawFn, name: str) -> SubunitOutcome:
    outcome = draw(st.sampled_from(["reviewed", "reviewed", "over-coverage", "non-response"]))
    if outcome != "reviewed":
        return SubunitOutcome(subunit=name, outcome=outcome, reason="moved")
    return SubunitOutcome(subunit=name, outcome=outcome, **draw(_finding()), answers=draw(_answers()))


@st.composite
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

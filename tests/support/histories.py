"""Random histories of both logs, and random ways to hear them."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from stickprov_contracts.events import Event
from stickprov_kernel.log.records import Incoming
from support.reporting import (
    case_drawn,
    corrected,
    defined,
    incoming,
    measured,
    month_period,
    recorded,
    sample,
    withdrawn,
)

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
    """Control points defined anew, draws of a few cases, and findings recorded, corrected and withdrawn.

    Some findings are about cases that were never drawn.
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
            sampler.append(case_drawn(name, case, month, stratum=strata[case], unit=unit, points=points))
            for point in POINTS:
                findings += draw(_reviews(name, case, point))
        if draw(st.booleans()):
            sampler.append(measured(f"rule {name}", [(month, "north", 1, 2)], month_period(month), points=points))
    if draw(st.booleans()):
        sampler.append(defined(POINTS[0], measure="anew"))
    return History(sampler, draw(_shuffled_by_stream(findings)))


@st.composite
def _reviews(draw: st.DrawFn, name: str, case: str, point: str) -> list[Event]:
    events: list[Event] = []
    for kind in draw(st.lists(st.sampled_from([recorded, corrected, withdrawn]), max_size=3)):
        if kind is withdrawn:
            events.append(withdrawn(name, case, point=point))
        else:
            remark = draw(st.booleans())
            categories = draw(st.lists(st.sampled_from(CATEGORIES), unique=True)) if remark else []
            events.append(kind(name, case, *categories, remark=remark, point=point))
    return events


@st.composite
def _shuffled_by_stream(draw: st.DrawFn, events: list[Event]) -> list[Event]:
    """Mix the reviews of different cases; each review keeps its own order."""
    streams: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        streams.setdefault((event.draw, event.control_point, event.case), []).append(event)
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

"""Rows and cells come out the same whatever the order in which the two logs are heard."""

from hypothesis import given, settings
from hypothesis import strategies as st

from stickprov_contracts.events import EVENT_TYPES, Event
from stickprov_kernel.log.records import Incoming
from stickprov_reporting.domain.projection.cell import CellKey
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.projection.folding_anew import ELSEWHERE, ROWS_ALONE, FoldingAnew
from stickprov_reporting.domain.projection.review import purpose_of
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey
from support.histories import batches_of, histories
from support.reporting import (
    POINT,
    case_drawn,
    corrected,
    defined,
    draw_id,
    incoming,
    month_period,
    recorded,
    sample,
    withdrawn,
)


def folded(*batches: list[Incoming]) -> Folded:
    projection = Folded()
    for batch in batches:
        projection.apply(batch)
    return projection


def cells_after(*events: Event) -> dict[str, int]:
    return {key.indicator: value for key, value in folded(incoming(events)).cells.items()}


def test_a_drawn_case_waits():
    assert cells_after(case_drawn("d", "a", "2021-01")) == {"drawn": 1}


def test_a_finding_counts_once_the_case_is_known_to_be_drawn():
    finding = recorded("d", "a", remark=False)

    assert cells_after(finding) == {}
    assert cells_after(finding, case_drawn("d", "a", "2021-01")) == {"drawn": 1, "reviewed": 1}


def test_a_remark_counts_with_each_of_its_categories():
    assert cells_after(
        case_drawn("d", "a", "2021-01"),
        recorded("d", "a", "swish", "deposit", remark=True),
        case_drawn("d", "b", "2021-01"),
        recorded("d", "b", "deposit", remark=True),
    ) == {"drawn": 2, "reviewed": 2, "remarks": 2, "category:deposit": 2, "category:swish": 1}


def test_a_correction_replaces_what_was_counted():
    assert cells_after(
        case_drawn("d", "a", "2021-01"),
        recorded("d", "a", "deposit", remark=True),
        corrected("d", "a", "swish", remark=True),
    ) == {"drawn": 1, "reviewed": 1, "remarks": 1, "category:swish": 1}


def test_after_a_withdrawal_the_case_waits_again():
    assert cells_after(
        case_drawn("d", "a", "2021-01"), recorded("d", "a", "deposit", remark=True), withdrawn("d", "a")
    ) == {"drawn": 1}


def test_a_finding_that_comes_late_does_not_undo_its_correction():
    drawn, first, second = incoming(
        [case_drawn("d", "a", "2021-01"), recorded("d", "a", "deposit", remark=True), corrected("d", "a")]
    )

    late = folded([drawn], [second], [first])

    assert late == folded([drawn, first, second])


def test_a_definition_that_comes_late_does_not_undo_the_newer_one():
    first, second = incoming([defined(measure="old"), defined(measure="new")])

    late = folded([second], [first])

    assert late.definitions[POINT].point.measure == "new"


def test_cells_are_kept_apart_by_month_unit_and_stratum():
    cells = folded(
        incoming(
            [
                case_drawn("d", "a", "2021-01", unit="north", stratum="family"),
                case_drawn("d", "b", "2021-01", unit="south", stratum="family"),
                case_drawn("d", "c", "2021-02", unit="south", stratum="single"),
            ]
        )
    ).cells

    assert cells == {
        CellKey(POINT, draw_id("d"), "2021-01", "north", "family", "drawn"): 1,
        CellKey(POINT, draw_id("d"), "2021-01", "south", "family", "drawn"): 1,
        CellKey(POINT, draw_id("d"), "2021-02", "south", "single", "drawn"): 1,
    }


def test_a_case_that_serves_two_control_points_is_reviewed_under_each():
    events = [case_drawn("d", "a", "2021-01", points=["P4", "P5"]), recorded("d", "a", remark=True, point="P5")]

    cells = folded(incoming(events)).cells

    assert {(key.control_point, key.indicator): value for key, value in cells.items()} == {
        ("P4", "drawn"): 1,
        ("P5", "drawn"): 1,
        ("P5", "reviewed"): 1,
        ("P5", "remarks"): 1,
    }


def test_a_sample_tells_the_sizes_of_its_strata():
    told = sample("d", [("a", "2021-01", 23, 3), ("b", "2021-01", 29, 3)], month_period("2021-01"), by=["stratum"])

    period = (month_period("2021-01").start, month_period("2021-01").end)
    of_draw = (draw_id("frame of d"), draw_id("series"))
    assert folded(incoming([told])).strata == {
        StratumKey(POINT, draw_id("d"), "a", "2021-01"): Stratum(
            23, *period, "stratified", ("stratum",), 3, 1, *of_draw
        ),
        StratumKey(POINT, draw_id("d"), "b", "2021-01"): Stratum(
            29, *period, "stratified", ("stratum",), 3, 1, *of_draw
        ),
    }


@given(histories(), st.data())
@settings(max_examples=150, deadline=None)
def test_any_interleaving_and_any_split_into_batches_gives_the_same_rows_and_cells(history, data):
    one_after_the_other = folded(history.sampler, history.findings)

    interleaved = folded(*data.draw(batches_of(history)))

    assert interleaved == one_after_the_other


@given(histories(), st.data())
@settings(max_examples=100, deadline=None)
def test_what_comes_later_than_everything_else_changes_nothing(history, data):
    """As a requeued event does: it was set aside, and is applied when the logs have gone on."""
    sampler, findings = list(history.sampler), list(history.findings)
    late = [log.pop(data.draw(st.integers(0, len(log) - 1))) for log in (sampler, findings) if log]

    assert folded(sampler, findings, *([event] for event in late)) == folded(history.sampler, history.findings)


@given(histories())
@settings(max_examples=100, deadline=None)
def test_cells_count_the_rows(history):
    projection = folded(history.sampler, history.findings)

    drawn = [row for row in projection.rows.values() if row.drawn is not None and not row.replaced]
    statuses = [row.review.status for row in drawn]
    assert total(projection, "drawn") == len(drawn)
    for status in ("reviewed", "over-coverage", "non-response"):
        assert total(projection, status) == statuses.count(status)
    assert total(projection, "remarks") == sum(row.review.remark for row in drawn)
    assert total(projection, "subunits") == sum(row.drawn.subunits for row in drawn)
    assert all(value > 0 for key, value in projection.cells.items() if "number:" not in key.indicator)
    assert all(projection.cells.values())


def total(projection: Folded, indicator: str) -> int:
    return sum(value for key, value in projection.cells.items() if key.indicator == indicator)


@given(histories(), st.data())
@settings(max_examples=150, deadline=None)
def test_folding_whole_logs_anew_gives_what_folding_event_by_event_gives(history, data):
    folding = FoldingAnew()
    for batch in data.draw(batches_of(history)):
        folding.apply(it for it in batch if type(it.event) in ELSEWHERE)
        for it in batch:
            if type(it.event) in ROWS_ALONE:
                folding.change_rows(it.event, int(it.envelope.streamversion), purpose_of(it.envelope.subject))

    assert folding.folded() == folded(history.sampler, history.findings)


def test_every_event_that_leaves_a_trace_is_folded_anew():
    left_out = [model.name for model in EVENT_TYPES.values() if model not in ROWS_ALONE | ELSEWHERE]

    assert sorted(left_out) == [
        "case-assigned",
        "cases-erased",
        "cases-forgotten",
        "erasure-completed",
        "frame-identities-erased",
        "free-text-erased",
        "identity-shown",
        "legal-hold-lifted",
        "legal-hold-placed",
        "protections-changed",
        "retention-set",
        "review-started",
        "schedule-set",
        "seed-committed",
        "seed-drawn",
        "seed-revealed",
        "series-key-erased",
        "staff-erased",
        "staff-listed",
    ]

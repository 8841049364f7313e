"""Seed, sample and verification, decided on a small frame that is drawn in plain Python."""

from dataclasses import replace
from uuid import UUID

import pytest

from stickprov_contracts.events.sampler import FrameFrozen, StratumSize
from stickprov_contracts.http.sampler import MakeDraw
from stickprov_kernel.period import parse_period
from stickprov_sampler.domain.draw.allocation import plan_draw
from stickprov_sampler.domain.draw.drawing import (
    AlreadyDrawnError,
    DrawSample,
    DrawSeed,
    NoSeedError,
    Positions,
    decide_sample,
    decide_seed,
    drawn_cases,
)
from stickprov_sampler.domain.draw.logged import Logged, plan_of
from stickprov_sampler.domain.draw.recomputation import Recomputed
from stickprov_sampler.domain.draw.selection import Selected
from stickprov_sampler.domain.draw.state import State, state_of
from stickprov_sampler.domain.draw.survey import part_of, survey_of
from stickprov_sampler.domain.draw.ticket import ticket
from stickprov_sampler.domain.draw.verification import verify

FRAME_ID = UUID("00000000-0000-5000-8000-000000000001")
DRAW = UUID("00000000-0000-5000-8000-000000000003")
SEED = "0123456789abcdef0123"
SIZES = {"2021-08": 11, "2021-09": 35, "2021-10": 38}
FRAME = FrameFrozen(
    frame=FRAME_ID,
    frame_name="Möten",
    control_point="AMF-2021-4",
    period=parse_period("2021-08-01/2021-11-01"),
    series=UUID("00000000-0000-7000-8000-000000000002"),
    size=84,
    strata=[StratumSize(stratum="", month=month, size=size) for month, size in SIZES.items()],
    frame_hash="a" * 64,
    source_hash="b" * 64,
    columns=["month"],
)
UNITS = [
    (f"{place:064x}", month)
    for month, size in SIZES.items()
    for place in range(int(month[-2:]) * 100, int(month[-2:]) * 100 + size)
]
REQUEST = MakeDraw.model_validate(
    {
        "frame": str(FRAME_ID),
        "design": "stratified",
        "stratify_by": "month",
        "allocation": [{"stratum": month, "n": n} for month, n in zip(SIZES, (3, 6, 6), strict=True)],
    }
)


def select(plan, seed):
    """Draw in plain Python: the reference for what the rule gives."""
    selected = []
    for part, n in sorted(plan.wanted.items()):
        units = [(case, month) for case, month in UNITS if part_of(plan.stratified_by, month, "") == part]
        for order, (case, month) in enumerate(sorted(units, key=lambda unit: ticket(seed, unit[0]))[:n], start=1):
            selected.append(Selected(case, month, "", "", None, 2, ticket(seed, case), order))
    return selected


def draw_seed(ceremony=SEED):
    return DrawSeed(draw=DRAW, frame=FRAME, frame_position=4, ceremony=ceremony, generated="f" * 64)


def drawn(request=REQUEST):
    (seed,) = decide_seed(draw_seed(), State())
    plan = plan_draw(request, FRAME)
    command = DrawSample(frame=FRAME, plan=plan, control_points=["AMF-2021-4"], selected=select(plan, SEED))
    sample, cases = decide_sample(command, State(seed=seed))
    return state_of([seed, sample, *cases])


def test_a_seed_from_a_ceremony_is_taken_as_it_is():
    (seed,) = decide_seed(draw_seed(), State())
    assert (seed.seed, seed.origin, seed.frame_position) == (SEED, "ceremony", 4)


def test_without_a_ceremony_the_generated_seed_is_taken():
    (seed,) = decide_seed(draw_seed(ceremony=None), State())
    assert (seed.seed, seed.origin) == ("f" * 64, "system")


def test_a_draw_keeps_the_seed_it_has():
    (seed,) = decide_seed(draw_seed(), State())
    assert decide_seed(draw_seed(ceremony=None), State(seed=seed)) == []


def test_three_six_six_of_11_35_38_are_drawn_by_month():
    state = drawn()
    assert [(cell.month, cell.size, cell.drawn) for cell in state.sample.allocation] == [
        ("2021-08", 11, 3),
        ("2021-09", 35, 6),
        ("2021-10", 38, 6),
    ]
    assert (state.sample.size, state.sample.drawn, len(state.cases)) == (84, 15, 15)
    assert [case.order for case in state.cases] == [1, 2, 3, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]
    assert {case.month: case.inclusion_probability for case in state.cases} == {
        "2021-08": 3 / 11,
        "2021-09": 6 / 35,
        "2021-10": 6 / 38,
    }
    assert state.cases[0].subunits == ["1", "2"]


def test_a_simple_draw_gives_every_unit_the_same_chance_and_shows_it_by_month_too():
    state = drawn(MakeDraw(frame=FRAME_ID, n=20))
    assert {case.inclusion_probability for case in state.cases} == {20 / 84}
    assert [case.order for case in state.cases] == list(range(1, 21))
    assert sum(cell.drawn for cell in state.sample.allocation) == 20
    assert state.sample.stratified_by == []


def test_there_is_no_sample_without_a_seed():
    plan = plan_draw(REQUEST, FRAME)
    with pytest.raises(NoSeedError):
        decide_sample(DrawSample(FRAME, plan, ["AMF-2021-4"], []), State())


def test_a_draw_has_one_sample():
    plan = plan_draw(REQUEST, FRAME)
    with pytest.raises(AlreadyDrawnError):
        decide_sample(DrawSample(FRAME, plan, ["AMF-2021-4"], []), drawn())


def test_the_drawn_cases_are_shown_with_their_tickets():
    state = drawn()
    first = drawn_cases(state, SEED)[0]
    assert (first.case, first.ticket) == (state.cases[0].case, ticket(SEED, state.cases[0].case))


def logged(state=None, positions=None):
    state = state or drawn()
    return Logged(FRAME, state.seed, state.sample, state, positions or Positions(4, 5, 6))


def recompute(of):
    plan = plan_of(of)
    return lambda: Recomputed(survey_of(FRAME), selected=select(plan, of.seed.seed))


def verdict(of, file_hash="a" * 64, again=None):
    found = verify(of, file_hash, again or recompute(of))
    return found.verdict, found.first_difference, [name for name, held in found.checks if not held]


def test_a_draw_that_follows_the_rule_is_verified():
    found = verify(logged(), "a" * 64, recompute(logged()))
    assert (found.verdict, found.first_difference) == ("verified", None)
    assert len(found.checks) == 13
    assert all(held for _, held in found.checks)


def test_a_frame_file_that_was_changed_is_the_difference_and_nothing_is_drawn_from_it():
    def never():
        raise AssertionError("another file's units prove nothing")

    verdict_, difference, failed = verdict(logged(), "c" * 64, never)
    assert (verdict_, failed) == ("different", ["the frame file is the one whose hash is in the log"])
    assert difference == f"The frame file's SHA-256 is {'c' * 64}, and the log says {'a' * 64}."


def test_a_frame_file_that_is_gone_is_the_difference():
    assert verdict(logged(), None)[1] == "The frame file is gone, so nothing can be drawn from it again."


def test_a_case_that_was_put_in_place_of_another_is_named():
    state = drawn()
    outsider = replace_case(state, 0, case="f" * 64)
    verdict_, difference, _ = verdict(logged(outsider))
    assert verdict_ == "different"
    assert difference is not None
    assert state.cases[0].case in difference
    assert "the log does not draw it" in difference


def replace_case(state, place, **changes):
    cases = list(state.cases)
    cases[place] = cases[place].model_copy(update=changes)
    return replace(state, cases=tuple(cases))


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"order": 2}, "the cases stand in the order of their tickets"),
        ({"inclusion_probability": 0.5}, "every inclusion probability is n/N of its part"),
        ({"handler": "p1"}, "month, stratum, unit, handler and subunits are the frame's"),
        ({"subunits": []}, "month, stratum, unit, handler and subunits are the frame's"),
        ({"draw": FRAME_ID}, "the log names one frame, one seed and one draw throughout"),
    ],
)
def test_whatever_is_changed_in_a_case_fails_a_check_that_names_it(changes, check):
    state = replace_case(drawn(), 0, **changes)
    verdict_, difference, failed = verdict(logged(state))
    assert (verdict_, failed) == ("different", [check])
    assert state.cases[0].case in (difference or "")


def test_a_case_that_is_missing_is_missed_by_its_month():
    state = drawn()
    state = replace(state, cases=state.cases[1:])
    assert verdict(logged(state))[1] == "In month 2021-08, 2 cases are drawn, and the allocation says 3."


def test_a_case_that_stands_twice_does_not_make_up_for_another():
    state = drawn()
    state = replace(state, cases=(state.cases[1], *state.cases[1:]))
    assert state.cases[1].case != drawn().cases[0].case
    assert verdict(logged(state))[0] == "different"


@pytest.mark.parametrize(
    ("positions", "difference"),
    [
        (Positions(4, 3, 6), "The log has the frame at position 4, the seed at 3 and the sample at 6."),
        (Positions(4, 6, 5), "The log has the frame at position 4, the seed at 6 and the sample at 5."),
        (Positions(3, 5, 6), "SeedDrawn says the frame is at position 4, the log has it at 3."),
        (Positions(4, 5, None), "The draw has no place in the log yet. Verify it again shortly."),
    ],
)
def test_the_order_of_frame_seed_and_sample_is_checked(positions, difference):
    assert verdict(logged(positions=positions))[1] == difference


def test_another_seed_in_the_sample_than_in_the_seed_event_is_told():
    state = drawn()
    other = replace(state, sample=state.sample.model_copy(update={"seed": "e" * 20}))
    assert verdict(logged(other))[1] == f"SampleDrawn names seed {'e' * 20}, expected {SEED}."


def test_another_seed_throughout_gives_other_cases():
    state = drawn()
    other = replace(
        state,
        seed=state.seed.model_copy(update={"seed": "e" * 20}),
        sample=state.sample.model_copy(update={"seed": "e" * 20}),
    )
    assert "the drawn cases are those with the smallest tickets" in verdict(logged(other))[2]


def test_an_allocation_that_asks_for_more_than_there_is_is_told_and_breaks_nothing():
    state = drawn()
    cells = [cell.model_copy(update={"drawn": cell.drawn + 100}) for cell in state.sample.allocation]
    other = replace(state, sample=state.sample.model_copy(update={"allocation": cells}))
    assert verdict(logged(other))[1] == "In month 2021-08, 3 cases are drawn, and the allocation says 103."


def test_a_file_with_other_sizes_than_the_log_says_is_told():
    of = logged()
    strata = [StratumSize(stratum="", month="2021-08", size=12), *FRAME.strata[1:]]
    again = Recomputed(survey_of(FRAME.model_copy(update={"strata": strata})), selected=[])
    assert verdict(of, again=lambda: again)[1] == (
        "Month 2021-08, stratum “”: the file holds 12 units, and the log says 11."
    )

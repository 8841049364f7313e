"""Rows of the bench: ratios round by round."""

import pytest

from bench.rounds import interleaved, parts_of
from bench.table import Row


def test_the_ratio_is_the_median_of_the_rounds_own_ratios():
    row = Row("append", "INSERT", "events/s", [40.0, 10.0, 90.0], [80.0, 10.0, 100.0], "append-bare")
    assert row.ratios == [0.5, 1.0, 0.9]
    assert row.ratio == 0.9
    assert row.holds is True


def test_a_busy_moment_that_slows_both_sides_of_a_round_changes_no_ratio():
    quiet = Row("append", "INSERT", "events/s", [50.0] * 3, [100.0] * 3)
    struck = Row("append", "INSERT", "events/s", [50.0, 5.0, 50.0], [100.0, 10.0, 100.0])
    assert struck.ratios == quiet.ratios


def test_a_turned_ratio_says_how_many_times_we_are_better():
    row = Row("draw", "library", "s", [0.1, 0.2, 0.1], [4.0, 4.0, 5.0], "draw-library", turned=True)
    assert row.ratios == [40.0, 20.0, 50.0]
    assert row.holds is True


def test_a_constant_is_held_against_every_round():
    row = Row("memory", "350 MB", "MB", [350.0, 700.0, 175.0], [350.0], "idle-memory")
    assert row.ratios == [1.0, 2.0, 0.5]
    assert row.holds is True


def test_a_row_without_a_promise_has_no_bar():
    assert Row("draw", "DuckDB", "s", [9.0], [1.0]).holds is None


def test_rounds_of_several_works_take_turns():
    done: list[str] = []
    times = interleaved(lambda: done.append("ours"), lambda: done.append("theirs"), rounds=3)
    assert done == ["ours", "theirs"] * 3
    assert [len(one) for one in times] == [3, 3]


def test_a_long_run_is_told_by_its_parts():
    found = [1.0, 2.0, 30.0, 4.0, 5.0, 60.0]
    assert parts_of(found, parts=2) == [2.0, 5.0]
    assert parts_of(found, 0.99, parts=2) == [30.0, 60.0]


def test_too_few_figures_for_their_parts_are_refused():
    with pytest.raises(ValueError, match="2 figures cannot be split into 5 parts"):
        parts_of([1.0, 2.0])

"""The bench's verdicts."""

import pytest

from bench.bars import holds


@pytest.mark.parametrize(
    ("ratio", "bar", "expected"),
    [(0.5, ">= 0.5", True), (0.49, ">= 0.5", False), (1.3, "<= 1.3", True), (1.31, "<= 1.3", False), (7.0, "", None)],
)
def test_a_ratio_is_held_against_its_bar(ratio, bar, expected):
    assert holds(ratio, bar) is expected


def test_a_bar_written_otherwise_is_refused():
    with pytest.raises(ValueError, match=r"not 'at least 0\.5'"):
        holds(1.0, "at least 0.5")
